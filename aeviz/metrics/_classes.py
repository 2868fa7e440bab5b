"""Classes of the anchors and positions relative to their centroids, for all metrics of classes.

Fits and tables of pairs of classes grow with the square of their number, and nobody sees
a thousand clusters on a map. Hence these metrics look at the anchors of the most frequent
classes only, the same ones in every comparison of one call of `compare`. What follows for a
pair of classes is kept as one number per anchor and class, from one matrix product, so that
resampling never touches the points again.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from aeviz.evaluation.comparison import Comparison, SpaceView

__all__ = ["Centroids", "ClassAnchors", "ClassTable", "centroids", "class_anchors", "separations"]

_MAX_CLASSES = 50
_CHUNK = 4096
_EQUAL = 1e-12


@dataclass(frozen=True, eq=False)
class ClassAnchors:
    """Anchors with their classes.

    `rows`, (n_rows,), are row numbers, ascending; `classes`, (n_rows,), are 0 .. n_classes - 1,
    each at least once; `codes`, (n_classes,), say what these are among the comparison's labels.
    """

    rows: np.ndarray
    classes: np.ndarray
    codes: np.ndarray


def class_anchors(comparison: Comparison) -> ClassAnchors:
    """Return the anchors of the 50 most frequent classes; all, while there are no more."""
    rows = comparison.rows
    labels = comparison.required("labels")[rows]
    # Stable, so that among equally frequent classes the first in sorted order are taken.
    most = np.argsort(-np.bincount(labels), kind="stable")[:_MAX_CLASSES]
    is_looked_at = np.isin(labels, most)
    codes, classes = np.unique(labels[is_looked_at], return_inverse=True)
    return ClassAnchors(rows[is_looked_at], classes, codes)


@dataclass(frozen=True, eq=False)
class ClassTable:
    """Numbers per anchor and class, float64 (n_rows, n_classes), and the anchors' own classes."""

    values: np.ndarray
    classes: np.ndarray

    def sums(self, weights: np.ndarray) -> np.ndarray:
        """Return the weighed sums over the anchors of each class, (n_classes, n_classes)."""
        order, starts, values = self._by_class
        return np.asarray(np.add.reduceat(weights[order, None] * values, starts))

    @cached_property
    def _by_class(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the anchors sorted by class, where each class begins, and their values."""
        order = np.argsort(self.classes, kind="stable")
        sizes = np.bincount(self.classes)
        return order, np.cumsum(sizes) - sizes, self.values[order]

    def sizes(self, weights: np.ndarray) -> np.ndarray:
        """Return the weight of each class, shape (n_classes,)."""
        return np.bincount(self.classes, weights, minlength=self.values.shape[1])


@dataclass(frozen=True, eq=False)
class Centroids:
    """Distances between the centroids of the anchors' classes, and what moves them.

    Parameters
    ----------
    squared : ndarray of float64 of shape (n_classes, n_classes)
        Squared distances between centroids m, in a unit of their own (a power of four).
    pull : ClassTable
        (m_a - m_b) · (x - m_a) for an anchor x of class a and every class b.
    """

    squared: np.ndarray
    pull: ClassTable

    def moved(self, weights: np.ndarray) -> np.ndarray:
        """Return the squared distances under weights, to first order in how far centroids move.

        A class without weight stays where it is.
        """
        sizes = self.pull.sizes(weights)
        step = self.pull.sums(weights) / np.maximum(sizes, 1.0)[:, None]
        return self.squared + 2.0 * (step + step.T)


def separations(comparison: Comparison, view: SpaceView) -> ClassTable:
    """Return whether each anchor lies nearer to its own class's centroid than to another's.

    1 nearer, 1/2 at the same distance, 0 farther, in the high or the low view of a comparison with
    labels. Centroids are those of all samples.
    """
    found = class_anchors(comparison)

    def compute() -> np.ndarray:
        labels = comparison.required("labels")
        samples = np.flatnonzero(np.isin(labels, found.codes))
        points = _Points(view.X, origin=int(found.rows[0]))
        means = points.means(samples, np.searchsorted(found.codes, labels[samples]))
        # Squared distances but for the length of the point, which is in all of them.
        farness = np.square(means).sum(axis=1)
        farness = farness - 2.0 * points.products(found.rows, means)
        gaps = farness - np.take_along_axis(farness, found.classes[:, None], axis=1)
        # Rounding must not decide which of two centroids at one distance is the nearer.
        gaps[np.abs(gaps) <= _EQUAL * np.abs(farness).max()] = 0.0
        return np.asarray((1.0 + np.sign(gaps)) / 2.0)

    return ClassTable(view.cached("separations", compute), found.classes)


def centroids(comparison: Comparison, view: SpaceView) -> Centroids:
    """Return the centroids of the anchors' classes; parameters as in `separations`."""
    found = class_anchors(comparison)

    def compute() -> Centroids:
        points = _Points(view.X, origin=int(found.rows[0]))
        means = points.means(found.rows, found.classes)
        gram = means @ means.T
        lengths = np.diag(gram)
        squared = np.maximum(lengths + lengths[:, None] - 2.0 * gram, 0.0)
        products = points.products(found.rows, means)
        own = np.take_along_axis(products, found.classes[:, None], axis=1)
        at_mean = (lengths[:, None] - gram)[found.classes]
        return Centroids(squared, ClassTable(own - products - at_mean, found.classes))

    return view.cached("centroids", compute)


class _Points:
    """Points in float64, one chunk at a time, moved so that one row is the origin.

    Where points lie far from the origin, products would lose the digits that matter; and
    where all coincide they are zero exactly. They are divided by a power of two, which
    changes no order of distances, so that squares of huge or tiny ones do not over- or
    underflow.
    """

    def __init__(self, X: np.ndarray, *, origin: int) -> None:
        self.X = X
        self.exponent = int(np.frexp(max(float(X.max()), -float(X.min())))[1])
        self.origin = np.ldexp(X[origin].astype(np.float64), -self.exponent)

    def _chunk(self, rows: np.ndarray) -> np.ndarray:
        return np.ldexp(self.X[rows].astype(np.float64), -self.exponent) - self.origin

    def means(self, rows: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Return the mean of the rows of each class, shape (n_classes, n_features)."""
        sizes = np.bincount(classes)
        sums = np.zeros((len(sizes), self.X.shape[1]))
        for start in range(0, len(rows), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            ones = np.ones(len(classes[chunk]))
            sums += _by_class(classes[chunk], ones, len(sizes)) @ self._chunk(rows[chunk])
        return sums / sizes[:, None]

    def products(self, rows: np.ndarray, means: np.ndarray) -> np.ndarray:
        """Return the products of rows and means, shape (n_rows, n_classes)."""
        chunks = [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]
        return np.concatenate([self._chunk(chunk) @ means.T for chunk in chunks])


def _by_class(classes: np.ndarray, weights: np.ndarray, n_classes: int) -> csr_array:
    """Return the matrix that sums rows over their classes, (n_classes, n_rows)."""
    n_rows = len(classes)
    return csr_array((weights, (classes, np.arange(n_rows))), shape=(n_classes, n_rows))
