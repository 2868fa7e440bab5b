"""Measure what clusters found by k-means tell of the classes.

The anchors are clustered by k-means [1]_, ten seeded starts, into as many clusters as
they have classes, without looking at the labels; then it is asked how much knowing an
anchor's cluster tells of its class.

Bounds [0, 1], higher is better; 1 means that clusters are the classes.

Pitfall: k-means finds round clusters of similar size: a picture with long ones scores
low although the eye sees them. It is not adjusted for chance: many small clusters score
above 0 whatever the labels are. It judges one space and the labels: read it beside its
value in the data. The interval holds the clusters that were found; another choice of
anchors would find others. Of more than 50 classes the anchors of the 50 most frequent
ones are looked at.

Notes
-----
With p(g, c) the share of anchors in cluster g and class c, H the entropy of its
marginals,

    NMI = Σ p(g, c) log(p(g, c) / (p(g) p(c)))  /  ((H(g) + H(c)) / 2),

as in [2]_, which is 1 where both are one group. It is no mean over anchors: resampling
weighs the table of clusters and classes, and keeps the clusters. The fewer different
anchors there are, the more the table seems to tell, and a resample has two thirds of
them; its bias, by [3]_ the mean over resamples less the value, is taken off each.

References
----------
.. [1] Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on
   Information Theory 28(2). doi:10.1109/TIT.1982.1056489
.. [2] Vinh, N. X., Epps, J., Bailey, J. (2010). Information theoretic measures for
   clusterings comparison. Journal of Machine Learning Research 11, 2837-2854.
.. [3] Efron, B., Tibshirani, R. J. (1993). An introduction to the bootstrap, chapter 10.
   Chapman & Hall. doi:10.1201/9780429246593
"""

from __future__ import annotations

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric, Weighed
from aeviz.metrics._agreement import weighed_information

__all__ = ["KMEANS_NMI"]


def _weighed(comparison: Comparison) -> Weighed:
    return weighed_information(comparison, "kmeans", name="kmeans_nmi")


KMEANS_NMI = Metric(
    name="kmeans_nmi",
    title="k-means NMI",
    summary="how much its clusters tell of the classes (normalised mutual information).",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="labels",
    scope="clusters",
    weighed=_weighed,
    least_classes=2,
)
