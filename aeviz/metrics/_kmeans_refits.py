"""k-means fitted anew to resamples of the anchors, all of them at once.

Each resample is fitted from the clusters that all anchors have and from two starts by k-means++;
the fit of the least sum of squares counts. So little is asked of each that a library's call, some
milliseconds before it begins, would take most of the time.
"""

import numpy as np
from scipy.sparse import csr_array

__all__ = ["refitted"]

_N_SEEDED = 2
_MAX_ITERATIONS = 50


def refitted(
    points: np.ndarray, first: np.ndarray, counts: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Return the clusters of points in resamples of them.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_features)
    first : ndarray of int of shape (n_points,)
        The clusters of all, from 0 on.
    counts : ndarray of shape (n_resamples, n_points)
        How often each resample holds each point.
    random : Generator

    Returns
    -------
    ndarray of int of shape (n_resamples, n_points)
        Also of points that a resample does not hold: the nearest center's.
    """
    n_resamples, n_clusters = len(counts), int(first.max()) + 1
    # Fits of one resample lie n_resamples apart.
    weights = np.tile(counts, (1 + _N_SEEDED, 1)).astype(points.dtype)
    clusters = np.tile(first, (len(weights), 1))
    seeded = slice(n_resamples, None)
    centers = _seeds(points, weights[seeded], n_clusters, random)
    clusters[seeded], _ = _nearest(points, centers)
    squares = np.empty(len(weights))
    active = np.arange(len(weights))
    for _ in range(_MAX_ITERATIONS):
        centers = _centers(points, weights[active], clusters[active], n_clusters)
        found, distances = _nearest(points, centers)
        squares[active] = (weights[active] * distances).sum(axis=1)
        has_moved = (found != clusters[active]).any(axis=1)
        clusters[active] = found
        active = active[has_moved]
        if not len(active):
            break
    best = squares.reshape(-1, n_resamples).argmin(axis=0)
    return np.asarray(clusters.reshape(-1, n_resamples, len(points))[best, np.arange(n_resamples)])


def _nearest(points: np.ndarray, centers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each point's nearest center and its squared distance, (n_fits, n_points) of either."""
    n_fits, n_clusters, n_features = centers.shape
    farness = points @ centers.reshape(-1, n_features).T
    farness *= -2.0
    farness += np.square(centers).sum(axis=2).ravel()
    by_fit = farness.reshape(len(points), n_fits, n_clusters)
    nearest = by_fit.argmin(axis=2)
    least = np.take_along_axis(by_fit, nearest[:, :, None], axis=2)[:, :, 0]
    return nearest.T, least.T + np.square(points).sum(axis=1)


def _centers(
    points: np.ndarray, weights: np.ndarray, clusters: np.ndarray, n_clusters: int
) -> np.ndarray:
    """Return the means of the clusters, (n_fits, n_clusters, n_features); an empty one's at 0."""
    n_fits, n_points = clusters.shape
    cells = clusters + n_clusters * np.arange(n_fits)[:, None]
    columns = np.broadcast_to(np.arange(n_points), cells.shape)
    shape = (n_fits * n_clusters, n_points)
    sums = csr_array((weights.ravel(), (cells.ravel(), columns.ravel())), shape=shape)
    sizes = np.maximum(np.asarray(sums.sum(axis=1)), 1.0)
    means = np.asarray(sums @ points) / sizes[:, None]
    return np.asarray(means.astype(points.dtype).reshape(n_fits, n_clusters, -1))


def _seeds(
    points: np.ndarray, weights: np.ndarray, n_clusters: int, random: np.random.Generator
) -> np.ndarray:
    """Return centers by k-means++, (n_fits, n_clusters, n_features)."""
    n_fits = len(weights)
    centers = np.empty((n_fits, n_clusters, points.shape[1]), points.dtype)
    odds = weights.astype(np.float64)
    least = np.full(weights.shape, np.inf)
    for number in range(n_clusters):
        reach = np.cumsum(odds, axis=1)
        drawn = random.random((n_fits, 1)) * reach[:, -1:]
        rows = np.minimum((reach <= drawn).sum(axis=1), len(points) - 1)
        centers[:, number] = points[rows]
        _, distances = _nearest(points, centers[:, number : number + 1])
        np.minimum(least, np.maximum(distances, 0.0), out=least)
        odds = weights * least
    return centers
