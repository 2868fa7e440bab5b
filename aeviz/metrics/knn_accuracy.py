"""k-NN accuracy: how often an anchor's nearest rows, itself left out, vote for its class.

Notes
-----
With c_i the class of anchor i and N_k(i) its neighbours in the low space,

    accuracy = mean over i of  [c_i = argmax over c of |{j in N_k(i): c_j = c}|].

Among classes with equally many votes the first in sorted order is taken, and among equally
far rows those of lowest number, as scikit-learn's `KNeighborsClassifier` does for votes. For
its interval a vote changes the accuracy by the normal density of the margin, of standard deviation
sqrt(k) / 2, instead of now and then by one: the same on average, and less noisy.

References
----------
.. [1] Cover, T., Hart, P. (1967). Nearest neighbor pattern classification. IEEE
   Transactions on Information Theory 13(1). doi:10.1109/TIT.1967.1053964
"""

import numpy as np

from aeviz.evaluation import Comparison, Metric
from aeviz.evaluation.classes import majority
from aeviz.evaluation.effects import Effects

__all__ = ["KNN_ACCURACY"]


def _contributions(comparison: Comparison) -> np.ndarray:
    labels = comparison.required("labels")
    winner = majority(labels[comparison.low.neighbors])
    return (winner == labels[comparison.rows])[:, None].astype(np.float64)


def _effects(comparison: Comparison) -> Effects:
    """Return what each row changes by its votes."""
    labels = comparison.required("labels")
    votes, own = labels[comparison.low.neighbors], labels[comparison.rows]
    k = votes.shape[1]
    is_own = votes == own[:, None]
    rival = majority(np.where(is_own, labels.max() + 1 + np.arange(k), votes))
    is_rival = votes == rival[:, None]
    margin = is_own.sum(axis=1) - is_rival.sum(axis=1)
    gain = is_own.astype(np.float64) - is_rival
    width = np.sqrt(k) / 2.0
    density = np.exp(-np.square(margin / width) / 2.0) / (np.sqrt(2.0 * np.pi) * width)
    gain -= gain.mean(axis=1, keepdims=True)
    return Effects.at(comparison, comparison.low.neighbors, density[:, None] * gain)


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
    effects=_effects,
    headline=3,
    position=1,
    depends_on_k=True,
    min_classes=2,
)
