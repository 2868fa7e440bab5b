"""Measure whether the picture keeps which of two classes is the nearer to a third.

The centroids of the anchors' classes are taken in the data and in the picture; all
triplets of classes are looked at, none is drawn.

Bounds [0, 1], higher is better; a random picture has about 1/2, as does one whose points
all coincide.

Pitfall: a class is its centroid here, so that a class in two pieces or a long one counts
where nothing of it may lie. With few classes there are few triplets (3 classes have 3
comparisons) and values jump. Centroids of classes that overlap in the data stand in an
order that means little. It says nothing of neighbours.

Notes
-----
With m_a the centroid of class a, h and l distances in the data and in the picture, over
all classes a and all pairs b, c of other classes,

    accuracy = mean over (a, {b, c}) of
               1 - |sign(h(m_a, m_b) - h(m_a, m_c)) - sign(l(m_a, m_b) - l(m_a, m_c))| / 2,

which counts 1 for the same order, 0 for the opposite one and 1/2 where one space has no
order. It is that of [1]_, whose published code compares the distances of pairs that share
no class too. Resampling moves the centroids, to first order: each squared distance by
twice the change of m_a - m_b along itself. A class that a resample does not hold stays
where it is. The mean over resamples less the value, which is the bias of resampling [2]_,
is taken off each resample. Of more than 50 classes the 50 most frequent ones are looked at.

References
----------
.. [1] Wang, Y., Huang, H., Rudin, C., Shaposhnik, Y. (2021). Understanding how dimension
   reduction tools work. Journal of Machine Learning Research 22(201). arXiv:2012.04456
.. [2] Efron, B., Tibshirani, R. J. (1993). An introduction to the bootstrap, chapter 10.
   Chapman & Hall. doi:10.1201/9780429246593
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric, Weighed
from aeviz.metrics._centroids import centroids

__all__ = ["CENTROID_TRIPLET_ACCURACY"]


def _weighed(comparison: Comparison) -> Weighed:
    name = "centroid_triplet_accuracy"
    high = centroids(comparison, comparison.high, name=name)
    low = centroids(comparison, comparison.low, name=name)
    n_classes = len(high.squared)
    classes = np.arange(n_classes)
    b, c = np.triu_indices(n_classes, 1)
    a, pair = np.nonzero((classes[:, None] != b) & (classes[:, None] != c))
    first, second = a * n_classes + b[pair], a * n_classes + c[pair]

    def value(weights: np.ndarray) -> float:
        of_high, of_low = high.moved(weights).ravel(), low.moved(weights).ravel()
        in_high = np.sign(of_high[first] - of_high[second])
        in_low = np.sign(of_low[first] - of_low[second])
        return 1.0 - float(np.abs(in_high - in_low).mean()) / 2.0

    return Weighed(len(high.pull.classes), value)


CENTROID_TRIPLET_ACCURACY = Metric(
    name="centroid_triplet_accuracy",
    title="Centroid triplets",
    summary="whether the picture keeps which of two classes is nearer to a third.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="pair",
    scope="labels",
    weighed=_weighed,
    least_classes=3,
)
