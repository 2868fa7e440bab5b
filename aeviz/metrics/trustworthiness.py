"""Measure trustworthiness: whether neighbours in the low space are so in the high one.

With k neighbours among n samples [1]_,

T = 1 − 2 / (n k (2n − 3k − 1)) · Σᵢ Σ_{j ∈ Uᵢ} (r(i, j) − k),

where Uᵢ are the samples among the k nearest of i in the low space but not in the high
one, and r(i, j) is the rank of j in the high space. In [0, 1], higher is better; a random
picture has about 0.5.

Pitfall: it says nothing of neighbours that were torn apart (see continuity), and at small
k it is near 1 for every method on easy data, so that small differences count.

References
----------
.. [1] Venna, J., Kaski, S. (2001). Neighborhood preservation in nonlinear projection
   methods: an experimental study. ICANN 2001. doi:10.1007/3-540-44668-0_68.
"""

from __future__ import annotations

from aeviz.metrics._metric import Metric
from aeviz.metrics._penalty import rank_penalty

__all__ = ["TRUSTWORTHINESS"]

TRUSTWORTHINESS = Metric(
    name="trustworthiness",
    title="Trustworthiness",
    summary="whether neighbours in the picture are neighbours in the data.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="pair",
    contributions=lambda c: rank_penalty(c.ranks_in_high, n_samples=c.n_samples),
)
