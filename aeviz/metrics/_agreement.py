"""Say how far clusters agree with classes, from the table of both.

Each of the two clusterings has three metrics, so what they share is here: the same
formula must give the same digits in either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from aeviz.metrics._clusterings import clustering
from aeviz.metrics._comparison import Comparison
from aeviz.metrics._metric import Weighed

__all__ = ["adjusted_rand", "matched", "mutual_information", "weighed_table"]

Method = Literal["kmeans", "mixture"]


def matched(comparison: Comparison, method: Method, *, name: str) -> np.ndarray:
    """Return 1 where an anchor's cluster stands for its class, under the best matching.

    Returns
    -------
    ndarray of float64 of shape (n_rows, 1)
    """
    from scipy.optimize import linear_sum_assignment

    found = clustering(comparison, method, name=name)
    table = found.table(np.ones(len(found.classes)))
    class_of = np.full(len(table), -1)
    clusters, classes = linear_sum_assignment(table, maximize=True)
    class_of[clusters] = classes
    return (class_of[found.clusters] == found.classes).astype(np.float64)[:, None]


def weighed_table(
    comparison: Comparison,
    method: Method,
    measure: Callable[[np.ndarray], float],
    *,
    name: str,
) -> Weighed:
    """Return a measure of the table of clusters and classes as a function of weights."""
    found = clustering(comparison, method, name=name)
    return Weighed(len(found.classes), lambda weights: measure(found.table(weights)))


def mutual_information(table: np.ndarray) -> float:
    """Return the mutual information over the mean of the two entropies.

    Parameters
    ----------
    table : ndarray of shape (n_clusters, n_classes)
        Not negative, of positive sum.

    Returns
    -------
    float in [0, 1]
        1 where both are one group.

    Examples
    --------
    >>> mutual_information(np.array([[3, 0], [0, 5]])), mutual_information(np.ones((2, 2)))
    (1.0, 0.0)
    """
    shares = table / table.sum()
    of_clusters, of_classes = _entropy(shares.sum(axis=1)), _entropy(shares.sum(axis=0))
    mean = (of_clusters + of_classes) / 2.0
    if mean == 0.0:
        return 1.0
    information = of_clusters + of_classes - _entropy(shares.ravel())
    return float(np.clip(information / mean, 0.0, 1.0))


def _entropy(shares: np.ndarray) -> float:
    """Return the entropy in nats."""
    positive = shares[shares > 0.0]
    return float(-(positive * np.log(positive)).sum()) + 0.0


def adjusted_rand(table: np.ndarray) -> float:
    """Return the share of pairs on which both agree, adjusted for chance.

    Parameters
    ----------
    table : ndarray of shape (n_clusters, n_classes)
        Counts.

    Returns
    -------
    float in [-1/2, 1]
        1 where no pair tells the two apart.

    Examples
    --------
    >>> adjusted_rand(np.array([[3, 0], [0, 5]])), adjusted_rand(np.array([[4], [4]]))
    (1.0, 0.0)
    """
    together = _pairs(table)
    of_clusters, of_classes = _pairs(table.sum(axis=1)), _pairs(table.sum(axis=0))
    expected = of_clusters * of_classes / max(_pairs(table.sum()), 1.0)
    highest = (of_clusters + of_classes) / 2.0
    if highest == expected:
        return 1.0
    return float((together - expected) / (highest - expected))


def _pairs(counts: np.ndarray) -> float:
    """Return how many pairs are in the same group."""
    return float((counts * (counts - 1.0) / 2.0).sum())
