"""Silhouette of the labels: how much nearer a sample lies to its own class than to the next.

Notes
-----
With a_i the mean distance of anchor i to the other rows of its class and b_i the smallest
mean distance to the rows of another,

    silhouette = mean over i of  (b_i - a_i) / max(a_i, b_i).

An anchor that is alone in its class counts 0, as does one for which both are 0.

References
----------
.. [1] Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and
   validation of cluster analysis. Journal of Computational and Applied Mathematics 20.
   doi:10.1016/0377-0427(87)90125-7
"""

import numpy as np

from aeviz.evaluation import Comparison, Metric
from aeviz.evaluation.effects import Effects

__all__ = ["SILHOUETTE"]


def _contributions(comparison: Comparison) -> np.ndarray:
    labels = comparison.required("labels")
    own = comparison.low.required("own_class_distance")
    other = comparison.low.required("other_class_distance")
    largest = np.maximum(own, other)
    silhouettes = (other - own) / np.where(largest > 0.0, largest, 1.0)
    is_alone = np.bincount(labels)[labels[comparison.rows]] == 1
    return np.where(is_alone, 0.0, silhouettes)[:, None]


def _effects(comparison: Comparison) -> Effects:
    """Return what each row changes by its distance, in the mean of either class, first order."""
    labels, low = comparison.required("labels"), comparison.low
    own, other = low.required("own_class_distance"), low.required("other_class_distance")
    sizes = np.bincount(labels)
    own_class = labels[comparison.rows]
    other_class = low.required("other_class").astype(np.intp)
    largest = np.maximum(own, other)
    smallest = np.minimum(own, other)
    of_nearer = 1.0 / np.where(largest > 0.0, largest, np.inf)
    of_farther = smallest * of_nearer * of_nearer
    # Of (other - own) / max(own, other) by either mean, which the row changes by 1 / size.
    by_own = -np.where(own < other, of_nearer, of_farther) / np.maximum(sizes[own_class] - 1, 1)
    by_other = np.where(own < other, of_farther, of_nearer) / sizes[other_class]
    gaps, classes = low.distances, labels[comparison.partners]
    effects = np.where(classes == own_class[:, None], by_own[:, None] * (gaps - own[:, None]), 0.0)
    is_other = classes == other_class[:, None]
    effects += np.where(is_other, by_other[:, None] * (gaps - other[:, None]), 0.0)
    effects[sizes[own_class] == 1] = 0.0
    others = comparison.n_samples - 1
    return Effects.at(comparison, comparison.partners, effects, n_others=others)


SILHOUETTE = Metric(
    name="silhouette",
    title="Silhouette of labels",
    question="Are the labels' groups compact and separate?",
    bounds=(-1.0, 1.0),
    blind_spot="It compares one space with the labels, and prefers round, well-separated clusters: "
    "methods that pull clusters apart score well whether or not the data are so. Compare it with "
    "its value in the original data; in many dimensions distances are alike and values small.",
    reference="Rousseeuw (1987), doi:10.1016/0377-0427(87)90125-7",
    subject="labels",
    scope="labels",
    contributions=_contributions,
    effects=_effects,
    position=2,
)
