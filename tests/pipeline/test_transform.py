"""Test that new samples find their places in a run, and that nothing else moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from aeviz import add_samples, load_dataset, run_report
from aeviz.cli.transform import command
from aeviz.core.exceptions import AevizError
from aeviz.data.dataset import Dataset
from aeviz.pipeline.apply import transform_source
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.runs.run import Run
from aeviz.settings import Settings
from tests._runs import digits as digits_of_test
from tests._runs import make_run

N_FITTED = 1200


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits")


@pytest.fixture(scope="module")
def source(digits, tmp_path_factory):
    """Give a file of most of the digits, shuffled."""
    rows = np.random.default_rng(0).permutation(digits.n_samples)
    folder = tmp_path_factory.mktemp("digits")
    for name, part in (("old", rows[:N_FITTED]), ("new", rows[N_FITTED:])):
        np.savez(
            folder / f"{name}.npz", X=digits.X[part].reshape(-1, 8, 8), y=digits.y[part].astype(int)
        )
    return folder


@pytest.fixture(scope="module")
def run(source, tmp_path_factory):
    """Give a run with every kind of picture that needs no training, and a trained plane."""
    return run_report(
        source / "old.npz",
        out=tmp_path_factory.mktemp("run") / "run",
        encoder=["pca", "identity", "variational"],
        embedding=["tsne", "umap", "pca"],
        epochs=3,
        seeds=1,
    )


def new_digits(source):
    return load_dataset(str(source / "new.npz"), is_to_fit=False)


@pytest.mark.slow
def test_new_samples_land_among_their_kind(run, source, digits):
    dataset = new_digits(source)
    result = OutOfSampleTransformer(run).transform(dataset)
    assert result.left_out == {}
    assert len(result.embeddings) == len(run.pairs)
    old = run.embeddings
    for pair in ("pca_tsne", "pca_umap", "identity_tsne"):
        at = [f"{pair}_x", f"{pair}_y"]
        gaps = np.linalg.norm(
            result.table[at].to_numpy()[:, None] - old[at].to_numpy()[None], axis=2
        )
        nearest = old["label"].to_numpy()[gaps.argmin(axis=1)]
        assert (nearest == result.table["label"].to_numpy()).mean() > 0.94
    # A picture that is a projection places them as it put its own.
    assert result.table["is_outlier"].mean() < 0.05


@pytest.mark.slow
def test_places_do_not_depend_on_company(run, source):
    dataset = new_digits(source)
    transformer = OutOfSampleTransformer(run)
    together = transformer.transform(dataset).table
    for row in range(0, 400, 31):
        alone = transformer.transform(dataset.take(np.array([row]))).table
        for column in together.columns.drop(["sample_id", "label"]):
            assert alone[column][0] == together[column][row], column


@pytest.mark.slow
def test_samples_of_the_run_lie_where_they_lay(run, source):
    own = load_dataset(str(source / "old.npz"))
    found = OutOfSampleTransformer(run).transform(own, embeddings=["pca_tsne", "pca_umap"]).table
    for column in ("pca_tsne_x", "pca_umap_y"):
        np.testing.assert_allclose(found[column], run.embeddings[column], atol=1e-4)


@pytest.mark.slow
def test_strange_samples_are_told(run, source):
    dataset = new_digits(source)
    noise = np.random.default_rng(0).uniform(0, 16, (50, 64))
    strange = Dataset(name="noise", X=noise.astype(np.float32), image_shape=(8, 8, 1))
    transformer = OutOfSampleTransformer(run)
    assert transformer.transform(strange).table["is_outlier"].mean() > 0.95
    assert transformer.transform(dataset).table["is_outlier"].mean() < 0.05


@pytest.mark.slow
def test_data_as_they_are_need_their_source(run, source, tmp_path):
    """Without the source, embeddings of the data themselves are left out, with the reason."""
    moved = source / "moved.npz"
    (source / "old.npz").rename(moved)
    try:
        result = OutOfSampleTransformer(Run(run.path)).transform(new_digits(source))
    finally:
        moved.rename(source / "old.npz")
    assert set(result.left_out) == {"identity_tsne", "identity_umap"}
    assert "cannot be read again" in result.left_out["identity_tsne"]
    assert "identity_pca" in result.embeddings


@pytest.mark.slow
def test_command_writes_tables_and_arrays(run, source, tmp_path):
    new = str(source / "new.npz")
    for name in ("places.csv", "places.parquet"):
        out = tmp_path / name
        result = CliRunner().invoke(command, [str(run.path), new, "-o", str(out), "-q"])
        assert result.exit_code == 0, result.output
        read = pd.read_csv if name.endswith("csv") else pd.read_parquet
        table = read(out)
        assert {
            "sample_id",
            "label",
            "pca_tsne_x",
            "pca_error",
            "pca_distance",
            "outlier_score",
            "is_outlier",
        } <= set(table.columns)
    out = tmp_path / "places.npy"
    words = [str(run.path), new, "-o", str(out), "--embedding", "pca_umap", "-q"]
    assert CliRunner().invoke(command, words).exit_code == 0
    places = np.load(out)
    assert places.shape == (len(table), 1, 2)
    np.testing.assert_allclose(places[:, 0, 0], table["pca_umap_x"], rtol=1e-6)


@pytest.mark.slow
def test_without_an_encoder_samples_are_judged_by_their_distance_in_the_data(tmp_path):
    """All of them counted as alike, though none was judged."""
    small = {"encoder": ["identity"], "embedding": ["pca"], "sample": 200}
    run = run_report("digits", out=tmp_path, **small)
    digits = load_dataset("digits", sample=60)
    noise = np.random.default_rng(0).integers(0, 17, (5, 64))
    new = Dataset("new", np.concatenate([digits.X, noise]), image_shape=digits.image_shape)
    result = OutOfSampleTransformer(run).transform(new)
    assert result.table["is_outlier"].to_numpy()[-5:].all()
    assert result.table["is_outlier"].to_numpy()[:-5].mean() < 0.3
    assert list(result.bounds) == ["identity_distance"]
    assert result.codes == {}


@pytest.mark.slow
def test_without_encoder_and_source_samples_are_placed_and_not_judged(tmp_path):
    """Judging them asked for the source, which this picture does not need."""
    source = tmp_path / "old.npy"
    np.save(source, load_dataset("digits", sample=60).X)
    run = run_report(source, out=tmp_path / "run", encoder=["identity"], embedding=["pca"])
    source.unlink()
    result = OutOfSampleTransformer(run).transform(Dataset("new", np.full((3, 64), 5.0)))
    assert result.embeddings == ["identity_pca"]
    assert (result.bounds, result.left_out) == ({}, {})
    assert not result.table["is_outlier"].any()


@pytest.mark.slow
def test_what_cannot_be_is_one_clear_line(run, source, tmp_path):
    settings = Settings().updated(source=str(source / "new.npz"))
    with pytest.raises(AevizError, match=r"embeddings must be one of pca_tsne.*; got 'deep_tsne'"):
        transform_source(run.path, settings, tmp_path / "a.npy", embeddings=["deep_tsne"])
    with pytest.raises(AevizError, match=r"\.txt"):
        transform_source(run.path, settings, tmp_path / "a.txt")
    other = tmp_path / "other.npy"
    np.save(other, np.random.default_rng(0).normal(size=(20, 4)))
    with pytest.raises(AevizError, match=r"other has 4 features; expected the 64 of old"):
        transform_source(run.path, settings.updated(source=str(other)), tmp_path / "a.npy")
    with pytest.raises(AevizError, match="is not a run folder"):
        transform_source(tmp_path, settings, tmp_path / "a.npy")


def test_neither_the_source_nor_the_run_is_written_over(tmp_path):
    """``-o new.npy`` beside the source new.npy put the places where the samples had been."""
    run = make_run(tmp_path / "run", digits_of_test(120))
    new = tmp_path / "new.npy"
    np.save(new, digits_of_test(20).X.reshape(-1, 8, 8))
    before = new.read_bytes()
    settings = Settings().updated(source=str(new))
    with pytest.raises(AevizError, match=r"another place than .*new\.npy, which is read"):
        transform_source(run.path, settings, tmp_path / "run" / ".." / "new.npy")
    with pytest.raises(AevizError, match=r"outside of .*run, whose files are its own"):
        transform_source(run.path, settings, run.embeddings_path)
    assert new.read_bytes() == before


@pytest.mark.slow
def test_tables_of_mixed_columns_are_placed_by_the_plan_of_the_run(tmp_path):
    """Categories that new rows lack keep their features, in whatever order columns come."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "size": rng.normal(size=120),
            "color": rng.choice(["red", "green", "blue"], 120),
            "weight": rng.normal(size=120),
        }
    )
    table.to_csv(tmp_path / "old.csv", index=False)
    red = table[table["color"] == "red"]
    red[["weight", "color", "size"]].to_csv(tmp_path / "new.csv", index=False)
    words = {"encoder": ["pca"], "embedding": ["pca"]}
    run = run_report(tmp_path / "old.csv", out=tmp_path / "run", **words)
    settings = Settings().updated(source=str(tmp_path / "new.csv"))
    result = transform_source(run.path, settings, tmp_path / "places.csv").table
    own = run.embeddings.loc[(table["color"] == "red").to_numpy()]
    np.testing.assert_allclose(result["pca_pca_x"], own["pca_pca_x"], atol=1e-4)


def test_photos_are_made_the_size_that_those_of_the_run_have(tmp_path):
    """The first of the new ones gave the size, which was then refused."""
    rng = np.random.default_rng(0)
    for folder, shape, count in (("old", (6, 8), 30), ("new", (12, 10, 3), 3)):
        (tmp_path / folder).mkdir()
        for number in range(count):
            pixels = rng.integers(0, 256, shape, dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / folder / f"{number}.png")
    few = {"encoder": ["pca"], "embedding": ["pca"], "code_size": 4}
    run = run_report(tmp_path / "old", out=tmp_path / "run", **few)
    settings = Settings().updated(source=str(tmp_path / "new"))
    result = transform_source(run.path, settings, tmp_path / "places.npy")
    assert len(result.table) == 3
    add_samples(run, tmp_path / "new", draws_report=False)
    assert (run.added_path / "new").is_dir()
