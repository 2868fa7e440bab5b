"""Measure scale-normalised stress: how far distances are off at the best common scale.

S = min_α √( Σ (d − α d̂)² / Σ d² ) over sampled distances d in the high and d̂ in the low
space; the minimum is at α = Σ d d̂ / Σ d̂², so that S = √(1 − (Σ d d̂)² / (Σ d² Σ d̂²)).
In [0, 1], lower is better.

Pitfall: normalised stress without the minimum over α depends on the units of the picture
and can rank methods in any order [1]_; this form does not. It weighs large distances.

References
----------
.. [1] Smelser, K., Gillespie, J., Miller, J., Kobourov, S. (2024). "Normalized Stress" is
   not normalized: how to interpret stress correctly. arXiv:2408.07724.
"""

from __future__ import annotations

import numpy as np

from aeviz.metrics._comparison import Comparison
from aeviz.metrics._metric import Metric

__all__ = ["STRESS"]


def _contributions(comparison: Comparison) -> np.ndarray:
    d, e = comparison.high.distances, comparison.low.distances
    # Units cancel; dividing by the largest keeps the squares in range.
    d, e = (x / (x.max() or 1.0) for x in (d, e))
    return np.stack([part.mean(axis=1) for part in (d * d, e * e, d * e)], axis=1)


def _summarise(means: np.ndarray) -> np.ndarray:
    dd, ee, de = np.moveaxis(means, -1, 0)
    product = dd * ee
    fit = np.divide(de * de, product, out=np.zeros_like(product), where=product > 0)
    return np.sqrt(np.clip(1.0 - fit, 0.0, 1.0))


STRESS = Metric(
    name="stress",
    title="Stress, scale-normalised",
    summary="how far distances are off at the best common scale.",
    bounds=(0.0, 1.0),
    higher_is_better=False,
    subject="pair",
    contributions=_contributions,
    summarise=_summarise,
)
