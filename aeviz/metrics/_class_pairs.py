"""Say how much farther apart pairs of classes are in one space than in another."""

from __future__ import annotations

import numpy as np

from aeviz.evaluation.comparison import Comparison, SpaceView
from aeviz.evaluation.metric import Weighed
from aeviz.metrics._centroids import ClassTable, separations

__all__ = ["class_pairs_lost"]


def class_pairs_lost(
    comparison: Comparison, here: SpaceView, there: SpaceView, *, name: str
) -> Weighed:
    """Return one minus the mean of what pairs of classes lose from `here` to `there`.

    Parameters
    ----------
    comparison : Comparison
    here, there : SpaceView
        The comparison's two views, in either order.
    name : str
        The metric that asks, for the message.

    Raises
    ------
    ValueError
        If the comparison has no labels.
    """
    of_here = separations(comparison, here, name=name)
    of_there = separations(comparison, there, name=name)

    def value(weights: np.ndarray) -> float:
        sizes = of_here.sizes(weights)
        upper = np.triu_indices(len(sizes), 1)
        size = (sizes[:, None] + sizes)[upper]
        # A resample may hold neither class of a pair; there is nothing to say of it then.
        is_held = size > 0.0
        if not is_held.any():
            return 1.0
        upper, size = (upper[0][is_held], upper[1][is_held]), size[is_held]
        lost = _apart(of_here, weights)[upper] - _apart(of_there, weights)[upper]
        return 1.0 - float(np.maximum(lost, 0.0).mean())

    return Weighed(len(of_here.classes), value)


def _apart(table: ClassTable, weights: np.ndarray) -> np.ndarray:
    """Return how far apart classes are, in [0, 1], shape (n_classes, n_classes)."""
    sums, sizes = table.sums(weights), table.sizes(weights)
    share = (sums + sums.T) / np.maximum(sizes[:, None] + sizes, 1.0)
    return np.maximum(2.0 * share - 1.0, 0.0)
