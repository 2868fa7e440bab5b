"""Measure how far the neighbours in the data have gone, relative to their rank there.

It is the mean relative rank error over neighbourhoods in the high space. Where continuity
counts ranks beyond k only, here every change of order counts, and one at the first
neighbour k times one at the k-th.

Bounds [0, 1], lower is better; 0 means that the k nearest in the data are the k nearest in
the picture, in the same order.

Pitfall: the first few neighbours dominate (at k = 10 the first has a third of the weight),
so that it is noisy for one sample and near 0 for most pictures of many samples; compare at
the same k and number of samples only. A random picture has about 0.5. Some programs give
one minus it.

Notes
-----
With n rows, N_k(i) the anchor's neighbours in the high space, h(i, j) and l(i, j) the ranks
of j in the high and the low one,

    error = mean over i of  (1 / C) · Σ_{j in N_k(i)} |l(i, j) - h(i, j)| / h(i, j),

where C = Σ_{h=1}^{k} (n - 2h) / h makes the worst possible sum 1 for k <= (n + 1) / 3;
beyond, the exact worst sum stands in its place. Ranks are counted from 1, the anchor itself
left out.

References
----------
.. [1] Lee, J. A., Verleysen, M. (2009). Quality assessment of dimensionality reduction:
   rank-based criteria. Neurocomputing 72(7-9). doi:10.1016/j.neucom.2008.12.017
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.metrics._costs import relative_rank_error

__all__ = ["MRRE_MISSING"]


def _contributions(comparison: Comparison) -> np.ndarray:
    return relative_rank_error(comparison.ranks_in_low, comparison.n_samples)[:, None]


MRRE_MISSING = Metric(
    name="mrre_missing",
    title="Relative rank error, missing",
    summary="how far a sample's neighbours in the data stand from there in the picture's order.",
    bounds=(0.0, 1.0),
    higher_is_better=False,
    subject="pair",
    scope="local",
    contributions=_contributions,
)
