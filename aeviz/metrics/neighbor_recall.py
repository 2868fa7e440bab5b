"""Neighbour recall: the share of the nearest neighbours in the data that the embedding keeps.

Notes
-----
With N_k(i) the anchor's neighbours in the high space and r(i, j) the rank of j in the low
one,

    recall = mean over i of  |{j in N_k(i): r(i, j) <= k}| / k.

Both neighbourhoods have k members, so this is the precision too. It is Q_NX(k) of [1]_.

References
----------
.. [1] Lee, J. A., Verleysen, M. (2009). Quality assessment of dimensionality reduction:
   rank-based criteria. Neurocomputing 72(7-9). doi:10.1016/j.neucom.2008.12.017
"""

from aeviz.evaluation import Metric
from aeviz.metrics._rank_costs import kept_shares, neighbor_effects

__all__ = ["NEIGHBOR_RECALL"]

NEIGHBOR_RECALL = Metric(
    name="neighbor_recall",
    title="Neighbour recall",
    question="What share of a sample's nearest neighbours is kept?",
    blind_spot="A neighbour of rank k + 1 counts as lost, like one at the other end, so values "
    "look low: 0.3 is good for 70,000 samples in a plane. A random map has k / (n - 1). Compare "
    "at the same k only.",
    reference="Lee and Verleysen (2009), doi:10.1016/j.neucom.2008.12.017",
    scope="local",
    contributions=lambda found: (found.ranks_in_low <= found.n_neighbors).mean(
        axis=1, keepdims=True
    ),
    effects=neighbor_effects(kept_shares, "missing"),
    position=3,
    depends_on_k=True,
    has_further_k=True,
)
