"""Costs of neighbours by their ranks in another space, in either direction."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from aeviz.evaluation import Comparison, Metric
from aeviz.evaluation.effects import Effects

__all__ = [
    "kept_shares",
    "mean_relative_rank_error",
    "neighbor_effects",
    "rank_costs",
    "relative_rank_errors",
]

Side = Literal["false", "missing"]
Cost = Callable[[np.ndarray, int], np.ndarray]


def neighbor_effects(cost: Cost, of: Side, *, sign: float = 1.0) -> Callable[[Comparison], Effects]:
    """Return the effects of rows on the costs of anchors' neighbours.

    A row costs what it costs as a neighbour of anchors, and takes the place of their k-th
    neighbour. And it stands before others: without it, their ranks would be one less.

    Parameters
    ----------
    cost : function
        From ranks, (n_anchors, k), and n_samples to the cost of each neighbour, of that shape.
    of : {"false", "missing"}
        Whether the neighbours in the low space or in the high one are looked at.
    sign : float
        -1 for a metric that is less by the costs.
    """

    def effects(found: Comparison) -> Effects:
        here, there = (found.low, found.high)[:: 1 if of == "false" else -1]
        ranks = found.ranks_in_high if of == "false" else found.ranks_in_low
        n = found.n_samples
        costs = sign * cost(ranks, n)
        drop = costs - sign * cost(np.maximum(ranks - 1, 0), n)
        as_neighbor = Effects.at(found, here.neighbors, costs - costs[:, -1:])
        partners, in_there = there.ranked_partners(found.partners, n)
        before = _sums_above(ranks, drop, in_there, n)
        return as_neighbor + Effects.at(found, partners, before, n_others=n - 1)

    return effects


def _sums_above(
    ranks: np.ndarray, values: np.ndarray, limits: np.ndarray, n_samples: int
) -> np.ndarray:
    """Return for each limit of an anchor the sum of those of its values whose ranks are above."""
    n_anchors, k = ranks.shape
    order = np.argsort(ranks, axis=1)
    # All anchors in one sorted list, each in a range of its own.
    starts = np.arange(n_anchors)[:, None] * (n_samples + 1.0)
    keys = (np.take_along_axis(ranks, order, axis=1) + starts).ravel()
    sums = np.append(0.0, np.cumsum(np.take_along_axis(values, order, axis=1)))
    ends = (1 + np.arange(n_anchors))[:, None] * k
    return np.asarray(sums[ends] - sums[np.searchsorted(keys, limits + starts, side="right")])


def kept_shares(ranks: np.ndarray, n_samples: int) -> np.ndarray:
    """Return 1 / k for each neighbour that is one of the k nearest in the other space too, or 0.

    Parameters and result as in `rank_costs`; `n_samples` changes nothing.
    """
    k = ranks.shape[1]
    return np.where(ranks <= k, 1.0 / k, 0.0)


def rank_costs(ranks: np.ndarray, n_samples: int) -> np.ndarray:
    """Return how far each anchor's neighbours lie beyond rank k in the other space.

    Parameters
    ----------
    ranks : ndarray of int of shape (n_anchors, k)
        Ranks in one space of the k nearest in another.
    n_samples : int
        More than 2k.

    Returns
    -------
    ndarray of float64 of shape (n_anchors, k)
        The sum over the k is in [0, 1]; 1 is the worst possible.

    Examples
    --------
    Among ten rows the two nearest are the two farthest, of rank 8 and 9:

    >>> rank_costs(np.array([[8, 9], [1, 2], [2, 3]]), 10).sum(axis=1).round(4).tolist()
    [1.0, 0.0, 0.0769]
    """
    k = ranks.shape[1]
    return np.maximum(ranks - k, 0) * (2.0 / (k * (2.0 * n_samples - 3.0 * k - 1.0)))


def relative_rank_errors(ranks: np.ndarray, n_samples: int) -> np.ndarray:
    """Return how far each anchor's neighbours have moved, each as a multiple of its own rank.

    Parameters and result as in `rank_costs`, neighbours nearest first.

    Notes
    -----
    Up to k = (n + 1) / 3 the worst is the order reversed, rank l becoming n - l. Beyond,
    it is worse for the last few of the k to come first: with the first t reversed and the
    others moved up by t it is Σ_{l <= t} (n - 2l) / l + Σ_{t < l <= k} t / l.

    Examples
    --------
    Among ten rows the two nearest become the two farthest, of rank 9 and 8:

    >>> relative_rank_errors(np.array([[9, 8], [1, 2], [1, 3]]), 10).sum(axis=1).round(4).tolist()
    [1.0, 0.0, 0.0455]
    """
    own = np.arange(1, ranks.shape[1] + 1)
    moved = np.abs(ranks - own) / own
    reversed_ = np.cumsum((n_samples - 2.0 * own) / own)
    left = np.cumsum((1.0 / own)[::-1])[::-1]
    worst = max(reversed_[-1], (reversed_[:-1] + own[:-1] * left[1:]).max(initial=0.0))
    return np.asarray(moved / worst)


def mean_relative_rank_error(of: Side) -> Metric:
    """Return the mean relative rank error (MRRE) of the neighbours in one of the two spaces.

    Trustworthiness and continuity count ranks beyond k only. Here every change of order
    counts, and one at the first neighbour k times as much as one at the k-th.

    Parameters
    ----------
    of : {"false", "missing"}
        Whether the neighbours in the low space are looked at (false ones cost) or those in
        the high one (missing ones cost).

    Notes
    -----
    With n rows, N_k(i) the anchor's neighbours in one space, a(i, j) and b(i, j) the ranks of
    j in that space and in the other one,

        error = mean over i of  (1 / C) · Σ_{j in N_k(i)} |b(i, j) - a(i, j)| / a(i, j),

    where C = Σ_{l=1}^{k} (n - 2l) / l makes the worst possible sum 1 for k <= (n + 1) / 3;
    beyond, C is the exact worst sum. Ranks are counted from 1 without the anchor itself.

    References
    ----------
    .. [1] Lee, J. A., Verleysen, M. (2009). Quality assessment of dimensionality reduction:
       rank-based criteria. Neurocomputing 72(7-9). doi:10.1016/j.neucom.2008.12.017
    """
    whose = "map's neighbours come from" if of == "false" else "data's neighbours gone"
    return Metric(
        name=f"mrre_{of}",
        title=f"Relative rank error, {of}",
        question=f"How far have the {whose}, relative to their rank there?",
        higher_is_better=False,
        blind_spot="The first few neighbours dominate: at k = 10 the first has a third of the "
        "weight. It is noisy for one sample and near 0 for most maps of many samples; a random "
        "map has about 0.5. Some programs give one minus it.",
        reference="Lee and Verleysen (2009), doi:10.1016/j.neucom.2008.12.017",
        scope="local",
        band=0.002,
        contributions=lambda found: relative_rank_errors(
            found.ranks_in_high if of == "false" else found.ranks_in_low, found.n_samples
        ).sum(axis=1, keepdims=True),
        effects=neighbor_effects(relative_rank_errors, of),
        depends_on_k=True,
    )
