"""Give what neighbours cost that another space has elsewhere, for metrics of either direction."""

from __future__ import annotations

import numpy as np

__all__ = ["rank_cost", "relative_rank_error"]


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


def relative_rank_error(ranks: np.ndarray, n_samples: int) -> np.ndarray:
    """Return how far each anchor's neighbours have moved, each as a multiple of its own rank.

    Parameters
    ----------
    ranks : ndarray of int of shape (n_anchors, k)
        Ranks in one space of the k nearest in another, nearest first.
    n_samples : int
        More than 2k.

    Returns
    -------
    ndarray of float64 of shape (n_anchors,)
        In [0, 1]; 1 is the worst there can be.

    Notes
    -----
    Up to k = (n + 1) / 3 the worst is the order reversed, rank l becoming n - l. Beyond,
    it is worse for the last few of the k to come first: with the first t reversed and the
    others moved up by t it is Σ_{l <= t} (n - 2l) / l + Σ_{t < l <= k} t / l.

    Examples
    --------
    Of ten rows the two nearest become the two farthest, of rank 9 and 8:

    >>> relative_rank_error(np.array([[9, 8], [1, 2], [1, 3]]), 10).round(4).tolist()
    [1.0, 0.0, 0.0455]
    """
    own = np.arange(1, ranks.shape[1] + 1)
    moved = (np.abs(ranks - own) / own).sum(axis=1)
    reversed_ = np.cumsum((n_samples - 2.0 * own) / own)
    left = np.cumsum((1.0 / own)[::-1])[::-1]
    worst = max(reversed_[-1], (reversed_[:-1] + own[:-1] * left[1:]).max(initial=0.0))
    return moved / worst
