"""Measure how far the neighbours in the picture are neighbours in the data.

For every anchor, each of its k nearest rows in the low space that is not among the k
nearest in the high one costs as much as its rank there lies beyond k.

Bounds [0, 1], higher is better; 1 means that no neighbour in the picture is false.

Pitfall: it looks at the small end only, and says nothing of what was torn apart (that is
continuity) or of distances between clusters. For data of many samples values near 1 are
common, since the cost is measured against the worst there can be; a random picture has
about 0.5, not 0.

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

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.metrics._costs import rank_cost

__all__ = ["TRUSTWORTHINESS"]


def _contributions(comparison: Comparison) -> np.ndarray:
    return 1.0 - rank_cost(comparison.ranks_in_high, comparison.n_samples)[:, None]


TRUSTWORTHINESS = Metric(
    name="trustworthiness",
    title="Trustworthiness",
    summary="whether neighbours in the picture are neighbours in the data.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="pair",
    scope="local",
    contributions=_contributions,
    is_by_size=True,
)
