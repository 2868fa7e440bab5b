"""Measure neighbour recall: what share of the nearest neighbours is kept.

With k neighbours, R = 1 / (n k) · Σᵢ |Nᵢ ∩ N̂ᵢ|, where Nᵢ and N̂ᵢ are the k nearest of i in
the high and in the low space; the co-ranking literature calls it Q_NX(k) [1]_. In [0, 1],
higher is better; a random picture has k / (n − 1).

Pitfall: a neighbour at rank k + 1 counts as lost altogether, so for dense data the value
is low for every method; compare methods, not data sets.

References
----------
.. [1] Lee, J. A., Verleysen, M. (2009). Quality assessment of dimensionality reduction:
   rank-based criteria. Neurocomputing 72, 1431-1443. doi:10.1016/j.neucom.2008.12.017.
"""

from __future__ import annotations

import numpy as np

from aeviz.metrics._comparison import Comparison
from aeviz.metrics._metric import Metric

__all__ = ["NEIGHBOR_RECALL"]


def _contributions(comparison: Comparison) -> np.ndarray:
    is_kept = comparison.ranks_in_high <= comparison.n_neighbors
    return is_kept.mean(axis=1, keepdims=True)


NEIGHBOR_RECALL = Metric(
    name="neighbor_recall",
    title="Neighbour recall",
    summary="what share of a sample's nearest neighbours the picture keeps.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="pair",
    contributions=_contributions,
)
