"""Ranks of all rows for some of the anchors, and the sums that curves over all sizes need.

A curve over every neighbourhood size K needs the rank of every row in both spaces, a sort
per row and space. Only this is kept of a pair: how many rows have max(rank in the high
space, rank in the low one) equal to m, since a row is among the K nearest in both exactly
where that is at most K; and one number per anchor.

Why one number per anchor is enough for the area under R_NX: the area is linear in the
anchor's own Q_NX, and that is a sum over rows of steps at m, so each row adds what a table
says of its m.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock

import numpy as np

from aeviz.evaluation.ranks import in_order

__all__ = ["CurveSums", "all_ranks", "area_table"]


def all_ranks(distances: np.ndarray, anchor: int) -> np.ndarray:
    """Return the ranks of all rows for one anchor, equal distances ranked by row number.

    Distances are infinite for the anchor itself, whose rank is 0; 1 is nearest. int32.

    Examples
    --------
    >>> all_ranks(np.array([4.0, np.inf, 1.0, 4.0]), 1).tolist()
    [2, 0, 1, 3]
    """
    n_samples = len(distances)
    (order,) = in_order(np.arange(n_samples, dtype=np.int32)[None], distances[None])
    ranks = np.empty(n_samples, np.int32)
    ranks[order] = np.arange(1, n_samples + 1, dtype=np.int32)
    ranks[anchor] = 0
    return ranks


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
    """

    def __init__(self, n_ranked: int, n_samples: int) -> None:
        self.counts = np.zeros(n_samples, np.int64)
        self.areas = np.empty(n_ranked)
        self._lock = Lock()

    def add(
        self, place: int, in_high: np.ndarray, in_low: np.ndarray, *, table: np.ndarray
    ) -> None:
        """Add the ranked anchor of number `place`, by its ranks in both spaces."""
        counts = np.bincount(np.maximum(in_high, in_low), minlength=len(table))
        self.areas[place] = counts @ table - 1.0
        # Whole numbers, so that the order in which threads come changes nothing.
        with self._lock:
            self.counts += counts

    @cached_property
    def curve(self) -> np.ndarray:
        """Return Q_NX(K) at K = 1 .. n_samples - 2, float64, once all anchors are added."""
        sizes = np.arange(1, len(self.counts) - 1)
        return np.cumsum(self.counts[1:-1]) / (sizes * float(len(self.areas)))
