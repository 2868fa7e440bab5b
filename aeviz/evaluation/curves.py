"""Curves of a pair of spaces across all scales, as small arrays to save and to draw.

One number per metric hides at which scale an embedding is true. The curves of neighbours
kept at every size and the density of distances against distances show it; both follow from
a `Comparison` and nothing is measured anew.
"""

from dataclasses import dataclass

import numpy as np

from aeviz.evaluation.comparison import Comparison

__all__ = ["N_BINS", "Curves", "curves", "shown_sizes"]

N_BINS = 60
_MAX_SIZES = 200
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, eq=False)
class Curves:
    """Curves over neighbourhood sizes, and the Shepard density.

    Parameters
    ----------
    k : ndarray of int of shape (n_sizes,)
        The sizes, of `shown_sizes`.
    q_nx : ndarray of float64 of shape (n_sizes,)
        The share of the k nearest rows that both spaces have in common.
    r_nx : ndarray of float64 of shape (n_sizes,)
        The same on a scale from chance (0) to all (1):
        ``r_nx = ((n - 1) q_nx - k) / (n - 1 - k)``.
    shepard : ndarray of float32 of shape (60, 60)
        Of sum 1: the share of the sampled pairs of rows at each distance in the high space
        (first axis) and in the low one, both from 0 to the largest, in even steps.
    """

    k: np.ndarray
    q_nx: np.ndarray
    r_nx: np.ndarray
    shepard: np.ndarray


def shown_sizes(n_samples: int) -> np.ndarray:
    """Return at most 200 neighbourhood sizes from 1 to n_samples - 2, evenly on a log axis.

    Examples
    --------
    >>> shown_sizes(7).tolist(), len(shown_sizes(70_000)) <= 200
    ([1, 2, 3, 4, 5], True)
    """
    spaced = np.geomspace(1, n_samples - 2, _MAX_SIZES)
    return np.unique(np.rint(spaced).astype(np.int64))


def curves(comparison: Comparison) -> Curves:
    """Return the curves over neighbourhood sizes and the Shepard density.

    Raises
    ------
    ValueError
        If no anchor was ranked.
    """
    if comparison.rank_curve is None:
        raise ValueError("curves need ranked anchors, got a comparison without (n_ranked=0)")
    k = shown_sizes(comparison.n_samples)
    q_nx = comparison.rank_curve[k - 1]
    n_others = comparison.n_samples - 1
    r_nx = (n_others * q_nx - k) / (n_others - k)
    in_high, in_low = _bins(comparison.high.distances), _bins(comparison.low.distances)
    pairs = np.bincount(in_high * N_BINS + in_low, minlength=N_BINS**2).reshape(N_BINS, N_BINS)
    return Curves(k, q_nx, r_nx, (pairs / pairs.sum()).astype(np.float32))


def _bins(distances: np.ndarray) -> np.ndarray:
    """Return in which of the even steps from 0 to the largest distance each lies."""
    shares = distances.ravel() / max(float(distances.max()), _TINY)
    return np.minimum((shares * N_BINS).astype(np.int64), N_BINS - 1)
