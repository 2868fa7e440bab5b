"""Test that metrics agree with scikit-learn and SciPy where these have them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from scipy.stats import spearmanr
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_samples
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare


def compared(high, low, **arguments):
    """Return the comparison of two spaces."""
    return compare({"high": high, "low": low}, [("high", "low")], **arguments)["high", "low"]


@pytest.mark.parametrize("n_neighbors", [1, 5, 30])
@pytest.mark.parametrize("load", [load_wine, load_breast_cancer, load_diabetes])
def test_trustworthiness_and_continuity_in_float64(load, n_neighbors):
    X = load().data
    Y = PCA(2, random_state=0).fit_transform(X)
    comparison = compared(X, Y, n_neighbors=n_neighbors)
    for name, expected in (
        ("trustworthiness", trustworthiness(X, Y, n_neighbors=n_neighbors)),
        ("continuity", trustworthiness(Y, X, n_neighbors=n_neighbors)),
    ):
        assert METRICS.get(name).value(comparison) == pytest.approx(expected, rel=0, abs=1e-9)


def test_trustworthiness_of_real_images(shared_data):
    """USPS images by the matrix product in float64, and close to it in float32."""
    with np.load(shared_data("usps.npz")) as archive:
        X = archive["x_test_float"].reshape(-1, 256).astype(np.float64)[:1500]
    Y = PCA(2, random_state=0).fit_transform(X)
    expected = trustworthiness(X, Y, n_neighbors=10)
    found = METRICS.get("trustworthiness").value(compared(X, Y))
    assert found == pytest.approx(expected, rel=0, abs=1e-9)
    single = METRICS.get("trustworthiness").value(
        compared(X.astype(np.float32), Y.astype(np.float32))
    )
    assert single == pytest.approx(expected, rel=0, abs=1e-5)


@pytest.mark.parametrize("n_classes", [2, 3, 40])
def test_silhouette_samples(wine, rng, n_classes):
    _, Y, labels = wine
    if n_classes != 3:
        labels = rng.integers(0, n_classes, len(Y))
    per_sample = METRICS.get("silhouette").per_sample(compared(Y, Y, labels=labels))
    np.testing.assert_allclose(per_sample, silhouette_samples(Y, labels), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("n_neighbors", [1, 4, 11])
def test_knn_accuracy_is_leave_one_out(wine, n_neighbors):
    """An even number of neighbours has equal votes, which both give to the first class."""
    X, Y, labels = wine
    comparison = compared(X, Y, labels=labels, n_neighbors=n_neighbors)
    classifier = KNeighborsClassifier(n_neighbors, algorithm="brute")
    expected = cross_val_score(classifier, Y, labels, cv=LeaveOneOut())
    per_sample = METRICS.get("knn_accuracy").per_sample(comparison)
    np.testing.assert_array_equal(per_sample, expected)


def test_spearman_of_all_distances(wine):
    X, Y, _ = wine
    expected = spearmanr(pdist(X), pdist(Y)).statistic
    # A few distances are equal in single precision, in which they are compared.
    assert METRICS.get("spearman").value(compared(X, Y)) == pytest.approx(expected, rel=1e-6)


def test_spearman_with_equal_distances(rng):
    X, Y = rng.integers(0, 3, (60, 2)), rng.integers(0, 3, (60, 2))
    expected = spearmanr(pdist(X), pdist(Y)).statistic
    assert METRICS.get("spearman").value(compared(X, Y)) == pytest.approx(expected, rel=1e-9)


def test_stress_is_the_smallest_over_scales(wine):
    X, Y, _ = wine
    high, low = pdist(X), pdist(Y)
    scales = np.linspace(0.5, 3.0, 20001)
    residuals = [np.sqrt(np.square(high - s * low).sum() / np.square(high).sum()) for s in scales]
    found = METRICS.get("stress").value(compared(X, Y))
    assert found == pytest.approx(min(residuals), rel=1e-6)
    assert found <= min(residuals) * (1 + 1e-12)
