from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import pairwise_distances

from aeviz.neighbors._candidates import nearest_candidates
from aeviz.neighbors._projection import shortening
from aeviz.neighbors.search import (
    METRICS,
    NeighborSearch,
    neighbors_among,
    neighbors_in_tree,
    neighbors_of,
)


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


def test_a_tree_finds_the_same_neighbours(digits):
    X = np.asarray(digits.X[:, 20:22], np.float64)
    for found, right in zip(neighbors_in_tree(X, 9), neighbors_among(X, 9), strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-12)


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


def test_tiles_change_nothing(digits):
    expected, _ = neighbors_among(digits.X, 15)
    for tile_columns in (130, 600):
        found = nearest_candidates(digits.X, digits.X, 24, tile_columns=tile_columns)
        for row, near in enumerate(expected):
            assert set(near) <= set(found.rows[row])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_what_single_precision_cannot_tell_apart_is_found(dtype, scale):
    """Two heaps far apart, each so small that products in single precision see one point."""
    rng = np.random.default_rng(0)
    X = rng.normal(0.0, 1e-3, (300, 6))
    X[150:] += 1000.0
    X = (X * scale).astype(dtype)
    expected = np.sqrt(((X[:, None].astype(np.float64) - X) ** 2).sum(axis=2))
    np.fill_diagonal(expected, np.inf)
    _, distances = neighbors_among(X, 5)
    np.testing.assert_allclose(distances, np.sort(expected, axis=1)[:, :5], rtol=1e-5)


def test_more_equal_samples_than_neighbours():
    X = np.repeat(np.arange(3.0)[:, None] * [1.0, 2.0], 40, axis=0)
    indices, distances = neighbors_among(X, 5)
    assert (distances == 0).all()
    assert (indices != np.arange(120)[:, None]).all()
    assert (indices // 40 == np.arange(120)[:, None] // 40).all()


def test_many_features_are_searched_by_few_with_the_same_result():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1200, 12)) @ rng.normal(size=(12, 60)) + 0.3 * rng.normal(size=(1200, 60))
    X = X.astype(np.float32)
    expected = neighbors_among(X, 10)
    shorten = partial(shortening, n_directions=12, n_sampled=500)
    short = shorten(X)(X)
    assert short.shape == (1200, 13)
    between = pairwise_distances(X.astype(np.float64))
    assert (pairwise_distances(short) <= between * (1 + 1e-6)).all()
    for found, right in zip(neighbors_among(X, 10, shorten=shorten), expected, strict=True):
        np.testing.assert_array_equal(found, right)


def test_noise_is_not_searched_by_few_features():
    noise = np.random.default_rng(0).normal(size=(500, 400))
    assert shortening(noise, n_sampled=500) is None


def test_samples_are_searched_once_for_all_that_ask(digits):
    heard = []
    search = NeighborSearch(digits.X, n_least=20, progress=lambda *done: heard.append(done))
    for n_neighbors in (14, 20, 3):
        expected = neighbors_among(digits.X, n_neighbors)
        for found, right in zip(search.among(n_neighbors), expected, strict=True):
            np.testing.assert_array_equal(found, right)
    assert heard.count((600, 600)) == 1
    assert search.among(25)[0].shape == (600, 25)
    assert search.among(2, metric="manhattan")[0].shape == (600, 2)
