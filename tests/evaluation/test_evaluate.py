"""Test the one call that judges a picture: its table, what it draws, what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError, evaluate
from aeviz.core.registry import METRICS
from aeviz.evaluation import evaluate as _evaluate
from aeviz.evaluation.compare import compare

BY_NAME = METRICS.members()
OF_LABELS = {n for n, metric in BY_NAME.items() if metric.subject == "labels"}
OF_PAIRS = {n for n, metric in BY_NAME.items() if metric.subject == "pair"}
NEED_LABELS = {n for n in OF_PAIRS if BY_NAME[n].least_classes}
# 178 wines have room for 30 neighbours and not for 100.
SIZED = {f"{n}_k30" for n in OF_PAIRS if BY_NAME[n].is_by_size}


def test_table(wine):
    X, Y, labels = wine
    table = evaluate(X, Y, labels)
    assert list(table.columns) == ["metric", "value", "low", "high", "n_evaluated"]
    in_data = {f"{name}_in_data" for name in OF_LABELS}
    assert set(table["metric"]) == OF_PAIRS | OF_LABELS | SIZED | in_data
    assert (table["n_evaluated"] == len(X)).all()
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()
    place = list(table["metric"]).index("knn_accuracy")
    assert table["metric"][place + 1] == "knn_accuracy_in_data"
    assert table["metric"][list(table["metric"]).index("continuity") + 1] == "continuity_k30"
    pd.testing.assert_frame_equal(table, evaluate(X, Y, labels))


def test_values_in_data_are_those_of_the_data(wine):
    X, Y, labels = wine
    table = evaluate(X, Y, labels).set_index("metric")["value"]
    data = compare({"x": X}, [("x", "x")], labels=labels)["x", "x"]
    for name in ("knn_accuracy", "silhouette"):
        assert table[f"{name}_in_data"] == pytest.approx(METRICS.get(name).value(data))
        assert table[name] != table[f"{name}_in_data"]


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
    assert set(evaluate(X, Y, given)["metric"]) == (OF_PAIRS | SIZED) - NEED_LABELS


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
    assert list(table["metric"]) == ["knn_accuracy", "knn_accuracy_in_data"]
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


def test_some_samples_are_evaluated_against_all(wine, monkeypatch):
    X, Y, labels = wine
    table = evaluate(X, Y, labels, n_evaluated=50)
    assert (table["n_evaluated"] == 50).all()
    other = evaluate(X, Y, labels, n_evaluated=50, random_state=1)
    assert not np.array_equal(table["value"], other["value"])
    exact = evaluate(X, Y, labels)
    # Three classes have three triplets, one of which hangs on which samples were drawn.
    is_smooth = exact["metric"] != "centroid_triplet_accuracy"
    assert np.abs(table["value"] - exact["value"])[is_smooth].max() < 0.15
    monkeypatch.setattr(_evaluate, "MAX_EVALUATED", 60)
    assert (evaluate(X, Y)["n_evaluated"] == 60).all()
    assert (evaluate(X, Y, n_evaluated=100)["n_evaluated"] == 100).all()


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
        ({"labels": [None] + [1] * 19}, "labels must be known for every sample, got 1 missing"),
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
    assert list(table["metric"]) == names
    for name, size in (("trustworthiness_k25", 25), ("neighbor_recall_k80", 80)):
        alone = evaluate(X, Y, metrics=[name[:-4]], n_neighbors=size)
        assert table.set_index("metric")["value"][name] == alone["value"][0]
    assert "trustworthiness_k30" not in set(evaluate(X, Y, n_neighbors=30)["metric"])
    with pytest.raises(ValueError, match=r"trustworthiness_k89 must be in 1\.\.88 .* got 89"):
        evaluate(X, Y, metrics=["trustworthiness_k89"])
    with pytest.raises(AevizError, match=r"metric must be one of .*; got 'stress_k30'"):
        evaluate(X, Y, metrics=["stress_k30"])


def test_further_sizes_are_measured_on_some_samples(rng, monkeypatch):
    """Of more than 10,000 samples, unless a number is asked for: a thousand times less here."""
    monkeypatch.setattr(_evaluate, "MAX_EVALUATED", 80)
    monkeypatch.setattr(_evaluate, "MAX_ANCHORS", 50)
    X = rng.normal(size=(90, 4))
    names = ["trustworthiness", "trustworthiness_k30", "auc_rnx"]
    for asked, expected in ((None, [80, 50, 80]), (90, [90, 90, 90])):
        table = evaluate(X, X[:, :2], metrics=names, n_evaluated=asked)
        assert table["n_evaluated"].to_list() == expected
    monkeypatch.setattr(_evaluate, "MAX_EVALUATED", 90)
    assert evaluate(X, X[:, :2], metrics=names)["n_evaluated"].to_list() == [90, 90, 90]


def test_every_rank_is_looked_at_of_all_samples_while_there_are_ten_thousand(rng):
    X = rng.normal(size=(2500, 3))
    table = evaluate(X, X[:, :2], metrics=["auc_rnx", "trustworthiness_k30"])
    assert table["n_evaluated"].to_list() == [2500, 2500]


def test_names_of_metrics_are_said(wine):
    X, Y, _ = wine
    with pytest.raises(AevizError, match=r"metric must be one of .*, continuity, .*; got 'trust'"):
        evaluate(X, Y, metrics=["trust"])
    with pytest.raises(TypeError, match="metrics must be a sequence of names, got the string"):
        evaluate(X, Y, metrics="trust")
    with pytest.raises(TypeError, match="n_neighbors must be an integer"):
        evaluate(X, Y, n_neighbors=5.0)
