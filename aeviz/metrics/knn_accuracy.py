"""k-NN accuracy: how often an anchor's nearest rows, itself left out, vote for its class.

Notes
-----
With c_i the class of anchor i and N_k(i) its neighbours in the low space,

    accuracy = mean over i of  [c_i = argmax over c of |{j in N_k(i): c_j = c}|].

Among classes with equally many votes the first in sorted order is taken, and among equally
far rows those of lowest number, as scikit-learn's `KNeighborsClassifier` does for votes.

References
----------
.. [1] Cover, T., Hart, P. (1967). Nearest neighbor pattern classification. IEEE
   Transactions on Information Theory 13(1). doi:10.1109/TIT.1967.1053964
"""

import numpy as np

from aeviz.evaluation import Comparison, Metric
from aeviz.evaluation.classes import majority

__all__ = ["KNN_ACCURACY"]


def _contributions(comparison: Comparison) -> np.ndarray:
    labels = comparison.required("labels")
    winner = majority(labels[comparison.low.neighbors])
    return (winner == labels[comparison.rows])[:, None].astype(np.float64)


KNN_ACCURACY = Metric(
    name="knn_accuracy",
    title="k-NN accuracy",
    question="Do a sample's nearest neighbours carry its label (leave-one-out)?",
    blind_spot="It compares one space with the labels, not the map with the data. A map can beat "
    "the original data by pulling classes apart: compare it with its value there. Always guessing "
    "the most frequent class gets that class's share.",
    reference="Cover and Hart (1967), doi:10.1109/TIT.1967.1053964",
    subject="labels",
    scope="labels",
    contributions=_contributions,
    headline=3,
    position=1,
    depends_on_k=True,
    min_classes=2,
)
