"""Choose which anchors the costly metrics of classes look at.

Fits and tables of pairs of classes grow with the square of their number, and nobody sees
a thousand clusters in a picture. Hence these metrics look at the anchors of the most
frequent classes only, the same ones in every comparison of one call of `compare`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aeviz.evaluation.comparison import Comparison

__all__ = ["ClassRows", "class_rows"]

_MAX_CLASSES = 50


@dataclass(frozen=True, eq=False)
class ClassRows:
    """Hold anchors with their classes.

    Parameters
    ----------
    places : ndarray of int of shape (n_rows,)
        Places among the anchors, ascending.
    classes : ndarray of int of shape (n_rows,)
        Their classes as 0 .. n_classes - 1, each there at least once.
    codes : ndarray of int of shape (n_classes,)
        What these classes are among the comparison's labels.
    """

    places: np.ndarray
    classes: np.ndarray
    codes: np.ndarray


def class_rows(comparison: Comparison, name: str) -> ClassRows:
    """Return the anchors of the 50 most frequent classes; all, while there are no more.

    Parameters
    ----------
    comparison : Comparison
    name : str
        The metric that asks, for the message.

    Raises
    ------
    ValueError
        If the comparison has no labels.
    """
    if comparison.labels is None:
        raise ValueError(f"{name} needs a comparison with labels, got one without")
    labels = comparison.labels[comparison.rows]
    # Stable, so that of equally frequent classes the first in sorted order are taken.
    most = np.argsort(-np.bincount(labels), kind="stable")[:_MAX_CLASSES]
    places = np.flatnonzero(np.isin(labels, most))
    codes, classes = np.unique(labels[places], return_inverse=True)
    return ClassRows(places, classes, codes)
