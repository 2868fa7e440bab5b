"""Clusters of a space's anchors, found without their labels, once for every metric that asks.

Why points are put in order first: a seeded start depends on the order of rows. Sorted by
their distance from the mean, rows lie the same however the data are sorted, moved or
turned, and so does the clustering, but for points at exactly equal distances.

Why one thread: the many small parallel loops of k-means take ten times as long where
another process has the second core, and save nothing that is worth it where none has.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from aeviz.evaluation.comparison import Comparison
from aeviz.metrics._classes import class_anchors

__all__ = ["Algorithm", "Clustering", "clustering"]

Algorithm = Literal["kmeans", "gmm"]

_MAX_FEATURES = 50
_N_STARTS = 10
_REGULARISATION = 1e-3


@dataclass(frozen=True, eq=False)
class Clustering:
    """Clusters and classes of some anchors, both from 0 on; some clusters may be empty."""

    clusters: np.ndarray
    classes: np.ndarray

    def table(self, weights: np.ndarray) -> np.ndarray:
        """Return how much weight each cluster has of each class, shape (n_clusters, n_classes)."""
        n_clusters, n_classes = int(self.clusters.max()) + 1, int(self.classes.max()) + 1
        cells = self.clusters * n_classes + self.classes
        table = np.bincount(cells, weights, minlength=n_clusters * n_classes)
        return table.reshape(n_clusters, n_classes)


def clustering(comparison: Comparison, algorithm: Algorithm) -> Clustering:
    """Return as many clusters of the low space's anchors as they have classes."""
    found = class_anchors(comparison)

    def fit() -> np.ndarray:
        points, order = _ordered_points(comparison.low.X[found.rows])
        clusters = np.zeros(len(order), np.intp)
        # Where all points coincide there is one cluster and nothing to fit.
        if len(found.codes) > 1 and points.any():
            clusters[order] = _fitted(algorithm, points, len(found.codes))
        return clusters

    return Clustering(comparison.low.cached(algorithm, fit), found.classes)


def _ordered_points(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points of mean 0 and mean variance 1 per feature, by length, and their order."""
    is_single = X.dtype in (np.float16, np.float32)
    points: np.ndarray = X.astype(np.float32 if is_single else np.float64)
    points -= points.mean(axis=0, dtype=np.float64).astype(points.dtype)
    points /= max(float(np.abs(points).max()), np.finfo(points.dtype).tiny)
    lengths = np.einsum("ij,ij->i", points, points, dtype=np.float64)
    scale = np.sqrt(lengths.mean() / points.shape[1])
    points /= scale if scale > 0.0 else 1.0
    order = np.argsort(lengths, kind="stable")
    return points[order], order


def _fitted(algorithm: Algorithm, points: np.ndarray, n_clusters: int) -> np.ndarray:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    model: Any = KMeans(n_clusters, n_init=_N_STARTS, random_state=0)
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Fewer distinct points than clusters is no news here.
        warnings.simplefilter("ignore", ConvergenceWarning)
        if algorithm == "gmm":
            model = GaussianMixture(n_clusters, reg_covar=_REGULARISATION, random_state=0)
            points = points.astype(np.float64)
            if points.shape[1] > _MAX_FEATURES:
                points = PCA(min(_MAX_FEATURES, len(points)), random_state=0).fit_transform(points)
                points /= np.sqrt(points.var(axis=0).mean())
        return np.asarray(model.fit_predict(points))
