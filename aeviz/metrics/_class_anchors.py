"""Anchors of the most frequent classes, which the costly metrics of classes look at.

Fits and tables of pairs of classes grow with the square of their number, and nobody sees
a thousand clusters on a map. Hence these metrics look at the anchors of the most frequent
classes only, the same ones in every comparison of one call of `compare`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aeviz.evaluation.comparison import Comparison

__all__ = ["ClassAnchors", "class_anchors"]

_MAX_CLASSES = 50


@dataclass(frozen=True, eq=False)
class ClassAnchors:
    """Anchors with their classes.

    Parameters
    ----------
    rows : ndarray of int of shape (n_rows,)
        Row numbers, ascending.
    classes : ndarray of int of shape (n_rows,)
        Their classes as 0 .. n_classes - 1, each at least once.
    codes : ndarray of int of shape (n_classes,)
        What these classes are among the comparison's labels.
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
