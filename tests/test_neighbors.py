from typing import NamedTuple

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import pairwise_distances

from aeviz._neighbors import METRICS, neighbors_among, neighbors_of


class Digits(NamedTuple):
    """Samples to search, and others to search for."""

    X: np.ndarray
    X_new: np.ndarray


@pytest.fixture(scope="module")
def digits() -> Digits:
    """Give 600 digits with a little noise, so that no distances are equal, and 200 others."""
    rng = np.random.default_rng(0)
    X = load_digits().data[rng.permutation(1797)[:800]] / 16.0
    X = (X + rng.normal(0.0, 0.05, X.shape)).astype(np.float32)
    return Digits(X[:600], X[600:])


@pytest.mark.parametrize("metric", METRICS)
def test_agrees_with_all_distances_sorted(metric, digits):
    expected = pairwise_distances(digits.X.astype(np.float64), metric=metric)
    np.fill_diagonal(expected, np.inf)
    indices, distances = neighbors_among(digits.X, 12, metric=metric)
    np.testing.assert_array_equal(indices, np.argsort(expected, axis=1, kind="stable")[:, :12])
    np.testing.assert_allclose(distances, np.sort(expected, axis=1)[:, :12], rtol=1e-4)


@pytest.mark.parametrize("metric", METRICS)
def test_new_samples_find_equal_ones(metric, digits):
    indices, distances = neighbors_of(digits.X[40:60], digits.X, 3, metric=metric)
    np.testing.assert_array_equal(indices[:, 0], np.arange(40, 60))
    np.testing.assert_allclose(distances[:, 0], 0, atol=1e-6)


def test_distances_are_the_same_bits_alone_and_in_company(digits):
    indices, distances = neighbors_of(digits.X_new, digits.X, 15)
    for row in range(5):
        alone = neighbors_of(digits.X_new[row : row + 1], digits.X, 15)
        np.testing.assert_array_equal(alone[0][0], indices[row])
        np.testing.assert_array_equal(alone[1][0], distances[row])


def test_far_from_the_origin_small_distances_stay_right():
    """Squared norms minus products lose distances of 0.01 beside coordinates of 1,000."""
    X = np.array([[1000.0], [1000.01], [1000.03], [1000.06]], np.float64)
    indices, distances = neighbors_among(X, 1)
    assert indices.ravel().tolist() == [1, 0, 1, 2]
    np.testing.assert_allclose(distances.ravel(), [0.01, 0.01, 0.02, 0.03], rtol=1e-6)


def test_equal_distances_come_in_order_of_row():
    X = np.array([[0.0], [1.0], [-1.0], [1.0], [5.0]])
    indices, distances = neighbors_among(X, 3)
    assert indices[0].tolist() == [1, 2, 3]
    assert distances[0].tolist() == [1.0, 1.0, 1.0]


def test_unknown_metric_is_refused():
    with pytest.raises(ValueError, match=r"metric must be one of euclidean, .*; got 'hamming'"):
        neighbors_among(np.eye(3), 1, metric="hamming")
