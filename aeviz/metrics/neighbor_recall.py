"""Measure which share of the neighbours in the data the picture still has.

Bounds [0, 1], higher is better; 1 means that all k neighbours are the same.

Pitfall: it counts a neighbour that came on place k + 1 as lost as one that went to the
other end, so that values look low (0.3 is good for 70,000 samples in a plane). A random
picture has k / (n - 1). It depends strongly on k: compare at the same k only.

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

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric

__all__ = ["NEIGHBOR_RECALL"]


def _contributions(comparison: Comparison) -> np.ndarray:
    is_kept = comparison.ranks_in_low <= comparison.n_neighbors
    return is_kept.mean(axis=1, keepdims=True)


NEIGHBOR_RECALL = Metric(
    name="neighbor_recall",
    title="Neighbour recall",
    summary="what share of a sample's nearest neighbours the picture keeps.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="pair",
    scope="local",
    contributions=_contributions,
    is_by_size=True,
)
