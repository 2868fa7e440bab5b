"""Test the one call that scores an embedding: its table, what it draws, what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError, evaluate
from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare

BY_NAME = METRICS.members()
OF_LABELS = {n for n, metric in BY_NAME.items() if metric.subject == "labels"}
OF_PAIRS = {n for n, metric in BY_NAME.items() if metric.subject == "pair"}
NEED_LABELS = {n for n in OF_PAIRS if BY_NAME[n].min_classes}
# 178 wines have room for 30 neighbours and not for 100.
SIZED = {n for n in OF_PAIRS if BY_NAME[n].has_further_k}
COLUMNS = ["metric", "k", "value", "low", "high", "baseline", "baseline_low", "baseline_high"]


def test_table(wine):
    X, Y, labels = wine
    table = evaluate(X, Y, labels)
    assert list(table.columns) == [*COLUMNS, "n_evaluated"]
    assert table["k"].dtype == "Int64"
    assert set(table["metric"]) == OF_PAIRS | OF_LABELS
    assert set(table.loc[table["k"] == 30, "metric"]) == SIZED
    depends = {n for n in OF_PAIRS | OF_LABELS if BY_NAME[n].depends_on_k}
    assert set(table.loc[table["k"] == 10, "metric"]) == depends
    assert set(table.loc[table["baseline"].notna(), "metric"]) == OF_LABELS
    assert (table["n_evaluated"] == len(X)).all()
    has_interval = np.array([BY_NAME[name].has_interval for name in table["metric"]])
    assert table.loc[~has_interval, ["low", "high"]].isna().all(axis=None)
    with_interval = table[has_interval]
    assert (with_interval["low"] <= with_interval["value"]).all()
    assert (with_interval["value"] <= with_interval["high"]).all()
    assert table.loc[table["metric"] == "continuity", "k"].diff().to_list()[1:] == [20]
    pd.testing.assert_frame_equal(table, evaluate(X, Y, labels))


def test_values_in_data_are_those_of_the_data(wine):
    X, Y, labels = wine
    table = evaluate(X, Y, labels).set_index("metric")
    data = compare({"x": X}, [("x", "x")], labels=labels)["x", "x"]
    for name in ("knn_accuracy", "silhouette"):
        found = table.loc[name]
        assert found["baseline"] == pytest.approx(METRICS.get(name).value(data))
        assert found["baseline_low"] <= found["baseline"] <= found["baseline_high"]
        assert found["value"] != found["baseline"]


@pytest.mark.parametrize("exponent", [-600, 600])
def test_huge_and_tiny_spaces_have_the_same_scores(wine, exponent):
    """Squares of centroids' coordinates overflowed, and three metrics were NaN."""
    X, Y, labels = wine
    plain, scaled = (
        evaluate(X, Y, labels),
        evaluate(np.ldexp(X, exponent), np.ldexp(Y, -exponent), labels),
    )
    pd.testing.assert_frame_equal(scaled, plain, rtol=1e-9)


@pytest.mark.parametrize("labels", [None, "continuous", "one class"])
def test_label_metrics_are_left_out_without_classes(wine, labels):
    X, Y, _ = wine
    given = {None: None, "continuous": X[:, 0], "one class": np.zeros(len(X))}[labels]
    table = evaluate(X, Y, given)
    assert set(table["metric"]) == OF_PAIRS - NEED_LABELS
    assert table["baseline"].isna().all()


@pytest.mark.parametrize("kind", ["list", "object", "series", "bool", "float"])
def test_kinds_of_labels_and_frames(wine, kind):
    X, Y, labels = wine
    given = {
        "list": labels.tolist(),
        "object": np.array(["a", "b", "c"], object)[labels],
        "series": pd.Series(labels, index=np.arange(len(labels))[::-1]),
        "bool": labels == 0,
        "float": labels.astype(float),
    }[kind]
    table = evaluate(pd.DataFrame(X), Y.tolist(), given, metrics=["knn_accuracy"])
    assert list(table["metric"]) == ["knn_accuracy"]
    assert 0.8 < table["value"][0] <= 1.0


def test_chosen_metrics_come_in_their_order(wine):
    X, Y, _ = wine
    table = evaluate(X, Y, metrics=["stress", "continuity", "stress"])
    assert list(table["metric"]) == ["stress", "continuity"]
    assert evaluate(X, Y, metrics=[]).empty


def test_reconstruction_error_is_that_of_low(rng):
    X = rng.normal(size=(30, 4))
    reconstruction = X + rng.normal(size=X.shape)
    table = evaluate(X, reconstruction, metrics=["reconstruction_error"])
    assert table["value"][0] == pytest.approx(np.square(X - reconstruction).mean())
    with pytest.raises(
        ValueError,
        match=r"reconstructions need low, .*in the shape of high \(30, 4\), got \(30, 2\)",
    ):
        evaluate(X, X[:, :2], metrics=["reconstruction_error"])


