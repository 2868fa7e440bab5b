"""Measure how far the neighbours in the data are neighbours in the picture.

For every anchor, each of its k nearest rows in the high space that is not among the k
nearest in the low one costs as much as its rank there lies beyond k: trustworthiness with
the two spaces exchanged.

Bounds [0, 1], higher is better; 1 means that no neighbourhood was torn.

Pitfall: squeezing everything together keeps neighbours together, so that linear pictures,
in which clusters lie on top of each other, score high. Read it beside trustworthiness.

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

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.metrics._costs import rank_cost

__all__ = ["CONTINUITY"]


def _contributions(comparison: Comparison) -> np.ndarray:
    return 1.0 - rank_cost(comparison.ranks_in_low, comparison.n_samples)[:, None]


CONTINUITY = Metric(
    name="continuity",
    title="Continuity",
    summary="whether neighbours in the data are neighbours in the picture.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="pair",
    scope="local",
    contributions=_contributions,
    is_by_size=True,
)
