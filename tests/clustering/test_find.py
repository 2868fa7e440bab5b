"""Test that planted clusters are found, and that one heap has none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score

from aeviz.clustering import find_clusters


def planted(n_samples, n_features, n_clusters, distance, seed=0):
    """Return Gaussian clusters of unequal sizes and widths, and the cluster of each sample.

    Centres lie about `distance` standard deviations apart.
    """
    random = np.random.default_rng(seed)
    shares = np.maximum(random.dirichlet(np.full(n_clusters, 4.0)), 0.05)
    y = random.choice(n_clusters, n_samples, p=shares / shares.sum())
    centers = random.normal(size=(n_clusters, n_features)) * distance / np.sqrt(2 * n_features)
    widths = random.uniform(0.7, 1.3, size=(n_clusters, n_features))
    X = centers[y] + random.normal(size=(n_samples, n_features)) * widths[y]
    return X.astype(np.float32), y


def heap(kind, n_samples, n_features, seed=0):
    random = np.random.default_rng(seed)
    draw = random.normal if kind == "gaussian" else random.uniform
    return draw(size=(n_samples, n_features)).astype(np.float32)


@pytest.mark.parametrize("shape", [(600, 20, 4, 8), (900, 30, 3, 7), (1000, 50, 6, 9)])
def test_planted_clusters_are_found(shape):
    X, y = planted(*shape)
    found = find_clusters(X)
    assert found.n_clusters == shape[2]
    assert adjusted_rand_score(y, found.labels) >= 0.9
    assert found.is_stable.all()
    sizes = np.bincount(found.labels[found.labels >= 0])
    assert (np.diff(sizes) <= 0).all()


@pytest.mark.parametrize("kind", ["gaussian", "uniform"])
@pytest.mark.parametrize("n_features", [2, 10, 40])
def test_one_heap_has_no_clear_clusters(kind, n_features):
    found = find_clusters(heap(kind, 800, n_features))
    assert found.n_clusters == 0
    assert (found.labels == -1).all()


@pytest.mark.slow
def test_clear_clusters_are_rare_in_heaps():
    """Of sixty heaps, one may look like clusters."""
    n_found = 0
    for seed in range(10):
        for n_features in (2, 5, 20):
            for kind in ("gaussian", "uniform"):
                n_found += find_clusters(heap(kind, 1000, n_features, seed)).n_clusters > 0
    assert n_found <= 1


def test_digits_are_found():
    digits = load_digits()
    code = PCA(32, random_state=0).fit_transform(digits.data)
    found = find_clusters(code)
    assert adjusted_rand_score(digits.target, found.labels) > 0.75
    assert 0.6 < np.mean(found.is_stable) < 1  # some are not stable, and that is said


def test_equal_seeds_give_equal_clusters():
    X, _ = planted(400, 20, 3, 8)
    first, second = (find_clusters(X, random_state=3, n_most=300) for _ in range(2))
    assert_array_equal(first.labels, second.labels)
    assert_array_equal(first.stability, second.stability)


def test_of_many_samples_some_are_clustered_and_the_rest_is_assigned():
    X, y = planted(1500, 20, 3, 9)
    found = find_clusters(X, n_most=500)
    assert found.n_clustered == 500
    assert len(found.labels) == 1500
    assert adjusted_rand_score(y, found.labels) >= 0.9


def test_contact_tells_which_clusters_touch():
    random = np.random.default_rng(0)
    centers = np.zeros((3, 10))
    centers[1, 0], centers[2, 0] = 4.5, 40
    X = np.repeat(centers, 250, axis=0) + random.normal(size=(750, 10))
    found = find_clusters(X.astype(np.float32))
    assert found.n_clusters == 3
    far = found.labels[-1]
    near = [one for one in range(3) if one != far]
    assert found.contact[far, near].max() == 0
    assert found.contact[near[0], near[1]] > 0
    assert (found.contact.sum(axis=1) <= 1 + 1e-9).all()


@pytest.mark.parametrize("n_samples", [2, 10, 59, 60, 80])
def test_few_samples_are_no_error(n_samples):
    assert find_clusters(heap("gaussian", n_samples, 5)).n_clusters == 0


def test_copies_of_samples_are_no_error():
    X = np.repeat(heap("gaussian", 8, 5), 25, axis=0)
    found = find_clusters(X)
    assert len(found.labels) == 200
    assert find_clusters(np.zeros((100, 3), np.float32)).n_clusters == 0


def test_many_features_are_reduced():
    X, y = planted(300, 120, 3, 40)
    assert adjusted_rand_score(y, find_clusters(X).labels) >= 0.9
