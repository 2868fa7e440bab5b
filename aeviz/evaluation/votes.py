"""Votes of neighbours on a class, ties going to the lowest one."""

from __future__ import annotations

import numpy as np

__all__ = ["majority"]


def majority(classes: np.ndarray) -> np.ndarray:
    """Return the commonest class of each row.

    Parameters
    ----------
    classes : ndarray of int of shape (n_rows, n_votes)

    Examples
    --------
    >>> majority(np.array([[2, 1, 2], [3, 1, 2]])).tolist()
    [2, 1]
    """
    votes = np.sort(classes, axis=1)
    # In sorted votes, how many equal ones each has up to itself: the largest count wins,
    # and argmax takes the first of equal counts, which is the lowest class.
    equal_before = np.ones(votes.shape, np.int64)
    for place in range(1, votes.shape[1]):
        is_same = votes[:, place] == votes[:, place - 1]
        equal_before[:, place] += is_same * equal_before[:, place - 1]
    winners: np.ndarray = np.take_along_axis(votes, equal_before.argmax(axis=1)[:, None], axis=1)
    return winners[:, 0]
