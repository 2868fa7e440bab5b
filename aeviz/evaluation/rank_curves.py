"""Curves over neighbourhoods of every size, and the area under them, from ranks of all rows.

A curve over every neighbourhood size K needs the rank of every row in both spaces, a sort
per row and space. Only this is kept of a pair: how many rows have max(rank in the high
space, rank in the low one) equal to m, since a row is among the K nearest in both exactly
where that is at most K; and one number per anchor.

Why one number per anchor is enough for the area under R_NX: the area is linear in the
anchor's own Q_NX, and that is a sum over rows of steps at m, so each row adds what a table
says of its m.

What a row changes in the areas of other anchors, which intervals need, is added up likewise: it
is one of the rows of their sums, and stands before others, whose ranks would be one less without
it. Effects are whole multiples of 2⁻⁴⁰, so that the order in which threads come changes nothing.
"""

from functools import cached_property
from threading import Lock

import numpy as np

from aeviz.core.numba_cache import kept

__all__ = ["CurveSums", "area_table"]

_STEPS = 2.0**40
# Of fewer of the rows the ranked anchors' own numbers are all that counts.
_MIN_SHARE = 0.05


def area_table(n_samples: int) -> np.ndarray:
    """Return what a row adds to the anchor's area under R_NX, by the larger of its ranks.

    Notes
    -----
    With N = n - 1, Q(K) = |{j: m_j <= K}| / K and R(K) = (N Q(K) - K) / (N - K) for
    K = 1 .. N - 1, the area is Σ R(K) / K / H, H = Σ 1 / K. Here Σ R(K) / K is

        Σ over j of  w(m_j)  -  H,    w(m) = Σ over K >= m of  N / ((N - K) K²),

    since Σ 1 / (N - K) = H too. So the area is Σ w(m_j) / H - 1.

    Returns
    -------
    ndarray of float64 of shape (n_samples,)
        w(m) / H at m = 1 .. N, and 0 at 0, which is the anchor itself.
    """
    largest = n_samples - 1
    sizes = np.arange(1, largest, dtype=np.float64)
    terms = largest / ((largest - sizes) * sizes**2)
    table = np.zeros(n_samples)
    table[1:largest] = np.cumsum(terms[::-1])[::-1] / np.sum(1.0 / sizes)
    return table


class CurveSums:
    """Sums over the ranked anchors of one pair of spaces, added from any thread.

    Attributes
    ----------
    counts : ndarray of int64 of shape (n_samples,)
        How many rows have which larger rank, over all anchors.
    areas : ndarray of float64 of shape (n_ranked,)
        Each anchor's area under R_NX.
    squares : ndarray of float64 of shape (n_ranked,)
        The sum of the squared effects of all rows on it; zeros where they were not looked at.
    """

    def __init__(self, n_ranked: int, n_samples: int) -> None:
        self.counts = np.zeros(n_samples, np.int64)
        self.areas = np.empty(n_ranked)
        self.squares = np.zeros(n_ranked)
        self._has_effects = n_ranked >= _MIN_SHARE * n_samples
        self._steps = np.zeros(n_samples if self._has_effects else 0, np.int64)
        self._lock = Lock()

    def add(
        self, place: int, in_high: np.ndarray, in_low: np.ndarray, *, table: np.ndarray
    ) -> None:
        """Add the ranked anchor of number `place`, by its ranks in both spaces."""
        counts = np.bincount(np.maximum(in_high, in_low), minlength=len(table))
        self.areas[place] = counts @ table - 1.0
        steps: np.ndarray | int = 0
        if self._has_effects:
            effects = np.empty(len(table))
            _write_effects(in_high, in_low, table, effects)
            self.squares[place] = effects @ effects
            steps = np.rint(effects * _STEPS).astype(np.int64)
        # Whole numbers, so that the order in which threads come changes nothing.
        with self._lock:
            self.counts += counts
            self._steps += steps

    @property
    def effects(self) -> np.ndarray | None:
        """Return what each row adds to the areas of all ranked anchors; None if too few are."""
        return self._steps / _STEPS if self._has_effects else None

    @cached_property
    def curve(self) -> np.ndarray:
        """Return Q_NX(K) at K = 1 .. n_samples - 2, float64, once all anchors are added."""
        sizes = np.arange(1, len(self.counts) - 1)
        return np.cumsum(self.counts[1:-1]) / (sizes * float(len(self.areas)))


@kept("void(i4[::1], i4[::1], f8[::1], f8[::1])", nogil=True)
def _write_effects(
    in_high: np.ndarray, in_low: np.ndarray, table: np.ndarray, effects: np.ndarray
) -> None:
    """Write what each row adds to one anchor's area: by its own ranks, and by others' beyond."""
    n = len(table)
    of_high, of_low = np.zeros(n + 1), np.zeros(n + 1)
    for row in range(n):
        high, low = in_high[row], in_low[row]
        larger = max(high, low)
        if larger > 1:
            change = table[larger] - table[larger - 1]
            if high == low:
                change /= 2.0
            if high >= low:
                of_high[high] += change
            if low >= high:
                of_low[low] += change
    for rank in range(n - 1, 0, -1):
        of_high[rank] += of_high[rank + 1]
        of_low[rank] += of_low[rank + 1]
    for row in range(n):
        high, low = in_high[row], in_low[row]
        if high == 0:  # the anchor itself
            effects[row] = 0.0
        else:
            effects[row] = table[max(high, low)] + of_high[high + 1] + of_low[low + 1]
