"""Say in which features a cluster differs from the others, and which samples are in its middle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.spatial.distance import cdist

from aeviz.core.subsampling import evenly

__all__ = ["FeatureWords", "nearest_to_medoid", "telling_features"]

_LEAST_DIFFERENCE = 0.5
_MOST_COMPARED = 300
_BLOCK = 4_096


@dataclass(frozen=True)
class FeatureWords:
    """How a feature is spoken of.

    Parameters
    ----------
    name : str
        The user's name of its column.
    kind : {"number", "boolean", "category", "date"}
        A category is a feature that is 1 in the samples that have its value.
    value : str
        Of a category.
    """

    name: str
    kind: Literal["number", "boolean", "category", "date"] = "number"
    value: str = ""

    def told(self, *, is_high: bool) -> str:
        """Return in words that the values of some samples are high or low.

        Examples
        --------
        >>> FeatureWords("income").told(is_high=True)
        'income high'
        >>> FeatureWords("device", "category", "web").told(is_high=True)
        'device = web'
        """
        if self.kind == "category":
            return f"{self.name} {'=' if is_high else '≠'} {self.value}"
        low, high = {
            "number": (" low", " high"),
            "boolean": (" = no", " = yes"),
            "date": (" early", " late"),
        }[self.kind]
        return f"{self.name}{high if is_high else low}"


def telling_features(
    X: np.ndarray, labels: np.ndarray, words: Sequence[FeatureWords], *, n_most: int = 3
) -> list[list[str]]:
    """Return of every cluster the features in which it differs most from all other samples.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of int of shape (n_samples,)
        Clusters from 0 on, -1 for none.
    words : sequence of FeatureWords
        One per feature.
    n_most : int
        How many features to tell of each cluster.

    Returns
    -------
    list of list of str
        Largest difference first, one feature of each column of the source. Fewer than `n_most`
        where differences are below half a standard deviation.

    Notes
    -----
    The difference is the mean of the cluster minus the mean of all other samples, in standard
    deviations of all samples. That a category has not a certain value is told last.

    Examples
    --------
    >>> X = np.array([[0, 1.0], [0, 1.5], [9, 1.0], [9, 1.5]])
    >>> telling_features(X, np.array([0, 0, 1, 1]), [FeatureWords("age"), FeatureWords("size")])
    [['age low'], ['age high']]
    """
    told = []
    for difference in _differences(X, labels):
        is_lack = np.array([one.kind == "category" for one in words]) & (difference < 0)
        found: dict[str, str] = {}
        for i in np.lexsort((-np.abs(difference), is_lack)):
            if abs(difference[i]) >= _LEAST_DIFFERENCE:
                found.setdefault(words[i].name, words[i].told(is_high=difference[i] > 0))
        told.append([*found.values()][:n_most])
    return told


def _differences(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return standardised differences, shape (n_clusters, n_features)."""
    sizes = np.bincount(labels + 1, minlength=1).astype(np.float64)[:, None]
    sums = np.zeros((len(sizes), X.shape[1]))
    squares = np.zeros(X.shape[1])
    # In blocks, because all of them in double precision would take twice the memory of the data.
    for rows in range(0, len(X), _BLOCK):
        is_in = labels[rows : rows + _BLOCK] == np.arange(-1, len(sums) - 1)[:, None]
        sums += is_in.astype(np.float64) @ X[rows : rows + _BLOCK]
    mean = sums.sum(axis=0) / len(X)
    for rows in range(0, len(X), _BLOCK):
        squares += np.square(X[rows : rows + _BLOCK] - mean).sum(axis=0)
    std = np.sqrt(squares / len(X))
    inside, others = sums / np.maximum(sizes, 1), len(X) - sizes
    gap = inside - (sums.sum(axis=0) - sums) / np.maximum(others, 1)
    found = np.divide(gap, std, out=np.zeros_like(gap), where=std > 0)
    return np.asarray(found[1:])


def nearest_to_medoid(X: np.ndarray, n_most: int) -> np.ndarray:
    """Return the rows of the samples nearest to the medoid, which is the first of them.

    The medoid is the sample whose mean distance to the others is least. Of more than 300
    samples, so many are compared, evenly spread over the rows.

    Examples
    --------
    >>> nearest_to_medoid(np.array([[0.0], [1.0], [5.0]]), 2).tolist()
    [1, 0]
    """
    rows = evenly(np.arange(len(X)), _MOST_COMPARED)
    middle = X[rows[cdist(X[rows], X[rows]).mean(axis=1).argmin()]]
    return np.asarray(np.argsort(cdist(middle[None], X)[0], kind="stable")[:n_most])
