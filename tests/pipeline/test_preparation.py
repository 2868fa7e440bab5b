"""Test that what is done to the values before fitting is kept, and done to new samples too."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_digits, load_iris

from aeviz import AevizError, Model, add_samples, load_dataset, run_report, train_model
from aeviz.cli._main import main
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import prepare
from aeviz.exports._export_run import export_folder
from aeviz.pipeline.factory import make_encoder
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.runs.new_samples import Added
from aeviz.settings import Settings
from tests.cli._lines import told

QUICK = {"encoder": ["pca"], "embedding": ["pca"], "seeds": 1}
N = 60


def cells(n_samples=N, n_genes=80):
    """Return counts of genes in three kinds of cells, some of which were read five times."""
    rng = np.random.default_rng(0)
    rates = rng.gamma(0.5, 4.0, (3, n_genes))
    depths = np.where(np.arange(n_samples) % 2, 5, 1)
    X = rng.poisson(rates[np.arange(n_samples) % 3] * depths[:, np.newaxis])
    frame = pd.DataFrame(X, columns=[f"gene {i}" for i in range(n_genes)])
    return frame.assign(kind=np.array(["a", "b", "c"])[np.arange(n_samples) % 3])


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Give a run of the 20 most variable of 80 genes."""
    folder = tmp_path_factory.mktemp("cells")
    cells().to_csv(folder / "cells.csv", index=False)
    options = {"transform": "counts", "top_features": 20, "label": "kind"}
    return run_report(folder / "cells.csv", out=folder / "run", **options, **QUICK)


def test_the_page_and_the_card_say_what_was_done(run):
    data = run.data
    assert (data.n_features, data.n_wanted, len(data.feature_names)) == (20, 80, 20)
    assert data.scaling_words.startswith("every sample to the median total of the training")
    assert any("Kept the 20 of 80 features that vary most" in note for note in data.notes)
    assert not any("raw counts" in note for note in data.notes)
    page = run.report_path.read_text(encoding="utf-8")
    assert "then every feature to mean 0 and variance 1 over the training samples" in page


def test_new_samples_are_prepared_in_the_same_way(run):
    frame = cells()
    shuffled = frame[[*reversed(frame.columns)]].iloc[:30].reset_index(drop=True)
    dataset = load_dataset(shuffled, label="kind", is_to_fit=False, plan=run.data.plan)
    found = OutOfSampleTransformer(run).transform(dataset)
    expected = run.embeddings[["pca_pca_x", "pca_pca_y"]].to_numpy()[:30]
    assert_allclose(found.table[["pca_pca_x", "pca_pca_y"]], expected, atol=1e-4)


def test_new_samples_are_added(run, tmp_path):
    frame = cells(90).iloc[N:]
    frame.to_csv(tmp_path / "new.csv", index=False)
    add_samples(run, tmp_path / "new.csv", label="kind", draws_report=False)
    (added,) = Added.all(run)
    kept = frame[run.data.feature_names].to_numpy()
    np.testing.assert_array_equal(added.browsable.X, kept[added.browsable.rows])


def test_a_run_with_other_preparation_is_made_anew(run):
    again = run_report(
        run.settings["source"], out=run.path, transform="log1p", label="kind", **QUICK
    )
    assert again.data.n_features == 80


def test_other_files_refuse_what_they_cannot_do(tmp_path):
    model = train_model(cells().drop(columns="kind"), "pca", transform="log1p", code_size=3)
    model.save(tmp_path / "model")
    with pytest.raises(AevizError, match="onnx has no form for transform"):
        export_folder(tmp_path / "model", "onnx", tmp_path / "m.onnx")


def test_models_give_values_in_the_units_of_the_source(tmp_path):
    frame = cells().drop(columns="kind")
    options = {"transform": "log1p", "top_features": 30, "scale": "none", "code_size": 30}
    model = train_model(frame, "pca", **options)
    model.save(tmp_path / "model")
    model = Model.load(tmp_path / "model")
    kept = np.asarray(model.card.data.kept)
    # As many components as features lose nothing.
    assert_allclose(model.reconstruct(frame), frame.to_numpy()[:, kept], atol=1e-2)
    assert_allclose(model.prepared(frame), np.log1p(frame.to_numpy()[:, kept]), rtol=1e-6)


def test_negative_values_are_refused_in_one_line(tmp_path, capfd):
    X = np.random.default_rng(0).normal(size=(30, 4))
    np.savez(tmp_path / "t.npz", X=X)
    words = ["report", str(tmp_path / "t.npz"), "--transform", "counts", "-o"]
    assert main([*words, str(tmp_path / "run")]) == 2
    (line,) = told(capfd.readouterr().err)
    assert line.startswith("aeviz: --transform counts takes values of at least 0")
    assert not (tmp_path / "run").exists()


def test_images_refuse_what_is_for_tables():
    with pytest.raises(AevizError, match="top_features=10 is for tables, and digits has images"):
        train_model("digits", "pca", top_features=10)
    with pytest.raises(AevizError, match="transform=counts is for tables"):
        train_model("digits", "pca", transform="counts")


def test_rows_of_length_one_are_learnt_by_squared_error():
    """Cross-entropy, which values in [0, 1] get otherwise, hardly sees values so small."""
    X = np.abs(np.random.default_rng(0).normal(size=(40, 50)))
    settings = Settings(source="x", scale="unit")
    assert make_encoder("deep", settings, Dataset("x", X)).loss == "gaussian"
    assert make_encoder("deep", Settings(source="x"), Dataset("x", X)).loss == "auto"
    notes = prepare(Dataset("x", X), seed=0, scale="unit").dataset.notes
    assert any("Encoders other than pca and residual" in note for note in notes)


def test_more_features_than_there_are_keep_all():
    found = prepare(Dataset("iris", load_iris().data), seed=0, top_features=9)
    assert found.X.shape == (150, 4)
    assert "Kept all 4 features: there are no more." in found.dataset.notes


@pytest.mark.slow
def test_the_unit_of_the_data_changes_no_score():
    """In thousandths, a table within [0, 1] lost the code of the regularized encoder."""
    X = load_digits().data[:150] / 16
    codes = [
        train_model(unit * X, "regularized", epochs=2, seed=0).encode(unit * X)
        for unit in (1.0, 1e-3)
    ]
    assert np.corrcoef(codes[0].ravel(), codes[1].ravel())[0, 1] > 0.999


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Give a folder with a table of which one feature is a thousand times larger, and a map."""
    folder = tmp_path_factory.mktemp("mixed")
    X = load_iris().data * [1000, 1, 1, 1]
    np.save(folder / "X.npy", X)
    np.save(folder / "plane.npy", (X / [1000, 1, 1, 1])[:, 2:])
    return folder


def test_score_scales_the_data_where_it_is_asked_to(mixed, capfd):
    values = {}
    for scale in ("none", "standard"):
        out = mixed / f"{scale}.json"
        words = ["score", str(mixed / "X.npy"), str(mixed / "plane.npy"), "--scale", scale]
        assert main([*words, "--metric", "trustworthiness", "-o", str(out), "-q"]) == 0
        printed = capfd.readouterr().out
        values[scale] = json.loads(out.read_text())["rows"][0]["value"]
    assert "The data were scaled: every feature to mean 0 and variance 1.\n" in printed
    assert values == pytest.approx({"none": 0.8095, "standard": 0.8923}, abs=2e-3)
