"""Trustworthiness: the cost of false neighbours, by their rank in the data.

Each of an anchor's k nearest rows in the low space that is not among the k nearest in the
high one costs as much as its rank there lies beyond k.

Notes
-----
With n rows, k neighbours, N_k(i) the anchor's neighbours in the low space and r(i, j) the
rank of j in the high one,

    T = mean over i of  1 - 2 / (k (2n - 3k - 1)) · Σ_{j in N_k(i)} max(0, r(i, j) - k).

The factor makes the worst possible sum 1, and needs k < n / 2. Equal distances are ranked
by row number.

References
----------
.. [1] Venna, J., Kaski, S. (2001). Neighborhood preservation in nonlinear projection
   methods: an experimental study. ICANN. doi:10.1007/3-540-44668-0_68
"""

from aeviz.evaluation import Metric
from aeviz.metrics._rank_costs import neighbor_effects, rank_costs

__all__ = ["TRUSTWORTHINESS"]

TRUSTWORTHINESS = Metric(
    name="trustworthiness",
    title="Trustworthiness",
    question="Are neighbours on the map neighbours in the data?",
    blind_spot="It says nothing of neighbours that were torn apart (see continuity) or of "
    "distances between clusters. Values near 1 are common for many samples; a random map has "
    "about 0.5, not 0.",
    reference="Venna and Kaski (2001), doi:10.1007/3-540-44668-0_68",
    scope="local",
    band=0.002,
    contributions=lambda found: (
        1.0 - rank_costs(found.ranks_in_high, found.n_samples).sum(axis=1, keepdims=True)
    ),
    effects=neighbor_effects(rank_costs, "false", sign=-1.0),
    headline=2,
    position=1,
    depends_on_k=True,
    has_further_k=True,
)
