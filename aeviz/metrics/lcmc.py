"""Local continuity meta-criterion: neighbour recall less that of a random embedding.

Notes
-----
With n rows, N_k(i) the anchor's neighbours in the high space and r(i, j) the rank of j in
the low one,

    LCMC = mean over i of  |{j in N_k(i): r(i, j) <= k}| / k  -  k / (n - 1).

0 is a random embedding, and the best possible value is 1 - k / (n - 1).

References
----------
.. [1] Chen, L., Buja, A. (2009). Local multidimensional scaling for nonlinear dimension
   reduction, graph drawing, and proximity analysis. Journal of the American Statistical
   Association 104(485). doi:10.1198/jasa.2009.0111
"""

from aeviz.evaluation import Metric
from aeviz.metrics._rank_costs import kept_shares, neighbor_effects

__all__ = ["LCMC"]

LCMC = Metric(
    name="lcmc",
    title="Local continuity (LCMC)",
    question="What share of a sample's nearest neighbours is kept beyond chance?",
    bounds=(-0.5, 1.0),
    blind_spot="Like neighbour recall, from which it hardly differs for small k, it counts a "
    "neighbour of rank k + 1 as lost. Its best value depends on k and on the number of samples: "
    "compare at the same k on the same data only.",
    reference="Chen and Buja (2009), doi:10.1198/jasa.2009.0111",
    scope="local",
    contributions=lambda found: (
        (found.ranks_in_low <= found.n_neighbors).mean(axis=1, keepdims=True)
        - found.n_neighbors / (found.n_samples - 1)
    ),
    effects=neighbor_effects(kept_shares, "missing"),
    depends_on_k=True,
)
