"""Measure the silhouette of labels: whether the classes are compact and apart.

s(i) = (b − a) / max(a, b), where a is the mean distance of i to the others of its class
and b the smallest mean distance to another class [1]_; 0 for the only one of its class.
The metric is the mean over i. In [−1, 1], higher is better.

Pitfall: it favours round classes of one size, and a picture that pulls classes apart
scores well whether or not they lie apart in the data; read it beside the data's value.

References
----------
.. [1] Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and
   validation of cluster analysis. Journal of Computational and Applied Mathematics 20,
   53-65. doi:10.1016/0377-0427(87)90125-7.
"""

from __future__ import annotations

import numpy as np

from aeviz.metrics._comparison import Comparison
from aeviz.metrics._metric import Metric

__all__ = ["SILHOUETTE"]


def _contributions(comparison: Comparison) -> np.ndarray:
    own, other = comparison.low.own_class_distance, comparison.low.other_class_distance
    if own is None or other is None or comparison.labels is None:
        raise ValueError("the silhouette needs labels of two classes at least, got none")
    sizes = np.bincount(comparison.labels)[comparison.labels[comparison.rows]]
    largest = np.maximum(own, other)
    is_defined = (sizes > 1) & (largest > 0)
    width = np.divide(other - own, largest, out=np.zeros_like(largest), where=is_defined)
    return width[:, None]


SILHOUETTE = Metric(
    name="silhouette",
    title="Silhouette of labels",
    summary="whether the labels' groups are compact and apart.",
    bounds=(-1.0, 1.0),
    higher_is_better=True,
    subject="labels",
    contributions=_contributions,
)
