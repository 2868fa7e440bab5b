"""Cluster the anchors of a space without their labels, once for every metric that asks.

Why points are put in order first: a seeded start depends on the order of rows. Sorted by
their distance from the mean, rows lie the same however the data are sorted, moved or
turned, and so does the clustering, but for points at exactly equal distances.

Why one thread: the many small parallel loops of k-means take ten times as long where
another process has the second core, and save nothing that is worth it where none has.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from aeviz.evaluation.comparison import Comparison, SpaceView
from aeviz.metrics._class_rows import class_rows

__all__ = ["Clustering", "clustering"]

_MAX_FEATURES = 50
_N_STARTS = 10
_REGULARISATION = 1e-3


@dataclass(frozen=True, eq=False)
class Clustering:
    """Hold the clusters and the classes of some anchors.

    Parameters
    ----------
    clusters : ndarray of int of shape (n_rows,)
        From 0 on; some numbers may be missing.
    classes : ndarray of int of shape (n_rows,)
        As 0 .. n_classes - 1, each there at least once.
    """

    clusters: np.ndarray
    classes: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """Return how many clusters and classes there are."""
        return int(self.clusters.max()) + 1, int(self.classes.max()) + 1

    def table(self, weights: np.ndarray) -> np.ndarray:
        """Return how much weight each cluster has of each class, shape (n_clusters, n_classes)."""
        n_clusters, n_classes = self.shape
        cells = self.clusters * n_classes + self.classes
        table = np.bincount(cells, weights, minlength=n_clusters * n_classes)
        return table.reshape(n_clusters, n_classes)


def clustering(
    comparison: Comparison, method: Literal["kmeans", "mixture"], *, name: str
) -> Clustering:
    """Return as many clusters of the low space's anchors as they have classes.

    Parameters
    ----------
    comparison : Comparison
        What is fitted is kept in the view of its low space.
    method : {"kmeans", "mixture"}
    name : str
        The metric that asks, for the message.

    Raises
    ------
    ValueError
        If the comparison has no labels.
    """
    found = class_rows(comparison, name)
    kept = comparison.low.kept
    if method not in kept:
        points = _ordered_points(comparison.low, comparison.rows[found.places])
        fit: Callable[[np.ndarray, int], np.ndarray] = {"kmeans": _kmeans, "mixture": _mixture}[
            method
        ]
        kept[method] = points.clusters(fit, n_clusters=len(found.codes))
    return Clustering(kept[method], found.classes)


@dataclass(frozen=True, eq=False)
class _OrderedPoints:
    """Hold points of mean 0 and mean variance 1 a feature, in order of their length."""

    points: np.ndarray
    order: np.ndarray

    def clusters(
        self, fit: Callable[[np.ndarray, int], np.ndarray], *, n_clusters: int
    ) -> np.ndarray:
        """Return the cluster of each row in the order that the rows came in."""
        clusters = np.zeros(len(self.order), np.intp)
        # Where all points coincide there is one cluster and nothing to fit.
        if n_clusters > 1 and self.points.any():
            with threadpool_limits(limits=1):
                clusters[self.order] = fit(self.points, n_clusters)
        return clusters


def _ordered_points(view: SpaceView, rows: np.ndarray) -> _OrderedPoints:
    X = view.X[rows]
    points = X.astype(np.float32 if X.dtype in (np.float16, np.float32) else np.float64)
    points -= points.mean(axis=0, dtype=np.float64).astype(points.dtype)
    points /= max(float(np.abs(points).max()), np.finfo(points.dtype).tiny)
    lengths = np.einsum("ij,ij->i", points, points, dtype=np.float64)
    scale = np.sqrt(lengths.mean() / points.shape[1])
    points /= scale if scale > 0.0 else 1.0
    order = np.argsort(lengths, kind="stable")
    return _OrderedPoints(points[order], order)


def _kmeans(points: np.ndarray, n_clusters: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    return _quietly(KMeans(n_clusters, n_init=_N_STARTS, random_state=0), points)


def _mixture(points: np.ndarray, n_clusters: int) -> np.ndarray:
    from sklearn.decomposition import PCA
    from sklearn.mixture import GaussianMixture

    points = points.astype(np.float64)
    if points.shape[1] > _MAX_FEATURES:
        points = PCA(min(_MAX_FEATURES, len(points)), random_state=0).fit_transform(points)
        points /= np.sqrt(points.var(axis=0).mean())
    mixture = GaussianMixture(n_clusters, reg_covar=_REGULARISATION, random_state=0)
    return _quietly(mixture, points)


def _quietly(model: Any, points: np.ndarray) -> np.ndarray:
    """Fit and predict; fewer distinct points than clusters is no news here."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(model.fit_predict(points))
