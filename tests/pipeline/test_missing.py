"""Missing values and labels from the file to the page, and in samples that come later."""

import numpy as np
import pandas as pd
import pytest

from aeviz import Run, add_samples, load_dataset, run_report, train_model
from aeviz.core.exceptions import AevizError
from aeviz.data.split import split_rows
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.pipeline.sources import load
from aeviz.settings import Settings

N = 120
SMALL = {"encoder": ["pca"], "embedding": ["pca"], "seeds": 1, "label": "kind"}


def people(seed):
    rng = np.random.default_rng(seed)
    kind = np.arange(N) % 3
    frame = pd.DataFrame(rng.normal(size=(N, 4)) + 4 * np.eye(3, 4)[kind], columns=list("abcd"))
    frame["town"] = np.array(["Jena", "Jena", "Bonn"])[np.arange(N) % 3]
    frame["kind"] = np.array(list("xyz"), dtype=object)[kind]
    frame.loc[[2, 9], "a"] = np.nan
    frame.loc[4, "town"] = None
    frame.loc[::8, "kind"] = None
    return frame


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("missing")
    people(0).to_csv(path / "old.csv", index=False)
    later = people(1)
    later.loc[:5, "b"] = np.nan  # where no sample of the run lacks a value
    later.to_csv(path / "new.csv", index=False)
    run_report(path / "old.csv", out=path / "run", **SMALL)
    return path


def test_missing_values_are_told_in_the_run_and_on_the_page(folder):
    run = Run(folder / "run")
    notes = " ".join(run.data.notes)
    assert "3 missing values in 2 columns were replaced" in notes
    assert "'town' (1, by 'Jena')" in notes
    assert "15 samples without a label: grey on the maps, and in no score of labels." in notes
    page = (folder / "run" / "report.html").read_text()
    assert "3 missing values in 2 columns were replaced" in page
    frame = people(0)
    dataset = load_dataset(folder / "old.csv", label="kind")
    is_train = split_rows(dataset, seed=0)
    values = dict(zip(run.data.feature_names, run.data.fill_values, strict=True))
    assert values["a"] == np.median(frame["a"][is_train & frame["a"].notna()])
    assert (values["town=Jena"], values["town=Bonn"]) == (1, 0)


def test_samples_without_a_label_have_a_place_and_no_score(folder):
    run = Run(folder / "run")
    assert len(run.embeddings) == N
    assert run.embeddings["label"].isna().sum() == 15
    assert run.data.class_names == ["x", "y", "z"]
    scores = run.scores.set_index("metric")
    assert set(scores.loc["knn_accuracy", "n_evaluated"]) == {N - 15}
    assert set(scores.loc["trustworthiness", "n_evaluated"]) == {N}


def test_later_samples_get_the_values_of_the_run(folder):
    run = Run(folder / "run")
    values = dict(zip(run.data.feature_names, run.data.fill_values, strict=True))
    filled = people(1)
    filled.loc[:5, "b"] = values["b"]
    filled["a"] = filled["a"].fillna(values["a"])
    filled["town"] = filled["town"].fillna("Jena")
    transformer = OutOfSampleTransformer(run)
    paths = [folder / "new.csv", folder / "filled.csv"]
    filled.to_csv(paths[1], index=False)
    later = [load(Settings(source=str(path), label="kind"), like=run.data) for path in paths]
    tables = [transformer.transform(one).table for one in later]
    at = ["pca_pca_x", "pca_pca_y"]
    np.testing.assert_allclose(tables[0][at], tables[1][at], rtol=1e-6)
    add_samples(folder / "run", folder / "new.csv")
    model = train_model(folder / "old.csv", "pca", label="kind", code_size=2)
    codes = [model.encode(pd.read_csv(path).drop(columns="kind")) for path in paths]
    np.testing.assert_array_equal(*codes)


def test_a_value_that_no_training_sample_has_is_refused(tmp_path):
    X = np.random.default_rng(0).normal(size=(30, 3))
    X[:, 1] = np.nan
    np.save(tmp_path / "x.npy", X)
    with pytest.raises(AevizError, match="no finite value in column 1, so there is no median"):
        load_dataset(tmp_path / "x.npy")
