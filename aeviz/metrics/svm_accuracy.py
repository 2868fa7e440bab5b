"""SVM accuracy: how well a support vector machine tells the classes apart in a space.

At most 2,000 of the anchors are dealt into five parts; each part is classified by a
machine with a Gaussian kernel that was trained on the other four.

Notes
-----
With c_i the class of anchor i and s the mean squared distance of these anchors from their
mean, one machine for every two classes is trained with C = 1 and the kernel

    k(x, y) = exp(-|x - y|² / s),        accuracy = mean over i of  [vote at x_i = c_i].

s makes it independent of scale; it is scikit-learn's ``gamma="scale"`` for features of
mean zero. [1]_ is the machine; [2]_ scores embeddings by it, with an approximate kernel.
Parts are dealt out class by class, in order of the distance from the mean, so that they
are alike and do not depend on the order of rows. Only the 50 most frequent classes are
looked at. Resampling keeps the machines.

References
----------
.. [1] Cortes, C., Vapnik, V. (1995). Support-vector networks. Machine Learning 20.
   doi:10.1007/BF00994018
.. [2] Wang, Y., Huang, H., Rudin, C., Shaposhnik, Y. (2021). Understanding how dimension
   reduction tools work. Journal of Machine Learning Research 22(201). arXiv:2012.04456
"""

import warnings

import numpy as np

from aeviz.evaluation import Comparison, Metric
from aeviz.metrics._classes import class_anchors

__all__ = ["SVM_ACCURACY"]

_MAX_ROWS = 2000
_N_PARTS = 5


def _contributions(comparison: Comparison, max_rows: int = _MAX_ROWS) -> np.ndarray:
    """Return 1 where an anchor is classified rightly, for at most `max_rows` anchors."""
    found = class_anchors(comparison)
    taken = np.arange(len(found.rows))
    if len(taken) > max_rows:
        taken = np.random.default_rng(0).choice(len(taken), max_rows, replace=False)
    points, classes = comparison.low.X[found.rows[taken]], found.classes[taken]
    is_right = comparison.low.cached("svm", lambda: _is_right(points.astype(np.float64), classes))
    return is_right.astype(np.float64)[:, None]


def _is_right(points: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return which points are classified rightly by machines that were not trained on them."""
    points = points - points.mean(axis=0)
    points /= max(float(np.abs(points).max()), np.finfo(np.float64).tiny)
    lengths = np.square(points).sum(axis=1)
    squared = lengths + lengths[:, None] - 2.0 * (points @ points.T)
    spread = lengths.mean() if lengths.any() else 1.0
    kernel = np.exp(-np.maximum(squared, 0.0) / spread)
    # Class by class and from the middle outwards: where votes are close, the machine's answer
    # depends on the order of its examples, and that of the rows says nothing.
    order = np.lexsort((lengths.astype(np.float32), classes))
    guessed = np.empty_like(classes)
    guessed[order] = _guessed(kernel[np.ix_(order, order)], classes[order])
    return guessed == classes


def _guessed(kernel: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return the class that machines guess which were not trained on the row."""
    from sklearn.svm import SVC

    # Dealt out in turn, so that the parts are alike.
    parts = np.arange(len(classes)) % _N_PARTS
    guessed = np.empty_like(classes)
    for part in range(_N_PARTS):
        tested, trained = np.flatnonzero(parts == part), np.flatnonzero(parts != part)
        known = np.unique(classes[trained])
        if len(tested) == 0:
            continue
        if len(known) < 2:
            guessed[tested] = known[0] if len(known) else -1
            continue
        machine = SVC(kernel="precomputed")
        with warnings.catch_warnings():
            # That many classes for so few rows look like numbers, and are classes.
            warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
            machine.fit(kernel[np.ix_(trained, trained)], classes[trained])
        guessed[tested] = machine.predict(kernel[np.ix_(tested, trained)])
    return guessed


SVM_ACCURACY = Metric(
    name="svm_accuracy",
    title="SVM accuracy",
    question="Can a curved border tell the labels apart (five-fold cross-validation)?",
    blind_spot="It compares one space with the labels: compare it with its value in the original "
    "data. A map in which one class lies around another scores as well as one with two clusters. "
    "Classes with next to no examples are never right.",
    reference="Cortes and Vapnik (1995), doi:10.1007/BF00994018",
    subject="labels",
    scope="labels",
    contributions=_contributions,
    min_classes=2,
)
