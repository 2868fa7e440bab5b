"""Kruskal's stress-1: how far distances are from any that have the order of the data's.

Notes
-----
With h and l the sampled distances in the high and the low space and f the isotonic
regression of l on h, the growing function that leaves the least squares,

    stress = sqrt(Σ (l - f(h))² / Σ l²)
           = sqrt(mean over i of mean over partners of (l - f(h))²
                  / mean over i of mean over partners of l²).

Equal distances in the data get one value of f (Kruskal's secondary treatment of ties). At
most 200,000 sampled distances are taken, equally many of each anchor. An embedding whose
points all coincide is given 1. Resampling keeps f of the whole sample: it has thousands of
pairs per step, so that a new fit would hardly differ.

References
----------
.. [1] Kruskal, J. B. (1964). Multidimensional scaling by optimizing goodness of fit to a
   nonmetric hypothesis. Psychometrika 29(1). doi:10.1007/BF02289565
"""

import numpy as np
from sklearn.isotonic import isotonic_regression

from aeviz.evaluation import Comparison, Metric

__all__ = ["NONMETRIC_STRESS"]

_MAX_DISTANCES = 200_000
_TINY = float(np.finfo(np.float64).tiny)


def _pairs(comparison: Comparison, max_distances: int = _MAX_DISTANCES) -> tuple[np.ndarray, ...]:
    """Return (l - f(h))², l²."""
    n_partners = max(max_distances // comparison.n_anchors, 1)
    h = comparison.high.distances[:, :n_partners]
    l = comparison.low.distances[:, :n_partners]  # noqa: E741 - Notes
    # At their own scale the sums of tiny or huge distances would under- or overflow.
    h, l = h / max(h.max(), _TINY), l / max(l.max(), _TINY)  # noqa: E741 - likewise
    fitted = _fitted(h.ravel(), l.ravel()).reshape(l.shape)
    return np.square(l - fitted), l * l


def _fitted(h: np.ndarray, l: np.ndarray) -> np.ndarray:  # noqa: E741 - Notes
    """Return f(h).

    Not by `IsotonicRegression`, which interpolates between values of h, and between two that
    differ in their last digit, as the distances from i to j and back do, it gives NaN.
    """
    values, place, counts = np.unique(h.astype(np.float32), return_inverse=True, return_counts=True)
    means = np.bincount(place, weights=l, minlength=len(values)) / counts
    return isotonic_regression(means, sample_weight=counts)[place]


def _residual(means: np.ndarray) -> np.ndarray:
    residual, size = np.moveaxis(means, -1, 0)
    share = np.where(size > 0.0, residual / np.where(size > 0.0, size, 1.0), 1.0)
    return np.sqrt(np.clip(share, 0.0, 1.0))


NONMETRIC_STRESS = Metric(
    name="nonmetric_stress",
    title="Stress, non-metric",
    question="How far are distances from any that have the order of the data's?",
    higher_is_better=False,
    blind_spot="Large distances dominate, and a map whose distances are all alike scores low "
    "without showing anything, since one constant fits it: read it with spearman. A random map "
    "in the plane has about 0.45.",
    reference="Kruskal (1964), doi:10.1007/BF02289565",
    scope="global",
    pairs=_pairs,
    summarise=_residual,
)
