"""Say what a metric is: numbers an anchor, and a smooth function of their means.

Every metric here is of that form, so one bootstrap over anchors gives intervals for all
of them, and a difference of two methods is paired by drawing the same anchors for both.
A metric that is not a function of means over anchors does not fit and needs another way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aeviz.metrics._comparison import Comparison

__all__ = ["Metric"]


def _first(means: np.ndarray) -> np.ndarray:
    """Return the one mean there is."""
    return means[..., 0]


@dataclass(frozen=True)
class Metric:
    """Describe one metric and compute it from a `Comparison`.

    Parameters
    ----------
    name : str
        The name of its file, and its name in every table.
    title : str
        What readers see.
    summary : str
        What it measures, to stand after the title and a colon.
    bounds : (float, float)
        The smallest and the largest value there can be.
    higher_is_better : bool
    subject : {"pair", "labels", "reconstruction"}
        What it judges: how the low space stands for the high one; how the low space
        agrees with labels; what a decoder gives back.
    contributions : callable
        From a `Comparison` to an array of float64 of shape (n_anchors, n_means).
    summarise : callable
        From means of contributions, shape (..., n_means), to values, shape (...). If there
        is one mean, that is the value.

    Notes
    -----
    The value is ``summarise(mean over anchors of contributions)``.
    """

    name: str
    title: str
    summary: str
    bounds: tuple[float, float]
    higher_is_better: bool
    subject: Literal["pair", "labels", "reconstruction"]
    contributions: Callable[[Comparison], np.ndarray]
    summarise: Callable[[np.ndarray], np.ndarray] = _first

    def applies_to(self, comparison: Comparison) -> bool:
        """Tell whether the comparison holds what the metric judges."""
        if self.subject == "labels":
            return comparison.labels is not None
        if self.subject == "reconstruction":
            return comparison.sample_errors is not None
        return True

    def value(self, comparison: Comparison) -> float:
        """Return the metric's value over all anchors."""
        return float(self.summarise(self.contributions(comparison).mean(axis=0)))

    def per_sample(self, comparison: Comparison) -> np.ndarray | None:
        """Return one value an anchor, whose mean is the metric; None where it has no such form."""
        contributions = self.contributions(comparison)
        return contributions[:, 0] if self.summarise is _first else None
