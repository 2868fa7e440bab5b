"""Read what the first version wrote: a run and a model, and what it made of new samples.

``scripts/make_first_version_fixture.py`` made the folder, once. If a test here fails after a
change, it is the change that must read the folder, not the folder that must be made anew.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from aeviz import Model, load_dataset
from aeviz.cli._main import main
from aeviz.core.atomic_files import read_json
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import ENCODERS, METRICS
from aeviz.data.card import DataCard
from aeviz.pipeline.sources import load
from aeviz.portable.network import Portable
from aeviz.runs.run import Run
from aeviz.settings import Settings
from tests._runs import FIRST_VERSION

PAIRS = ["regularized_tsne", "regularized_umap", "pca_tsne", "pca_umap", "identity_pca"]
# Every file that a reader finds a schema in, and the words that load it.
WITH_SCHEMA = {
    "run/run.json": (lambda home: Run(home / "run").info, "aeviz report"),
    "run/encoders/pca/params.json": (
        lambda home: ENCODERS.get("pca").load(home / "run/encoders/pca"),
        "fit it again",
    ),
    "run/browse/pca/decoder.json": (lambda home: Portable.read(home / "run/browse/pca"), "--force"),
    "model/model.json": (lambda home: Model.load(home / "model"), "aeviz train"),
}


@pytest.fixture(scope="module")
def expected():
    """Give what the first version made of the new samples."""
    with np.load(FIRST_VERSION / "expected.npz") as arrays:
        return {name: arrays[name] for name in arrays.files}


@pytest.fixture
def home(tmp_path):
    """Give a copy of the folder."""
    return Path(shutil.copytree(FIRST_VERSION, tmp_path / "home"))


def test_the_folder_is_small_and_names_no_place():
    files = [path for path in FIRST_VERSION.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 400_000
    settings = Run(FIRST_VERSION / "run").settings
    assert (settings["source"], settings["out"]) == ("digits", "run")


def test_a_run_is_read():
    run = Run(FIRST_VERSION / "run")
    run.require_finished()
    assert run.info["aeviz"] == "0.1.0"
    assert run.encoders == ["regularized", "pca"]
    assert [pair.key for pair in run.pairs] == PAIRS
    assert (run.data.n_samples, run.data.image_shape) == (64, (8, 8, 1))
    assert len(run.embeddings) == 64
    assert {
        f"{pair}_{what}"
        for pair in PAIRS
        for what in ("x", "y", "false_neighbors", "missing_neighbors")
    } <= set(run.embeddings.columns)
    assert run.scores["value"].notna().all()
    assert set(run.scores["metric"]) <= set(METRICS.names())
    assert set(run.scores["k"].dropna()) == {10, 30}
    assert run.scores["baseline"].notna().any()
    assert set(run.differences["k"].dropna()) == {10, 30}
    assert not run.differences.empty
    assert run.curves is not None
    assert run.samples.X.shape == (64, 64)
    for kind in run.encoders:
        assert run.code(kind).shape == (64, 6)
        assert run.reconstruction(kind).X.shape == (10, 64)
        assert run.kept_samples(run.outliers(kind).rows).shape == (10, 64)
    assert len(run.history("regularized")["val_loss"]) > 1
    for pair in run.pairs:
        assert_allclose(run.faithfulness.pairs[pair].false_neighbors.mean(), 0.5, atol=0.5)


def test_encoders_give_the_codes_that_they_gave(expected):
    run = Run(FIRST_VERSION / "run")
    data = load_dataset(str(FIRST_VERSION / "new.npz"), is_to_fit=False)
    for kind in run.encoders:
        encoder = ENCODERS.get(kind).load(run.encoder_path(kind))
        X = (data.X / 16).astype(np.float32)
        assert_allclose(encoder.transform(X), expected[f"{kind}_code"], rtol=1e-4, atol=1e-5)


def test_a_model_gives_the_codes_that_it_gave(expected):
    model = Model.load(FIRST_VERSION / "model")
    settings = Settings(source=str(FIRST_VERSION / "table.csv"), label=("species",))
    data = load(settings, like=model.card.data)
    assert_allclose(model.encode(data), expected["model_code"], rtol=1e-4, atol=1e-5)
    assert_allclose(model.reconstruct(data), expected["model_back"], rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_new_samples_get_the_places_that_they_got(expected, tmp_path):
    source, out = str(FIRST_VERSION / "new.npz"), tmp_path / "places.npy"
    assert main(["transform", str(FIRST_VERSION / "run"), source, "-o", str(out), "-q"]) == 0
    places = np.load(out)
    run = Run(FIRST_VERSION / "run")
    for i, pair in enumerate(PAIRS):
        spread = run.embeddings[[f"{pair}_x", f"{pair}_y"]].to_numpy().std()
        # Another machine rounds otherwise, of which a layout makes more than of a code: one of the
        # twenty samples may settle elsewhere.
        moved = np.sort(np.abs(places[:, i] - expected[pair]).max(axis=1))
        assert moved[-2] < 0.02 * spread, pair


@pytest.mark.slow
def test_its_report_is_drawn(home, capfd):
    assert main(["render", str(home / "run"), "-q"]) == 0
    page = (home / "run" / "report.html").read_text(encoding="utf-8")
    for name in ("embeddings.png", "embedding_pca_umap.svg", "reconstructions.png"):
        assert (home / "run" / "figures" / name).is_file()
    assert "Dimensionality-reduction report" in page
    assert "regularized_umap" in page


@pytest.mark.parametrize("schema", [2, 0, None, "1", True])
@pytest.mark.parametrize("name", WITH_SCHEMA)
def test_another_schema_is_refused_in_one_line(name, schema, home):
    reader, remake = WITH_SCHEMA[name]
    path = home / name
    content = read_json(path)
    assert content["schema"] == 1
    reader(home)
    path.write_text(json.dumps({**content, "schema": schema}))
    with pytest.raises(AevizError) as told:
        reader(home)
    message = str(told.value)
    assert message.startswith(str(path))
    if type(schema) is not int:
        assert f"damaged: its schema is {schema!r}, expected 1" in message
        return
    assert f"has schema {schema}, and this version, " in message
    assert remake in message
    assert ("later version" in message) == (schema == 2)
    assert ("pip install --upgrade aeviz" in message) == (schema == 2)


def test_an_embedding_of_another_schema_is_refused(home):
    from aeviz import PCAEmbedding

    folder = home / "run" / "embeddings" / "identity_pca"
    assert PCAEmbedding.load(folder).embedding_.shape == (64, 2)
    content = read_json(folder / "embedding.json")
    (folder / "embedding.json").write_text(json.dumps({**content, "schema": 2}))
    with pytest.raises(AevizError, match=r"later version of aeviz: it has schema 2"):
        PCAEmbedding.load(folder)


def test_commands_refuse_a_later_run_and_leave_it(home, capfd):
    """A later version's run was taken for an interrupted one and written over."""
    path = home / "run" / "run.json"
    text = path.read_text().replace('"schema": 1', '"schema": 2')
    path.write_text(text)
    for words in (["render"], ["report", "digits", "--sample", "50", "--out"]):
        assert main([*words, str(home / "run"), "-q"]) == 2
        told = capfd.readouterr().err
        assert "written by a later version" in told
        assert len(told.strip().splitlines()) == 1
    assert path.read_text() == text