def test_some_samples_are_evaluated_against_all(wine):
    X, Y, labels = wine
    table = evaluate(X, Y, labels, n_evaluated=50)
    assert (table["n_evaluated"] == 50).all()
    other = evaluate(X, Y, labels, n_evaluated=50, random_state=1)
    assert not np.array_equal(table["value"], other["value"])
    exact = evaluate(X, Y, labels)
    # Three classes have three triplets, one of which hangs on which samples were drawn.
    is_smooth = exact["metric"] != "centroid_triplet_accuracy"
    assert np.abs(table["value"] - exact["value"])[is_smooth].max() < 0.15


def test_random_state_may_be_none(wine):
    X, Y, _ = wine
    tables = [evaluate(X, Y, n_evaluated=40, random_state=None) for _ in range(2)]
    assert not np.array_equal(tables[0]["value"], tables[1]["value"])


def nan_at(X):
    """Return a copy with one value missing."""
    bad = X.copy()
    bad[3, 1] = np.nan
    return bad


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"low": np.ones((19, 2))}, "must have the same number of samples, got 20 and 19"),
        ({"low": np.ones(20)}, r"low must be numbers of shape .* got float64 of shape \(20,\)"),
        ({"low": np.full((20, 2), "a")}, "low must be numbers of shape .* got <U1"),
        ({"low": np.full((20, 2), "a", object)}, "low must hold numbers only: could not convert"),
        ({"high": nan_at(np.ones((20, 3)))}, "high must hold finite numbers, got 1 NaN"),
        ({"high": np.ones((2, 3)), "low": np.ones((2, 2))}, "at least 3 samples, got 2"),
        ({"n_neighbors": 10}, r"n_neighbors must be in 1\.\.9 \(below n_samples / 2\), got 10"),
        ({"n_evaluated": 21}, r"n_evaluated must be in 1\.\.20 \(the number of samples\), got 21"),
        ({"n_evaluated": 0}, r"n_evaluated must be in 1\.\.20"),
        ({"random_state": -1}, "random_state must be at least 0, got -1"),
        ({"labels": [0, 1]}, r"labels must have shape \(20,\), got \(2,\)"),
        ({"metrics": ["knn_accuracy"]}, "knn_accuracy needs labels of at least two classes"),
        (
            {"metrics": ["centroid_triplet_accuracy"], "labels": [0, 1] * 10},
            "centroid_triplet_accuracy needs labels of at least three classes among the eval",
        ),
        ({"metrics": ["elbo"]}, "elbo needs a variational model, which evaluate is not given"),
    ],
)
def test_bad_arguments_are_said(rng, change, message):
    X = rng.normal(size=(20, 3))
    arguments = {"high": X, "low": X[:, :2], "n_neighbors": 5, **change}
    with pytest.raises(ValueError, match=message):
        evaluate(**arguments)


def test_sizes_of_neighbourhoods_are_those_of_their_names(wine):
    X, Y, _ = wine
    names = ["trustworthiness_k25", "trustworthiness", "neighbor_recall_k80"]
    table = evaluate(X, Y, metrics=names)
    assert list(table["k"]) == [25, 10, 80]
    for row, name in ((0, "trustworthiness"), (2, "neighbor_recall")):
        alone = evaluate(X, Y, metrics=[name], n_neighbors=table["k"][row])
        assert (table["metric"][row], table["value"][row]) == (name, alone["value"][0])
    assert set(evaluate(X, Y, n_neighbors=30)["k"].dropna()) == {30}
    with pytest.raises(ValueError, match=r"trustworthiness_k89 must be in 1\.\.88 .* got 89"):
        evaluate(X, Y, metrics=["trustworthiness_k89"])
    with pytest.raises(AevizError, match=r"metric must be one of .*; got 'stress_k30'"):
        evaluate(X, Y, metrics=["stress_k30"])


def test_a_metric_has_its_former_name_too(wine):
    X, Y, _ = wine
    pd.testing.assert_frame_equal(
        evaluate(X, Y, metrics=["rnx_area", "mrre_missed"]),
        evaluate(X, Y, metrics=["auc_rnx", "mrre_missing"]),
    )


def test_costly_metrics_look_at_some_of_many_samples_unless_a_number_is_asked_for(rng):
    X = rng.normal(size=(2500, 3))
    names = ["trustworthiness", "trustworthiness_k30", "auc_rnx"]
    table = evaluate(X, X[:, :2], metrics=names)
    assert table["n_evaluated"].to_list() == [2500, 2000, 1000]
    table = evaluate(X, X[:, :2], metrics=names, n_evaluated=2200)
    assert table["n_evaluated"].to_list() == [2200, 2200, 2200]


def test_names_of_metrics_are_said(wine):
    X, Y, _ = wine
    with pytest.raises(AevizError, match=r"metric must be one of .*, continuity, .*; got 'trust'"):
        evaluate(X, Y, metrics=["trust"])
    with pytest.raises(TypeError, match="metrics must be a sequence of names, got the string"):
        evaluate(X, Y, metrics="trust")
    with pytest.raises(TypeError, match="n_neighbors must be an integer"):
        evaluate(X, Y, n_neighbors=5.0)
