"""Measure how often the neighbours in a space tell a sample's class.

Every anchor is given the class that most of its k nearest rows have, itself left out
(leave-one-out).

Bounds [0, 1], higher is better.

Pitfall: it judges one space and the labels, not how the picture stands for the data. A
picture can be better than the data itself where it pulls classes apart, and classes that
the data do not separate cannot be seen in an honest picture: read it beside its value in
the data. Always guessing the most frequent class gets that class's share.

Notes
-----
With c_i the class of anchor i and N_k(i) its neighbours,

    accuracy = mean over i of  [c_i = argmax over c of |{j in N_k(i): c_j = c}|].

Of classes with equally many votes the first in sorted order is taken, and of equally far
rows those of lowest number, as scikit-learn's `KNeighborsClassifier` does for votes.

References
----------
.. [1] Cover, T., Hart, P. (1967). Nearest neighbor pattern classification. IEEE
   Transactions on Information Theory 13(1). doi:10.1109/TIT.1967.1053964
"""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.evaluation.votes import majority

__all__ = ["KNN_ACCURACY"]


def _contributions(comparison: Comparison) -> np.ndarray:
    labels = comparison.labels
    if labels is None:
        raise ValueError("knn_accuracy needs a comparison with labels, got one without")
    winner = majority(labels[comparison.low.neighbors])
    return (winner == labels[comparison.rows])[:, None].astype(np.float64)


KNN_ACCURACY = Metric(
    name="knn_accuracy",
    title="k-NN accuracy",
    summary="whether a sample's nearest neighbours carry its label (leave-one-out).",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="labels",
    scope="labels",
    contributions=_contributions,
    least_classes=2,
)
