"""Give the cost of neighbours that are none, which trustworthiness and continuity share."""

from __future__ import annotations

import numpy as np

__all__ = ["rank_cost"]


def rank_cost(ranks: np.ndarray, n_samples: int) -> np.ndarray:
    """Return how far each anchor's neighbours lie beyond rank k in the other space.

    Parameters
    ----------
    ranks : ndarray of int of shape (n_anchors, k)
        Ranks in one space of the k nearest in another.
    n_samples : int
        More than 2k.

    Returns
    -------
    ndarray of float64 of shape (n_anchors,)
        In [0, 1]; 1 is the worst there can be.

    Examples
    --------
    Of ten rows the two nearest are the two farthest, of rank 8 and 9:

    >>> rank_cost(np.array([[8, 9], [1, 2], [2, 3]]), 10).round(4).tolist()
    [1.0, 0.0, 0.0769]
    """
    k = ranks.shape[1]
    beyond = np.maximum(ranks - k, 0).sum(axis=1, dtype=np.float64)
    return beyond * (2.0 / (k * (2.0 * n_samples - 3.0 * k - 1.0)))