def test_entries_of_later_versions_are_passed_over(home):
    for name, change in (
        ("run/data/data.json", lambda card: card.update(mood="fine")),
        ("model/model.json", lambda card: (card.update(mood="fine"), card["data"].update(a=1))),
    ):
        content = read_json(home / name)
        change(content)
        (home / name).write_text(json.dumps(content))
    assert Run(home / "run").data == Run(FIRST_VERSION / "run").data
    assert Model.load(home / "model").card.data == Model.load(FIRST_VERSION / "model").card.data


def test_entries_that_former_versions_lack_have_defaults(home):
    card = read_json(home / "run/data/data.json")
    for name in ("columns", "further_labels", "notes"):
        card.pop(name)
    assert DataCard.from_json(card).further_labels == []
    content = read_json(home / "model/model.json")
    content.pop("seconds")
    (home / "model/model.json").write_text(json.dumps(content))
    assert Model.load(home / "model").card.seconds == 0


def test_an_encoder_with_parameters_of_later_versions_is_told(home):
    folder = home / "run/encoders/pca"
    content = read_json(folder / "params.json")
    content["params"]["mood"] = "fine"
    (folder / "params.json").write_text(json.dumps(content))
    with pytest.raises(AevizError, match=r"does not know: .*'mood'; update with"):
        ENCODERS.get("pca").load(folder)
