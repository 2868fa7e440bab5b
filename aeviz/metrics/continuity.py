"""Measure continuity: whether neighbours in the high space are neighbours in the low one.

Trustworthiness with the spaces exchanged [1]_: with k neighbours among n samples,

C = 1 − 2 / (n k (2n − 3k − 1)) · Σᵢ Σ_{j ∈ Vᵢ} (r̂(i, j) − k),

where Vᵢ are the samples among the k nearest of i in the high space but not in the low
one, and r̂(i, j) is the rank of j in the low space. In [0, 1], higher is better; a random
picture has about 0.5.

Pitfall: a picture that puts everything in one heap keeps neighbours near; read it beside
trustworthiness.

References
----------
.. [1] Venna, J., Kaski, S. (2006). Local multidimensional scaling. Neural Networks 19,
   889-899. doi:10.1016/j.neunet.2006.05.014.
"""

from __future__ import annotations

from aeviz.metrics._metric import Metric
from aeviz.metrics._penalty import rank_penalty

__all__ = ["CONTINUITY"]

CONTINUITY = Metric(
    name="continuity",
    title="Continuity",
    summary="whether neighbours in the data are neighbours in the picture.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="pair",
    contributions=lambda c: rank_penalty(c.ranks_in_low, n_samples=c.n_samples),
)
