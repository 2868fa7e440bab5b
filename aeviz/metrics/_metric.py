"""Say what a metric is, so that one interval and one paired difference serve them all.

Every metric is a function of the mean over anchors of what each anchor contributes:
trustworthiness of one number an anchor, a correlation of five moments. A bootstrap
resamples anchors, so it needs the contributions only once, as one product of a matrix
of weights with the matrix of contributions; and two methods resampled with the same
weights are compared sample by sample.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aeviz.metrics._comparison import Comparison

__all__ = ["Metric"]


def _first(means: np.ndarray) -> np.ndarray:
    """Return the only contribution's mean."""
    return means[..., 0]


@dataclass(frozen=True)
class Metric:
    """Describe a metric and compute it.

    Parameters
    ----------
    name : str
        The name of its file.
    title : str
        What it is called on a page.
    summary : str
        One sentence on what it says.
    bounds : (float, float)
        Smallest and largest value.
    higher_is_better : bool
    subject : {"pair", "labels", "reconstruction"}
        What it is about: how the low space stands for the high one, the labels in the low
        space, or the reconstruction from it.
    contributions : function (Comparison) -> ndarray of shape (n_anchors, m)
    summarise : function (ndarray of shape (..., m)) -> ndarray of shape (...)
        From mean contributions to the metric; by default the only contribution's mean.
    """

    name: str
    title: str
    summary: str
    bounds: tuple[float, float]
    higher_is_better: bool
    subject: Literal["pair", "labels", "reconstruction"]
    contributions: Callable[[Comparison], np.ndarray]
    summarise: Callable[[np.ndarray], np.ndarray] = _first

    def value(self, comparison: Comparison) -> float:
        """Return the metric's value over all anchors."""
        return float(self.summarise(self.contributions(comparison).mean(axis=0)))

    def per_sample(self, comparison: Comparison) -> np.ndarray | None:
        """Return the metric of each anchor, or None where only the whole has one."""
        if self.summarise is not _first:
            return None
        return self.contributions(comparison)[:, 0]
