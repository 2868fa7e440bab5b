"""Area under R_NX(K): the neighbourhoods of every size that are kept, on a scale beyond chance.

R_NX(K) is the share of the K nearest rows that the embedding keeps, from chance (0) to all
(1). The area is taken over every K on a logarithmic axis, so it needs no choice of K.

Notes
-----
With n rows, Q_NX(K) the mean over anchors of the share of the K nearest rows that the two
spaces have in common,

    R_NX(K) = ((n - 1) Q_NX(K) - K) / (n - 1 - K),
    area = Σ_{K=1}^{n-2} R_NX(K) / K  /  Σ_{K=1}^{n-2} 1 / K.

R_NX and the area are linear in Q_NX, so the area is the mean over anchors of the area under
the anchor's own curve. All rows have to be ranked for that, so 1,000 of many anchors are
drawn, the same for every embedding. Equal distances are ranked by row number.

References
----------
.. [1] Lee, J. A., Renard, E., Bernard, G., Dupont, P., Verleysen, M. (2013). Type 1 and 2
   mixtures of Kullback-Leibler divergences as cost functions in dimensionality reduction
   based on similarity preservation. Neurocomputing 112. doi:10.1016/j.neucom.2012.12.036
.. [2] Lee, J. A., Peluffo-Ordóñez, D. H., Verleysen, M. (2015). Multi-scale similarities in
   stochastic neighbour embedding: reducing dimensionality while preserving both local and
   global structure. Neurocomputing 169. doi:10.1016/j.neucom.2014.12.095
"""

from aeviz.evaluation import Comparison, Metric
from aeviz.evaluation.effects import Effects

__all__ = ["AUC_RNX"]


def _effects(found: Comparison) -> Effects | None:
    if found.area_effects is None:
        return None
    anchors = found.rows[found.required("ranked")]
    return Effects(anchors, found.area_effects[:, None], found.area_squares)


AUC_RNX = Metric(
    name="auc_rnx",
    title="Area under R_NX",
    question="How much of all neighbourhoods, small ones weighing most, is kept beyond chance?",
    bounds=(-1.0, 1.0),
    blind_spot="One number for all sizes hides which of them are kept: look at the curves. 0 is "
    "a random map. Values fall as samples become more: compare on the same data only.",
    reference="Lee et al. (2015), doi:10.1016/j.neucom.2014.12.095",
    scope="local",
    contributions=lambda found: found.required("rank_areas")[:, None],
    effects=_effects,
    headline=1,
    needs_full_ranks=True,
)
