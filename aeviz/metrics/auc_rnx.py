"""Measure how much of all neighbourhoods is kept beyond chance, small ones weighing most.

It is the area under R_NX(K), the share of the K nearest rows that the picture keeps, put on
a scale from chance (0) to all (1), over every K on a logarithmic axis. It needs no choice
of K, which makes it the one number to quote; the curve itself shows the scales.

Bounds [-1, 1], higher is better; 1 means that all ranks are kept, 0 is a random picture.

Pitfall: one number for all scales hides which of them are kept: a picture with true small
neighbourhoods and one with a true large structure can have the same area, so look at the
curves. Values fall as samples become more, since there are more small neighbourhoods to
keep: compare on the same data only.

Notes
-----
With n rows, Q_NX(K) the mean over anchors of the share of the K nearest rows that the two
spaces have in common,

    R_NX(K) = ((n - 1) Q_NX(K) - K) / (n - 1 - K),
    area = Σ_{K=1}^{n-2} R_NX(K) / K  /  Σ_{K=1}^{n-2} 1 / K.

R_NX and the area are linear in Q_NX, so the area is the mean over anchors of the area under
the anchor's own curve. All rows have to be ranked for that, so that of many anchors a
sample of 1,000 is taken, the same for every picture. Equal distances are ranked by row
number.

References
----------
.. [1] Lee, J. A., Renard, E., Bernard, G., Dupont, P., Verleysen, M. (2013). Type 1 and 2
   mixtures of Kullback-Leibler divergences as cost functions in dimensionality reduction
   based on similarity preservation. Neurocomputing 112. doi:10.1016/j.neucom.2012.12.036
.. [2] Lee, J. A., Peluffo-Ordóñez, D. H., Verleysen, M. (2015). Multi-scale similarities in
   stochastic neighbour embedding: reducing dimensionality while preserving both local and
   global structure. Neurocomputing 169. doi:10.1016/j.neucom.2014.12.095
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric

__all__ = ["AUC_RNX"]


def _contributions(comparison: Comparison) -> np.ndarray:
    if comparison.rank_areas is None:
        raise ValueError("auc_rnx needs ranked anchors, got a comparison without (n_ranked=0)")
    return comparison.rank_areas[:, None]


AUC_RNX = Metric(
    name="auc_rnx",
    title="Area under R_NX",
    summary="how much of all neighbourhoods is kept beyond chance, small ones weighing most.",
    bounds=(-1.0, 1.0),
    higher_is_better=True,
    subject="pair",
    scope="local",
    contributions=_contributions,
    is_headline=True,
    needs_full_ranks=True,
)
