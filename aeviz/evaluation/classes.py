"""Classes of rows: mean distances to them, which silhouettes need, and votes of neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Classes", "majority"]


@dataclass(frozen=True, eq=False)
class Classes:
    """Rows by class.

    `codes` are 0 .. n_classes - 1 per row, `order` has the rows sorted by class and `place` where
    each row is in it; each class begins at one of `starts` and has one of `sizes`.
    """

    codes: np.ndarray
    order: np.ndarray
    place: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray, n_samples: int) -> Classes | None:
        """Return the classes of some labels, or None if there is one class only.

        Raises
        ------
        ValueError
            If the labels are not one per sample.
        """
        values = np.asarray(labels)
        if values.shape != (n_samples,):
            raise ValueError(f"labels must have shape ({n_samples},), got {values.shape}")
        _, codes, sizes = np.unique(values, return_inverse=True, return_counts=True)
        if len(sizes) < 2:
            return None
        order = np.argsort(codes, kind="stable")
        return cls(codes, order, np.argsort(order), np.cumsum(sizes) - sizes, sizes)

    def mean_distances(self, anchors: np.ndarray, squared: np.ndarray) -> np.ndarray:
        """Return each anchor's mean distance to its own class and to the nearest other, and which.

        From squared distances, shape (n_anchors, n_samples), of which the anchor's own is not
        looked at, to float64, shape (n_anchors, 3); the first is 0 where an anchor is alone, and
        the last is the code of the other class.
        """
        means = np.empty((len(anchors), 3))
        for anchor, row, mean in zip(anchors, squared, means, strict=True):
            by_class = row[self.order]
            np.maximum(by_class, 0.0, out=by_class)
            np.sqrt(by_class, out=by_class)
            by_class[self.place[anchor]] = 0.0
            averages = np.add.reduceat(by_class, self.starts, dtype=np.float64) / self.sizes
            own = self.codes[anchor]
            size = self.sizes[own]
            mean[0] = averages[own] * size / max(size - 1, 1)
            averages[own] = np.inf
            mean[2] = nearest = averages.argmin()
            mean[1] = averages[nearest]
        return means


def majority(classes: np.ndarray) -> np.ndarray:
    """Return the commonest class of each row.

    Parameters
    ----------
    classes : ndarray of int of shape (n_rows, n_votes)

    Examples
    --------
    >>> majority(np.array([[2, 1, 2], [3, 1, 2]])).tolist()
    [2, 1]
    """
    votes = np.sort(classes, axis=1)
    # In sorted votes, how many equal ones each has up to itself: the largest count wins,
    # and argmax takes the first of equal counts, which is the lowest class.
    equal_before = np.ones(votes.shape, np.int64)
    for place in range(1, votes.shape[1]):
        is_same = votes[:, place] == votes[:, place - 1]
        equal_before[:, place] += is_same * equal_before[:, place - 1]
    winners: np.ndarray = np.take_along_axis(votes, equal_before.argmax(axis=1)[:, None], axis=1)
    return winners[:, 0]
