"""Find the clusters of samples, or that there are no clear ones.

The clusters are dense groups, see `aeviz.clustering._dense_groups`. A map plays no part in it.
Every cluster is tried on resamples, so that chance groups are told from those that come back.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA

from aeviz.clustering._dense_groups import MIN_SAMPLES, dense_groups
from aeviz.clustering._stability import stability_of
from aeviz.neighbors.search import neighbors_of

__all__ = ["STABLE", "Clustering", "find_clusters"]

STABLE = 0.75
"""Least mean Jaccard similarity of a stable cluster, as Hennig (2007) recommends."""

_N_RESAMPLES = 10
_MOST_OUTSIDE = 0.1
_MOST_FEATURES = 50
# A resample has about two thirds of the samples, and should have room for two groups.
_FEWEST = 4 * MIN_SAMPLES


@dataclass(frozen=True, eq=False)
class Clustering:
    """Clusters of samples.

    Parameters
    ----------
    labels : ndarray of int of shape (n_samples,)
        From 0 on, largest cluster first; -1 for a sample in none. All are -1 where there are no
        clear clusters.
    stability : ndarray of shape (n_clusters,)
        In [0, 1]; from `STABLE` on a cluster is stable.
    contact : ndarray of shape (n_clusters, n_clusters)
        Share of the nearest neighbours of the samples of one cluster (row) that are in each
        cluster (column).
    n_clustered : int
        How many samples the clusters were found in; the others are in the cluster of the nearest
        of these.
    """

    labels: np.ndarray
    stability: np.ndarray
    contact: np.ndarray
    n_clustered: int

    @property
    def n_clusters(self) -> int:
        """Return the number of clusters, 0 where there are no clear ones."""
        return len(self.stability)

    @property
    def is_stable(self) -> np.ndarray:
        """Return which clusters are stable, ndarray of bool of shape (n_clusters,)."""
        return np.asarray(self.stability >= STABLE)


def find_clusters(
    X: np.ndarray,
    *,
    random_state: int = 0,
    n_most: int = 5_000,
    progress: Callable[[float, float], None] | None = None,
) -> Clustering:
    """Return the clusters of samples.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite numbers, for example codes. Of more than 50 features, the first 50 principal
        components are used.
    random_state : int
        Decides the resamples, and the samples that clusters are found in.
    n_most : int
        Clusters are found in so many samples, drawn at random, if there are more.
    progress : function (done, total) or None
        Resamples done.

    Returns
    -------
    Clustering
        Without clusters where there are fewer than 60 samples, and where what was found may be
        parts of one heap: where fewer than two groups are clear, or those hold less than half of
        the samples that are in groups. A clear one is stable, and at most a tenth of its samples'
        nearest neighbours are outside.

    Notes
    -----
    Stability alone is not enough: a long heap without a gap is cut into the same parts again and
    again. Of 300 heaps (Gaussian, uniform, log-normal, or eight times as long as wide), 24 had
    two stable groups and 6 two clear ones.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> heap = random.normal(size=(200, 4)).astype(np.float32)
    >>> find_clusters(heap).n_clusters, find_clusters(np.concatenate([heap, heap + 9])).n_clusters
    (0, 2)
    """
    random = np.random.default_rng(random_state)
    rows = np.arange(len(X))
    if len(X) > n_most:
        rows = np.sort(random.choice(len(X), n_most, replace=False))
    none = Clustering(np.full(len(X), -1), np.empty(0), np.empty((0, 0)), len(rows))
    if len(rows) < _FEWEST:
        return none
    values = np.ascontiguousarray(X, dtype=np.float32)
    if X.shape[1] > _MOST_FEATURES:
        axes = PCA(_MOST_FEATURES, random_state=random_state).fit(values[rows])
        values = np.ascontiguousarray(axes.transform(values), dtype=np.float32)
    drawn = values[rows]
    groups, neighbors = dense_groups(drawn)
    if groups.max() < 0:
        return none
    groups = _by_size(groups)
    report = progress or (lambda done, total: None)
    stability = stability_of(
        drawn, groups, n_resamples=_N_RESAMPLES, random=random, progress=report
    )
    contact = _contact(groups, neighbors)
    is_clear = (stability >= STABLE) & (1 - contact.diagonal() <= _MOST_OUTSIDE)
    sizes = np.bincount(groups[groups >= 0])
    if is_clear.sum() < 2 or sizes[is_clear].sum() < sizes.sum() / 2:
        return none
    labels = groups
    if len(rows) < len(X):
        nearest, _ = neighbors_of(values, drawn, 1)
        labels = groups[nearest[:, 0]]
    return Clustering(labels, stability, contact, len(rows))


def _by_size(groups: np.ndarray) -> np.ndarray:
    """Return groups numbered by their size, largest first."""
    order = np.argsort(-np.bincount(groups[groups >= 0]), kind="stable")
    number = np.empty(len(order) + 1, int)
    number[order], number[-1] = np.arange(len(order)), -1
    return number[groups]


def _contact(groups: np.ndarray, neighbors: np.ndarray) -> np.ndarray:
    """Return the share of one group's neighbours that are in each group."""
    n_groups = int(groups.max()) + 1
    links = np.zeros((n_groups + 1, n_groups + 1))
    np.add.at(links, (groups[:, None] + 1, groups[neighbors] + 1), 1)
    return np.asarray(links[1:, 1:] / links[1:].sum(axis=1, keepdims=True))
