"""Measure on how many pairs clusters found by a Gaussian mixture agree with the classes.

A mixture of as many Gaussians of full covariance [1]_ as the anchors have classes is
fitted to them, without looking at the labels; then it is asked on how many pairs of
anchors clusters and classes agree.

Bounds [-1/2, 1], higher is better; 1 means that clusters are the classes, and 0 is what
clusters drawn at random would get.

Pitfall: Gaussians may be long and lie across each other, but not be curved. In a space
of more than 50 features the mixture is fitted to the 50 leading principal components of
the anchors, since a full covariance of all of them is singular or takes very long; the
value in the data is such a value then, and codes of 50 numbers or fewer are not
reduced. The fit ends in a local optimum. Large classes have most of the pairs and
decide it. It judges one space and the labels: read it beside its value in the data. The
interval holds the clusters that were found; another choice of anchors would find
others. Of more than 50 classes the anchors of the 50 most frequent ones are looked at.

Notes
-----
With n_gc the number of anchors in cluster g and class c, a_g and b_c its sums, n all of
them and C2(m) = m (m - 1) / 2,

    E = Σ C2(a_g) Σ C2(b_c) / C2(n),
    ARI = (Σ C2(n_gc) - E) / ((Σ C2(a_g) + Σ C2(b_c)) / 2 - E).

It is that of [2]_ and no mean over anchors: resampling weighs the table of clusters and
classes, and keeps the clusters. A resample holds some anchors twice; pairs of one anchor
with itself, which always agree, are not counted: with w the weights of the anchors of a
group, C2 is ((Σ w)² - Σ w²) / 2.

References
----------
.. [1] Dempster, A. P., Laird, N. M., Rubin, D. B. (1977). Maximum likelihood from
   incomplete data via the EM algorithm. Journal of the Royal Statistical Society B 39(1).
   doi:10.1111/j.2517-6161.1977.tb01600.x
.. [2] Hubert, L., Arabie, P. (1985). Comparing partitions. Journal of Classification 2.
   doi:10.1007/BF01908075
"""

from __future__ import annotations

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric, Weighed
from aeviz.metrics._agreement import weighed_rand

__all__ = ["GMM_ARI"]


def _weighed(comparison: Comparison) -> Weighed:
    return weighed_rand(comparison, "mixture", name="gmm_ari")


GMM_ARI = Metric(
    name="gmm_ari",
    title="Gaussian mixture ARI",
    summary="on how many pairs its clusters and the classes agree, beyond chance (adjusted Rand).",
    bounds=(-0.5, 1.0),
    higher_is_better=True,
    subject="labels",
    scope="clusters",
    weighed=_weighed,
    least_classes=2,
)
