"""Measure how often clusters found by a Gaussian mixture are the classes.

A mixture of as many Gaussians of full covariance [1]_ as the anchors have classes is
fitted to them, without looking at the labels; each cluster is then given one class, a
different one each, so that most anchors are right.

Bounds [0, 1], higher is better; 1 means that clusters are the classes.

Pitfall: Gaussians may be long and lie across each other, but not be curved. In a space
of more than 50 features the mixture is fitted to the 50 leading principal components of
the anchors, since a full covariance of all of them is singular or takes very long; the
value in the data is such a value then, and codes of 50 numbers or fewer are not
reduced. The fit ends in a local optimum. Clusters of its own for two halves of one
class make half of it wrong. It judges one space and the labels: read it beside its
value in the data. The interval holds the clusters that were found; another choice of
anchors would find others. Of more than 50 classes the anchors of the 50 most frequent
ones are looked at.

Notes
-----
With c_i the class of anchor i, g_i its cluster and π a one-to-one map from clusters to
classes,

    accuracy = max over π of  mean over i of  [π(g_i) = c_i],

the best π found as a linear assignment [2]_. Resampling keeps the clusters and π.

References
----------
.. [1] Dempster, A. P., Laird, N. M., Rubin, D. B. (1977). Maximum likelihood from
   incomplete data via the EM algorithm. Journal of the Royal Statistical Society B 39(1).
   doi:10.1111/j.2517-6161.1977.tb01600.x
.. [2] Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research
   Logistics Quarterly 2(1-2). doi:10.1002/nav.3800020109
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.metrics._agreement import matched

__all__ = ["GMM_ACCURACY"]


def _contributions(comparison: Comparison) -> np.ndarray:
    return matched(comparison, "mixture", name="gmm_accuracy")


GMM_ACCURACY = Metric(
    name="gmm_accuracy",
    title="Gaussian mixture accuracy",
    summary="how many samples are in the cluster that stands for their class.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="labels",
    scope="clusters",
    contributions=_contributions,
    least_classes=2,
)
