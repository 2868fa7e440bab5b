"""Measure k-NN accuracy: whether the nearest neighbours carry the same label.

A = 1 / n · Σᵢ [ŷᵢ = yᵢ], where ŷᵢ is the commonest label among the k nearest of i, itself
left out; among equally common labels the first in sorted order, as in scikit-learn's
classifier. In [0, 1], higher is better.

Pitfall: it speaks of the labels and not of the data. A picture may sharpen what the
labels say and invent structure doing so; read it beside the same value in the data.

References
----------
.. [1] Cover, T., Hart, P. (1967). Nearest neighbor pattern classification. IEEE
   Transactions on Information Theory 13, 21-27. doi:10.1109/TIT.1967.1053964.
"""

from __future__ import annotations

import numpy as np

from aeviz.metrics._comparison import Comparison
from aeviz.metrics._metric import Metric

__all__ = ["KNN_ACCURACY"]


def _contributions(comparison: Comparison) -> np.ndarray:
    if comparison.labels is None:
        raise ValueError("k-NN accuracy needs labels of two classes at least, got none")
    labels = comparison.labels
    neighbors = labels[comparison.low.neighbors]  # (n_anchors, n_neighbors)
    # The votes that each neighbour's own label has among the neighbours.
    votes = (neighbors[:, :, None] == neighbors[:, None, :]).sum(axis=2)
    is_most = votes == votes.max(axis=1, keepdims=True)
    last = np.iinfo(neighbors.dtype).max
    elected = np.where(is_most, neighbors, last).min(axis=1)
    return (elected == labels[comparison.rows]).astype(np.float64)[:, None]


KNN_ACCURACY = Metric(
    name="knn_accuracy",
    title="k-NN accuracy",
    summary="whether a sample's nearest neighbours carry its label (leave-one-out).",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="labels",
    contributions=_contributions,
)
