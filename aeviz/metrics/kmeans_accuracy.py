"""Measure how often clusters found by k-means are the classes.

The anchors are clustered by k-means [1]_, ten seeded starts, into as many clusters as
they have classes, without looking at the labels; each cluster is then given one class,
a different one each, so that most anchors are right.

Bounds [0, 1], higher is better; 1 means that clusters are the classes.

Pitfall: k-means finds round clusters of similar size: a picture with long ones scores
low although the eye sees them. Clusters of its own for two halves of one class make
half of it wrong. It judges one space and the labels: read it beside its value in the
data. The interval holds the clusters that were found; another choice of anchors would
find others. Of more than 50 classes the anchors of the 50 most frequent ones are looked
at.

Notes
-----
With c_i the class of anchor i, g_i its cluster and π a one-to-one map from clusters to
classes,

    accuracy = max over π of  mean over i of  [π(g_i) = c_i],

the best π found as a linear assignment [2]_. Resampling keeps the clusters and π.

References
----------
.. [1] Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on
   Information Theory 28(2). doi:10.1109/TIT.1982.1056489
.. [2] Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research
   Logistics Quarterly 2(1-2). doi:10.1002/nav.3800020109
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.metrics._agreement import matched

__all__ = ["KMEANS_ACCURACY"]


def _contributions(comparison: Comparison) -> np.ndarray:
    return matched(comparison, "kmeans", name="kmeans_accuracy")


KMEANS_ACCURACY = Metric(
    name="kmeans_accuracy",
    title="k-means accuracy",
    summary="how many samples are in the cluster that stands for their class.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="labels",
    scope="clusters",
    contributions=_contributions,
    least_classes=2,
)
