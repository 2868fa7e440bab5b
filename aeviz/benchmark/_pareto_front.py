"""Find which methods nothing beats in quality without taking longer."""

from __future__ import annotations

import numpy as np

__all__ = ["front"]


def front(quality: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Tell which points are not dominated.

    Parameters
    ----------
    quality : ndarray of shape (n_methods,)
        Higher is better.
    seconds : ndarray of shape (n_methods,)

    Returns
    -------
    ndarray of bool of shape (n_methods,)
        True where no other is at least as good and as fast, and in one of the two better.

    Examples
    --------
    >>> front(np.array([0.9, 0.8, 0.7]), np.array([5.0, 1.0, 2.0])).tolist()
    [True, True, False]
    """
    is_as_good = quality[:, None] >= quality[None, :]
    is_as_fast = seconds[:, None] <= seconds[None, :]
    is_better = (quality[:, None] > quality[None, :]) | (seconds[:, None] < seconds[None, :])
    dominates = is_as_good & is_as_fast & is_better
    return np.asarray(~dominates.any(axis=0))
