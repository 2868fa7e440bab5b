"""Stress at the best scale: how far distances in the embedding are from those in the data.

Notes
-----
With h and l the sampled distances in the high and the low space,

    stress = min over α of  sqrt(Σ (h - α l)² / Σ h²) = sqrt(1 - (Σ hl)² / (Σ h² Σ l²)),

at α = Σ hl / Σ l². Sums are over each anchor and its partners. An embedding whose points all
coincide has 1. Without the choice of the scale, stress would rank methods by the units of
their embeddings [1]_.

References
----------
.. [1] Smelser, K., Miller, J., Kobourov, S. (2024). "Normalized stress" is not normalized:
   how to interpret stress correctly. BELIV. arXiv:2408.07724
"""

import numpy as np

from aeviz.evaluation import Comparison, Metric

__all__ = ["STRESS"]

_TINY = float(np.finfo(np.float64).tiny)


def _pairs(comparison: Comparison) -> tuple[np.ndarray, ...]:
    """Return h², l², hl."""
    h, l = comparison.high.distances, comparison.low.distances  # noqa: E741 - Notes
    # At their own scale the sums of tiny or huge distances would under- or overflow.
    h, l = h / max(h.max(), _TINY), l / max(l.max(), _TINY)  # noqa: E741 - likewise
    return h * h, l * l, h * l


def _residual(means: np.ndarray) -> np.ndarray:
    hh, ll, hl = np.moveaxis(means, -1, 0)
    both = hh * ll
    kept = np.where(both > 0.0, hl * hl / np.where(both > 0.0, both, 1.0), 0.0)
    return np.sqrt(np.clip(1.0 - kept, 0.0, 1.0))


STRESS = Metric(
    name="stress",
    title="Stress, scale-normalised",
    question="How far are distances off, at the best common scale?",
    higher_is_better=False,
    blind_spot="Large distances dominate, so it says nothing of neighbourhoods. Values from "
    "elsewhere are comparable only if they are scale-normalised, and some leave out the root.",
    reference="Smelser, Miller and Kobourov (2024), arXiv:2408.07724",
    scope="global",
    pairs=_pairs,
    summarise=_residual,
    position=2,
)
