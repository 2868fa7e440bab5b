"""Compute ranks the slow way: every row sorted by (distance, row number)."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist


def all_ranks(X: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return ranks 1..n-1 of all rows for some anchors; 0 for the anchor itself."""
    # Equal are those that are so in single precision.
    distances = cdist(X[rows], X, "sqeuclidean").astype(np.float32)
    ranks = np.zeros(distances.shape, int)
    for anchor, (row, distance) in enumerate(zip(rows, distances, strict=True)):
        order = np.lexsort((np.arange(len(X)), distance))
        ranks[anchor, order[order != row]] = np.arange(1, len(X))
    return ranks


def neighbors(ranks: np.ndarray, n_neighbors: int) -> np.ndarray:
    """Return the rows of rank 1..n_neighbors."""
    return np.argsort(np.where(ranks == 0, ranks.shape[1], ranks), axis=1)[:, :n_neighbors]
