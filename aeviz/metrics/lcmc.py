"""Measure which share of the neighbours in the data the picture still has, beyond chance.

It is the local continuity meta-criterion: neighbour recall less what a random picture would
have.

Bounds [-1/2, 1], higher is better; 0 is a random picture, and the best there can be is
1 - k / (n - 1), which is 1 for small k only.

Pitfall: like neighbour recall it counts a neighbour on place k + 1 as lost altogether, and
it depends strongly on k; for few neighbours among many samples the two are the same. As its
best value depends on k and n, compare at the same k on the same data only.

Notes
-----
With n rows, N_k(i) the anchor's neighbours in the high space and r(i, j) the rank of j in
the low one,

    LCMC = mean over i of  |{j in N_k(i): r(i, j) <= k}| / k  -  k / (n - 1).

References
----------
.. [1] Chen, L., Buja, A. (2009). Local multidimensional scaling for nonlinear dimension
   reduction, graph drawing, and proximity analysis. Journal of the American Statistical
   Association 104(485). doi:10.1198/jasa.2009.0111
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric

__all__ = ["LCMC"]


def _contributions(comparison: Comparison) -> np.ndarray:
    k = comparison.n_neighbors
    is_kept = comparison.ranks_in_low <= k
    return is_kept.mean(axis=1, keepdims=True) - k / (comparison.n_samples - 1)


LCMC = Metric(
    name="lcmc",
    title="Local continuity (LCMC)",
    summary="what share of a sample's nearest neighbours the picture keeps beyond chance.",
    bounds=(-0.5, 1.0),
    higher_is_better=True,
    subject="pair",
    scope="local",
    contributions=_contributions,
)
