"""Centroid triplets: whether the embedding keeps which of two classes is nearer to a third.

The centroids of the anchors' classes are taken in both spaces; all triplets of classes are
looked at, none is drawn.

Notes
-----
With m_a the centroid of class a, h and l distances in the data and in the embedding, over
all classes a and all pairs b, c of other classes,

    accuracy = mean over (a, {b, c}) of
               1 - |sign(h(m_a, m_b) - h(m_a, m_c)) - sign(l(m_a, m_b) - l(m_a, m_c))| / 2,

which counts 1 for the same order, 0 for the opposite one and 1/2 where one space has no
order. It is that of [1]_, whose published code compares the distances of pairs that share
no class too. Resampling moves the centroids, to first order: each squared distance by
twice the change of m_a - m_b along itself. A class that a resample does not hold stays
where it is. Only the 50 most frequent classes are looked at.

References
----------
.. [1] Wang, Y., Huang, H., Rudin, C., Shaposhnik, Y. (2021). Understanding how dimension
   reduction tools work. Journal of Machine Learning Research 22(201). arXiv:2012.04456
"""

import numpy as np

from aeviz.evaluation import Comparison, Metric, Weighted
from aeviz.metrics._classes import centroids

__all__ = ["CENTROID_TRIPLET_ACCURACY"]


def _weighted(comparison: Comparison) -> Weighted:
    high, low = centroids(comparison, comparison.high), centroids(comparison, comparison.low)
    n_classes = len(high.squared)
    classes = np.arange(n_classes)
    b, c = np.triu_indices(n_classes, 1)
    a, pair = np.nonzero((classes[:, None] != b) & (classes[:, None] != c))
    first, second = a * n_classes + b[pair], a * n_classes + c[pair]

    def value(weights: np.ndarray) -> float:
        # In single precision, so that rounding does not tell equal distances apart.
        compared = [one.moved(weights).ravel().astype(np.float32) for one in (high, low)]
        in_high, in_low = (np.sign(one[first] - one[second]) for one in compared)
        return 1.0 - float(np.abs(in_high - in_low).mean(dtype=np.float64)) / 2.0

    return Weighted(len(high.pull.classes), value)


CENTROID_TRIPLET_ACCURACY = Metric(
    name="centroid_triplet_accuracy",
    title="Centroid triplets",
    question="Is the nearer of two classes to a third the nearer one on the map?",
    blind_spot="A class is its centroid here, so a long class or one in two pieces counts where "
    "nothing of it may lie. With few classes values jump. Chance is 1/2. It says nothing of "
    "neighbours.",
    reference="Wang et al. (2021), arXiv:2012.04456",
    scope="labels",
    weighted=_weighted,
    min_classes=3,
)
