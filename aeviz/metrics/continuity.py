"""Continuity: the cost of missing neighbours, by their rank in the embedding.

Each of an anchor's k nearest rows in the high space that is not among the k nearest in the
low one costs as much as its rank there lies beyond k: trustworthiness with the two spaces
exchanged.

Notes
-----
With n rows, k neighbours, N_k(i) the anchor's neighbours in the high space and r(i, j) the
rank of j in the low one,

    C = mean over i of  1 - 2 / (k (2n - 3k - 1)) · Σ_{j in N_k(i)} max(0, r(i, j) - k).

References
----------
.. [1] Venna, J., Kaski, S. (2006). Local multidimensional scaling. Neural Networks 19(6-7).
   doi:10.1016/j.neunet.2006.05.014
"""

from aeviz.evaluation import Metric
from aeviz.metrics._rank_costs import neighbor_effects, rank_costs

__all__ = ["CONTINUITY"]

CONTINUITY = Metric(
    name="continuity",
    title="Continuity",
    question="Are neighbours in the data neighbours on the map?",
    blind_spot="Squeezing everything together keeps neighbours together, so linear maps, in which "
    "clusters overlap, score high: read it with trustworthiness.",
    reference="Venna and Kaski (2006), doi:10.1016/j.neunet.2006.05.014",
    scope="local",
    band=0.002,
    contributions=lambda found: (
        1.0 - rank_costs(found.ranks_in_low, found.n_samples).sum(axis=1, keepdims=True)
    ),
    effects=neighbor_effects(rank_costs, "missing", sign=-1.0),
    position=2,
    depends_on_k=True,
    has_further_k=True,
)
