"""Measure whether what is far in the data is far in the picture.

It is the rank correlation of distances, over random pairs of rows: each anchor and its
partners.

Bounds [-1, 1], higher is better; 1 means that the order of all distances is kept. It is
0 where all distances are equal in one of the spaces, for such a space orders nothing.

Pitfall: most pairs are far apart, so it is about the large structure and hardly sees
neighbourhoods. t-SNE and UMAP do not try to keep it: a low value there is no defect of
the picture but a reason not to read distances between clusters.

Notes
-----
With h and l the ranks of all sampled distances together in either space, equal ones
sharing their mean rank,

    ρ = (E[hl] - E[h] E[l]) / sqrt((E[h²] - E[h]²) (E[l²] - E[l]²)),

E being the mean over anchors of the mean over the anchor's partners. When all pairs are
taken each stands twice, which changes nothing. Resampling keeps the ranks of the whole
sample.

References
----------
.. [1] Spearman, C. (1904). The proof and measurement of association between two things.
   American Journal of Psychology 15(1). doi:10.2307/1412159
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.metrics._correlation import correlation, moments

__all__ = ["SPEARMAN"]


def _contributions(comparison: Comparison) -> np.ndarray:
    """Return the five moments of the ranks, which are scaled to (-1/2, 1/2)."""
    return moments(comparison.high.distance_ranks, comparison.low.distance_ranks)


SPEARMAN = Metric(
    name="spearman",
    title="Spearman of distances",
    summary="whether large and small distances keep their order.",
    bounds=(-1.0, 1.0),
    higher_is_better=True,
    subject="pair",
    scope="global",
    contributions=_contributions,
    summarise=correlation,
)
