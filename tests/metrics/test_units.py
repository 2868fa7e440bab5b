"""Test that neither a unit nor an offset changes a score."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare
from aeviz.evaluation.faithfulness import faithfulness
from aeviz.neighbors.search import neighbors_among, neighbors_in_tree
from aeviz.pipeline.evaluate import evaluate


@pytest.fixture(scope="module")
def iris():
    """Give iris, whose decimals have many equal distances, in four units, and its labels."""
    X, y = load_iris(return_X_y=True)
    return [X, np.rint(10 * X), X / 10, X + 7.3], y


@pytest.fixture(scope="module")
def in_units(iris):
    """Give the scores of two of iris's features, in every unit."""
    tables, y = iris
    return [evaluate(X, X[:, 1:3], y) for X in tables]


def test_ties_are_the_same_in_every_unit(in_units):
    """Rounding told equal distances apart: 10-NN accuracy was 0.967, 0.973 and 0.980."""
    first, *others = in_units
    assert {"knn_accuracy", "kmeans_ari", "gmm_nmi", "svm_accuracy"} <= set(first["metric"])
    for other in others:
        for name in ("value", "baseline"):
            np.testing.assert_allclose(other[name], first[name], rtol=0, atol=1e-9)


def test_neighbours_are_the_same_in_every_unit(iris):
    tables, _ = iris
    for search in (neighbors_among, neighbors_in_tree):
        found = [search(X, 10)[0] for X in tables]
        for other in found[1:]:
            np.testing.assert_array_equal(other, found[0])


def test_duplicates_come_first_and_in_order_in_many_features():
    """A matrix product leaves a rounding where points coincide, which told duplicates apart."""
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(40, 12)) / 10, 3, axis=0)
    (comparison,) = compare({"x": X}, [("x", "x")], n_neighbors=2).values()
    twins = [[j for j in range(3 * (i // 3), 3 * (i // 3) + 3) if j != i] for i in range(120)]
    np.testing.assert_array_equal(comparison.low.neighbors, twins)


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_whole_numbers_beyond_the_digits_of_floats(dtype):
    """Times in nanoseconds became floats first: trustworthiness of a shifted copy was 0.81."""
    rng = np.random.default_rng(0)
    times = rng.integers(0, 2000, size=(300, 2))
    high, low = (times + offset for offset in (1_700_000_000_000_000_000, 5))
    labels = times[:, 0] // 700
    spaces = {"high": high.astype(dtype), "low": low.astype(dtype)}
    of_pair = compare(spaces, [("high", "low")], labels=labels)["high", "low"]
    of_copy = compare({"x": times * 1.0}, [("x", "x")], labels=labels)["x", "x"]
    for metric in METRICS.members().values():
        if metric.subject in ("pair", "labels"):
            expected = metric.value(of_copy)
            assert metric.value(of_pair) == pytest.approx(expected, abs=1e-9), metric.name
    assert METRICS.get("trustworthiness").value(of_pair) == 1.0
    shares = faithfulness(spaces["high"], spaces["low"])
    assert not shares.to_numpy().any()


def test_errors_of_whole_numbers_keep_their_digits():
    high = np.arange(80).reshape(40, 2) + 1_700_000_000_000_000_000
    found = evaluate(high, high + 3, metrics=["reconstruction_error", "explained_variance"])
    assert found["value"].tolist() == pytest.approx([9.0, 1 - 9 / 533], rel=1e-12)
