"""Rank correlation of distances, over random pairs of rows: each anchor and its partners.

Notes
-----
With h and l the ranks of all sampled distances together in either space, equal ones
sharing their mean rank,

    ρ = (E[hl] - E[h] E[l]) / sqrt((E[h²] - E[h]²) (E[l²] - E[l]²)),

E being the mean over anchors of the mean over the anchor's partners. When all pairs are
taken each stands twice, which changes nothing. ρ is 0 where all distances are equal in one
of the spaces. Resampling counts that ranks change with the sample, to first order: to hl it adds
what the pair does to the ranks of others, E[l; h >= its own] + E[h; l >= its own], less the means
of both.

References
----------
.. [1] Spearman, C. (1904). The proof and measurement of association between two things.
   American Journal of Psychology 15(1). doi:10.2307/1412159
"""

import numpy as np

from aeviz.evaluation import Comparison, Metric

__all__ = ["SPEARMAN"]


def _pairs(found: Comparison) -> tuple[np.ndarray, ...]:
    """Return terms whose mean is ρ."""
    h, l = found.high.distance_ranks, found.low.distance_ranks  # noqa: E741 - the Notes' letters
    spread = float(h.std() * l.std())
    if spread == 0.0:
        return (np.zeros(h.shape),)
    moved = _sums_beyond(h, l) + _sums_beyond(l, h)
    return ((h * l + (moved - moved.mean())) / spread,)


def _sums_beyond(ranks: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return for each pair the sum of the values where ranks are not below its own, over n.

    Where they are equal to its own, half. Ranks are as in `SpaceView.distance_ranks`.
    """
    n = ranks.size
    # Mean ranks of ties end on a half.
    places = np.rint(2.0 * n * ranks + (n + 1)).astype(np.intp)
    at_place = np.bincount(places.ravel(), values.ravel(), minlength=2 * n + 1)
    beyond = np.cumsum(at_place[::-1])[::-1] - at_place / 2.0
    return np.asarray(beyond[places] / n)


def _clipped(means: np.ndarray) -> np.ndarray:
    return np.clip(means[..., 0], -1.0, 1.0)


SPEARMAN = Metric(
    name="spearman",
    title="Spearman of distances",
    question="Do large and small distances keep their order?",
    bounds=(-1.0, 1.0),
    blind_spot="Most pairs are far apart, so it hardly sees neighbourhoods. t-SNE and UMAP do not "
    "try to keep it: a low value is no defect of such a map but a reason not to read distances "
    "between its clusters.",
    reference="Spearman (1904), doi:10.2307/1412159",
    scope="global",
    pairs=_pairs,
    summarise=_clipped,
    headline=4,
    position=1,
)
