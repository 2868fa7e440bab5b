"""Rank correlation of distances, over random pairs of rows: each anchor and its partners.

Notes
-----
With h and l the ranks of all sampled distances together in either space, equal ones
sharing their mean rank,

    ρ = (E[hl] - E[h] E[l]) / sqrt((E[h²] - E[h]²) (E[l²] - E[l]²)),

E being the mean over anchors of the mean over the anchor's partners. When all pairs are
taken each stands twice, which changes nothing. ρ is 0 where all distances are equal in one
of the spaces. Resampling keeps the ranks of the whole sample.

References
----------
.. [1] Spearman, C. (1904). The proof and measurement of association between two things.
   American Journal of Psychology 15(1). doi:10.2307/1412159
"""

from aeviz.evaluation import Metric
from aeviz.metrics._correlation import correlation, moments

__all__ = ["SPEARMAN"]

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
    # The five moments of the ranks, which are scaled to (-1/2, 1/2).
    contributions=lambda found: moments(found.high.distance_ranks, found.low.distance_ranks),
    summarise=correlation,
    headline=4,
    position=1,
)
