"""Measure what clusters found by a Gaussian mixture tell of the classes.

A mixture of as many Gaussians of full covariance [1]_ as the anchors have classes is
fitted to them, without looking at the labels; then it is asked how much knowing an
anchor's cluster tells of its class.

Bounds [0, 1], higher is better; 1 means that clusters are the classes.

Pitfall: Gaussians may be long and lie across each other, but not be curved. In a space
of more than 50 features the mixture is fitted to the 50 leading principal components of
the anchors, since a full covariance of all of them is singular or takes very long; the
value in the data is such a value then, and codes of 50 numbers or fewer are not
reduced. The fit ends in a local optimum. It is not adjusted for chance: many small
clusters score above 0 whatever the labels are. It judges one space and the labels: read
it beside its value in the data. The interval holds the clusters that were found;
another choice of anchors would find others. Of more than 50 classes the anchors of the
50 most frequent ones are looked at.

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
.. [1] Dempster, A. P., Laird, N. M., Rubin, D. B. (1977). Maximum likelihood from
   incomplete data via the EM algorithm. Journal of the Royal Statistical Society B 39(1).
   doi:10.1111/j.2517-6161.1977.tb01600.x
.. [2] Vinh, N. X., Epps, J., Bailey, J. (2010). Information theoretic measures for
   clusterings comparison. Journal of Machine Learning Research 11, 2837-2854.
.. [3] Efron, B., Tibshirani, R. J. (1993). An introduction to the bootstrap, chapter 10.
   Chapman & Hall. doi:10.1201/9780429246593
"""

from __future__ import annotations

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric, Weighed
from aeviz.metrics._agreement import weighed_information

__all__ = ["GMM_NMI"]


def _weighed(comparison: Comparison) -> Weighed:
    return weighed_information(comparison, "mixture", name="gmm_nmi")


GMM_NMI = Metric(
    name="gmm_nmi",
    title="Gaussian mixture NMI",
    summary="how much its clusters tell of the classes (normalised mutual information).",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="labels",
    scope="clusters",
    weighed=_weighed,
    least_classes=2,
)
