"""Give what shows a pair of spaces across all scales, as small arrays to save and to draw.

One number a metric hides at which scale a picture is true. The curves of neighbours kept
at every size and the density of distances against distances show it; both follow from a
`Comparison` and nothing is measured anew.
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison

__all__ = ["N_BINS", "curves", "shown_sizes"]

N_BINS = 60
_MAX_SIZES = 200
_TINY = float(np.finfo(np.float64).tiny)


def shown_sizes(n_samples: int) -> np.ndarray:
    """Return at most 200 sizes of neighbourhoods from 1 to n_samples - 2, evenly on a log axis.

    Examples
    --------
    >>> shown_sizes(7).tolist(), len(shown_sizes(70_000)) <= 200
    ([1, 2, 3, 4, 5], True)
    """
    spaced = np.geomspace(1, n_samples - 2, _MAX_SIZES)
    return np.unique(np.rint(spaced).astype(np.int64))


def curves(comparison: Comparison) -> dict[str, np.ndarray]:
    """Return the curves over sizes of neighbourhoods and the Shepard density.

    Parameters
    ----------
    comparison : Comparison
        With ranked anchors.

    Returns
    -------
    dict of str to ndarray
        `k` of shape (n_sizes,), the sizes, of `shown_sizes`; `q_nx` and `r_nx` of shape
        (n_sizes,), the share of the k nearest rows that both spaces have in common, and the
        same from chance (0) to all (1); `shepard` of shape (60, 60), float32 of sum 1, the
        share of the sampled pairs of rows at each distance in the high space (first axis)
        and in the low one, both from 0 to the largest, in even steps.

    Raises
    ------
    ValueError
        If no anchor was ranked.

    Notes
    -----
    ``r_nx = ((n - 1) q_nx - k) / (n - 1 - k)``, see `aeviz.metrics.auc_rnx`.
    """
    if comparison.rank_curve is None:
        raise ValueError("curves need ranked anchors, got a comparison without (n_ranked=0)")
    k = shown_sizes(comparison.n_samples)
    q_nx = comparison.rank_curve[k - 1]
    n_others = comparison.n_samples - 1
    r_nx = (n_others * q_nx - k) / (n_others - k)
    in_high, in_low = _bins(comparison.high.distances), _bins(comparison.low.distances)
    pairs = np.bincount(in_high * N_BINS + in_low, minlength=N_BINS**2).reshape(N_BINS, N_BINS)
    return {"k": k, "q_nx": q_nx, "r_nx": r_nx, "shepard": (pairs / pairs.sum()).astype(np.float32)}


def _bins(distances: np.ndarray) -> np.ndarray:
    """Return in which of the even steps from 0 to the largest distance each lies."""
    shares = distances.ravel() / max(float(distances.max()), _TINY)
    return np.minimum((shares * N_BINS).astype(np.int64), N_BINS - 1)
