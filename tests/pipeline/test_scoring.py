"""Test what of a run is compared with what, and on which samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aeviz.core.registry import METRICS
from aeviz.data.prepared import prepare
from aeviz.evaluation.compare import compare
from aeviz.evaluation.protocol import Protocol
from aeviz.pipeline.evaluate import evaluate
from aeviz.pipeline.scoring import score
from aeviz.runs.pair import Pair
from tests._runs import digits


@pytest.fixture(scope="module")
def prepared():
    """Give 200 digits, 40 of them test samples."""
    return prepare(digits(200), seed=0)


def scored(prepared, codes, points, errors=None):
    """Return the scores and the differences."""
    found = score(prepared, codes, points, sample_errors=errors or {}, sample_bounds={}, seed=0)
    return pd.DataFrame(found.rows), pd.DataFrame(found.differences)


def test_codes_of_unequal_size_are_not_compared(prepared):
    """A code of 8 numbers met PCA's of 32, and was said to have met one of the same size."""
    X = prepared.X
    codes = {"pca": X[:, :12], "deep": X[:, 3:15], "sparse": X[:, :5], "variational": X[:, 10:12]}
    points = {
        Pair(kind, "tsne"): code[:, -2:] for kind, code in codes.items() if kind != "variational"
    }
    points |= {
        Pair("variational", "latent"): codes["variational"],
        Pair("identity", "pca"): X[:, 20:22],
    }
    _, differences = scored(prepared, codes, points)
    met = differences[["encoder", "stage", "baseline_encoder", "baseline_embedding"]]
    assert {tuple(row) for row in met.fillna("").to_numpy()} == {
        ("deep", "data-to-code", "pca", ""),
        ("deep", "data-to-embedding", "pca", "tsne"),
        ("variational", "data-to-embedding", "identity", "pca"),
    }


def of_training_and_held_out(prepared):
    """Return codes, pictures, and errors and bounds that are better of training samples."""
    X, is_train = prepared.X, prepared.is_train
    codes = {"pca": X[:, 10:16], "variational": X[:, 18:24]}
    points = {Pair("pca", "tsne"): X[:, 20:22], Pair("identity", "pca"): X[:, 10:12]}
    errors = {
        "pca": np.where(is_train, 3.0, 2.0),
        "variational": np.where(is_train, 1.0, 4.0),
    }
    bounds = {"variational": np.where(is_train, -1.0, -9.0)}
    found = score(prepared, codes, points, sample_errors=errors, sample_bounds=bounds, seed=0)
    return pd.DataFrame(found.rows), pd.DataFrame(found.differences)


def test_codes_are_measured_on_held_out_samples_alone(prepared):
    """What networks made of their own training samples decided most of whether they beat PCA."""
    scores, differences = of_training_and_held_out(prepared)
    of_codes = scores[scores["stage"] == "data-to-code"]
    value = of_codes.set_index(["encoder", "metric"])["value"]
    assert value["pca", "reconstruction_error"] == 2.0
    assert value["variational", "reconstruction_error"] == 4.0
    assert value["variational", "elbo"] == -9.0
    assert set(of_codes["n_evaluated"]) == {40}
    assert set(scores.loc[scores["stage"] != "data-to-code", "n_evaluated"]) == {200}
    (gap,) = differences[differences["metric"] == "reconstruction_error"].itertuples()
    assert (gap.value, gap.n_evaluated) == (2.0, 40)


def test_labels_in_the_data_stand_beside_codes_and_pictures_on_their_samples(prepared):
    scores, _ = of_training_and_held_out(prepared)
    of_data = scores[(scores["encoder"] == "identity") & scores["embedding"].isna()]
    n_evaluated = of_data[of_data["metric"] == "knn_accuracy"].set_index("stage")["n_evaluated"]
    assert n_evaluated.to_dict() == {"data-to-code": 40, "data-to-embedding": 200}
    rows = Protocol().code_rows(prepared.is_train)
    found = compare({"data": prepared.X}, [("data", "data")], rows=rows, labels=prepared.dataset.y)
    expected = METRICS.get("knn_accuracy").value(found["data", "data"])
    is_it = (of_data["stage"] == "data-to-code") & (of_data["metric"] == "knn_accuracy")
    assert of_data.loc[is_it, "value"].item() == expected
    assert of_data["baseline"].isna().all()
    is_it = (scores["encoder"] == "pca") & (scores["metric"] == "knn_accuracy")
    is_it &= scores["stage"] == "data-to-code"
    assert scores.loc[is_it, "baseline"].item() == expected
    is_of_labels = scores["metric"].isin(
        [name for name, metric in METRICS.members().items() if metric.subject == "labels"]
    )
    assert scores["baseline"].notna().equals(is_of_labels & ~scores.index.isin(of_data.index))


def test_evaluate_gives_an_embedding_the_numbers_that_a_run_gives_it(prepared):
    """Reports, ``aeviz score`` and `evaluate` had protocols of their own."""
    points = prepared.X[:, 20:22]
    scores, _ = scored(prepared, {}, {Pair("identity", "pca"): points})
    scores = scores[scores["embedding"] == "pca"].set_index(["metric", "k"])
    table = evaluate(prepared.X, points, prepared.dataset.class_labels)
    table = table.astype({"k": float}).set_index(["metric", "k"]).loc[scores.index]
    for name in ("value", "low", "high", "baseline"):
        np.testing.assert_allclose(scores[name].astype(float), table[name], rtol=1e-9, atol=1e-9)
    assert (scores["n_evaluated"] == table["n_evaluated"]).all()


def test_too_few_held_out_samples_are_filled_up():
    scores, _ = of_training_and_held_out(prepare(digits(145), seed=0))
    assert set(scores["n_evaluated"]) == {145}


def test_progress_goes_from_nothing_to_all(prepared):
    told = []
    points = {Pair("pca", "tsne"): prepared.X[:, 20:22]}
    codes = {"pca": prepared.X[:, 10:16]}
    score(
        prepared,
        codes,
        points,
        sample_errors={},
        sample_bounds={},
        seed=0,
        progress=lambda done, *_: told.append(done),
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
