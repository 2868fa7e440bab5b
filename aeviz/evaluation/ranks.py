"""Nearest rows and exact ranks in a block of distances, without sorting whole rows.

The rank of row j for an anchor is one plus the number of rows that come before it,
ordered by distance and, at equal distance, by row number. The anchor itself has no
rank. scikit-learn leaves the order of equal distances to its sort, so the two agree
wherever distances differ.

Why not sort: an argsort of 70,000 distances takes 4 ms, and 10,000 anchors in nine
spaces need 90,000 of them. Asked for are the ranks of a few rows only, most of them near.
Hence the nearest few hundred of every row are sorted, found by a limit that is estimated
from every few-th distance; the rank of a row beyond them is counted. The estimate decides
the speed, never the result.

Row j comes before row i where its distance is smaller, or equal and j < i. There are two
ways to count with the same results. Each call of NumPy lets another thread have the
interpreter and waits to get it back, which for rows of some ten thousand distances takes
longer than comparing them: there all wanted rows of an anchor are compared in one call,
once for "not after" and once for "equal". Long rows are read once only, cut at the wanted
row.
"""

import numpy as np

__all__ = ["RankedBlock", "all_ranks", "counted_ranks"]

# Limits are drawn from a subsample in which about this many distances lie below them.
_BELOW_LIMIT = 8
_SMALLEST_NEAR, _LARGEST_NEAR = 128, 512
_SHORT_ROW = 32_768
_TOGETHER = 8


class RankedBlock:
    """Distances of some anchors to all rows of one space, with their ranks.

    Parameters
    ----------
    distances : ndarray of shape (n_anchors, n_samples)
        Distances or anything that grows with them; infinite for the anchor itself.
    anchors : ndarray of int of shape (n_anchors,)
        Row numbers of the anchors.
    n_neighbors : int
        How many neighbours every anchor is to have.

    Attributes
    ----------
    neighbors : ndarray of int32 of shape (n_anchors, n_neighbors)
        Row numbers, nearest first.
    """

    def __init__(self, distances: np.ndarray, anchors: np.ndarray, n_neighbors: int) -> None:
        self.distances = distances
        n_samples = distances.shape[1]
        n_near = int(np.clip(n_samples // 128, _SMALLEST_NEAR, _LARGEST_NEAR))
        n_near = min(max(n_near, 4 * n_neighbors), n_samples - 1)
        self._near = _nearest(distances, anchors, n_near, n_neighbors)
        self.neighbors = self._near[:, :n_neighbors]

    def ranks(self, wanted: np.ndarray, positions: np.ndarray) -> np.ndarray:
        """Return the ranks of some rows for every anchor.

        `wanted` are row numbers, none of them the anchor's own; ranks are int32, of the same
        shape, in 1..n_samples - 1. `positions` are zeros of int32, of the shape of the distances,
        to work in, and zeros again afterwards.
        """
        firsts = np.arange(len(positions))[:, None] * positions.shape[1]
        of_near = self._near + firsts
        flat = positions.reshape(-1)
        flat[of_near] = np.arange(1, self._near.shape[1] + 1, dtype=np.int32)
        ranks: np.ndarray = flat[wanted + firsts]
        flat[of_near] = 0
        far = np.nonzero(ranks == 0)
        ranks[far] = counted_ranks(self.distances, far[0], wanted[far])
        return ranks


def _nearest(distances: np.ndarray, anchors: np.ndarray, n_near: int, n_least: int) -> np.ndarray:
    """Return the nearest rows in order, about `n_near` per anchor, padded with the anchor.

    All rows that are left out are farther than those.
    """
    n_anchors, n_samples = distances.shape
    limits = _limits(distances, n_near)
    within = np.flatnonzero(distances <= limits[:, None])
    bounds = np.searchsorted(within, np.arange(n_anchors + 1) * n_samples)
    counts = np.diff(bounds)
    is_odd = (counts < n_least) | (counts > 4 * n_near)
    odd = np.flatnonzero(is_odd)
    if len(odd):
        within = within[np.repeat(~is_odd, counts)]
        counts[odd] = 0
    width = max(int(counts.max()), n_near if len(odd) else 0)
    is_there = np.arange(width) < counts[:, None]
    near = np.repeat(anchors.astype(np.int32)[:, None], width, axis=1)
    near[is_there] = within % n_samples
    values = np.full((n_anchors, width), np.inf, distances.dtype)
    values[is_there] = distances.ravel()[within]
    for anchor in odd:
        first = _first(distances[anchor], n_near)
        near[anchor, :n_near] = first
        values[anchor, :n_near] = distances[anchor, first]
    return _in_order(near, values)


def _in_order(near: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return rows sorted by their values, equal ones in the order in which they come.

    Both of shape (n_anchors, n_near); rows are increasing but for a padding of infinite values.
    """
    if values.dtype != np.float32:
        return np.take_along_axis(near, np.argsort(values, axis=1, kind="stable"), axis=1)
    # Value and row number in one whole number sort ten times as fast as a stable argsort:
    # floats have the order of their bits, the negative ones backwards; +0 turns -0 into 0.
    bits = np.add(values, np.float32(0)).view(np.int32)
    bits ^= (bits >> 31) & np.int32(0x7FFFFFFF)
    keys = bits.astype(np.int64)
    keys <<= 32
    keys |= near
    keys.sort(axis=1)
    rows: np.ndarray = keys.astype(np.int32)
    return rows


def _limits(distances: np.ndarray, n_near: int) -> np.ndarray:
    """Return a distance for every anchor below which about `n_near` rows lie."""
    n_samples = distances.shape[1]
    n_drawn = min(n_samples, n_samples * _BELOW_LIMIT // n_near)
    # Every few-th row would do but for data in a periodic order, and MNIST is such a set.
    jitter = np.random.default_rng(0).random(n_drawn)
    drawn = ((np.arange(n_drawn) + jitter) * (n_samples / n_drawn)).astype(np.intp)
    sample = distances.take(drawn, axis=1)
    order = min(_BELOW_LIMIT, n_drawn - 1)
    return np.partition(sample, order, axis=1)[:, order]


def _first(distances: np.ndarray, n_first: int) -> np.ndarray:
    """Return the `n_first` nearest rows, those of lowest number among the last equal ones."""
    last = np.partition(distances, n_first - 1)[n_first - 1]
    before = np.flatnonzero(distances < last)
    equal = np.flatnonzero(distances == last)
    return np.sort(np.concatenate([before, equal[: n_first - len(before)]]))


def counted_ranks(
    distances: np.ndarray, anchors: np.ndarray, rows: np.ndarray, *, short_row: int = _SHORT_ROW
) -> np.ndarray:
    """Return the ranks of some rows, each for one anchor, int32.

    `anchors` are positions in `distances`, those of one anchor one after the other; rows are of
    finite distance to them. Up to `short_row` samples a few rows are compared at once.
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


def all_ranks(distances: np.ndarray, anchor: int) -> np.ndarray:
    """Return the ranks of all rows for one anchor, equal distances ranked by row number.

    Distances are infinite for the anchor itself, whose rank is 0; 1 is nearest. int32.

    Examples
    --------
    >>> all_ranks(np.array([4.0, np.inf, 1.0, 4.0]), 1).tolist()
    [2, 0, 1, 3]
    """
    n_samples = len(distances)
    (order,) = _in_order(np.arange(n_samples, dtype=np.int32)[None], distances[None])
    ranks = np.empty(n_samples, np.int32)
    ranks[order] = np.arange(1, n_samples + 1, dtype=np.int32)
    ranks[anchor] = 0
    return ranks
