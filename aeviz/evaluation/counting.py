"""Counts of the rows that come before a few wanted ones, for ranks beyond the sorted rows.

Row j comes before row i where its distance is smaller, or equal and j < i. There are two
ways to count with the same results. Each call of NumPy lets another thread have the
interpreter and waits to get it back, which for rows of some ten thousand distances takes
longer than comparing them: there all wanted rows of an anchor are compared in one call,
once for "not after" and once for "equal". Long rows are read once only, cut at the wanted
row.
"""

from __future__ import annotations

import numpy as np

__all__ = ["counted_ranks"]

_SHORT_ROW = 32_768
_TOGETHER = 8


def counted_ranks(
    distances: np.ndarray, anchors: np.ndarray, rows: np.ndarray, *, short_row: int = _SHORT_ROW
) -> np.ndarray:
    """Return the ranks of some rows, each for one anchor.

    Parameters
    ----------
    distances : ndarray of shape (n_anchors, n_samples)
        Infinite for the anchor itself.
    anchors : ndarray of int of shape (n_wanted,)
        Positions of anchors in `distances`, those of one anchor one after the other.
    rows : ndarray of int of shape (n_wanted,)
        Of finite distance to their anchors.
    short_row : int
        Up to how many samples a few wanted rows are compared at once.

    Returns
    -------
    ndarray of int32 of shape (n_wanted,)
    """
    limits = distances[anchors, rows]
    if distances.shape[1] > short_row:
        return _one_by_one(distances, anchors.tolist(), rows.tolist(), limits)
    ranks = np.empty(len(rows), np.int32)
    comparisons = np.empty((_TOGETHER, distances.shape[1]), bool)
    ends = np.flatnonzero(np.diff(anchors, append=-1)) + 1
    first = 0
    for end in ends.tolist():
        of_anchor = distances[anchors[first]]
        for start in range(first, end, _TOGETHER):
            part = slice(start, min(start + _TOGETHER, end))
            ranks[part] = _together(of_anchor, rows[part], limits[part], comparisons)
        first = end
    return ranks


def _together(
    of_anchor: np.ndarray, rows: np.ndarray, limits: np.ndarray, comparisons: np.ndarray
) -> list[int]:
    """Count for a few rows of one anchor at once."""
    comparisons = comparisons[: len(rows)]
    np.less_equal(of_anchor, limits[:, None], comparisons)
    ranks = [int(np.count_nonzero(is_not_after)) for is_not_after in comparisons]
    np.equal(of_anchor, limits[:, None], comparisons)
    if np.count_nonzero(comparisons) > len(rows):
        for place, row in enumerate(rows.tolist()):
            ranks[place] -= int(np.count_nonzero(comparisons[place, row + 1 :]))
    return ranks


def _one_by_one(
    distances: np.ndarray, anchors: list[int], rows: list[int], limits: np.ndarray
) -> np.ndarray:
    """Count for one row after the other."""
    ranks = np.empty(len(rows), np.int32)
    is_before = np.empty(distances.shape[1], bool)
    for place, (anchor, row) in enumerate(zip(anchors, rows, strict=True)):
        of_anchor = distances[anchor]
        limit = limits[place, ...]  # an array of no axes, which costs less than a number
        np.less_equal(of_anchor[:row], limit, is_before[:row])
        np.less(of_anchor[row:], limit, is_before[row:])
        ranks[place] = 1 + np.count_nonzero(is_before)
    return ranks
