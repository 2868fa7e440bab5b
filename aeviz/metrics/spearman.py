"""Measure Spearman's correlation of distances: whether large and small keep their order.

The correlation [1]_ of the ranks of sampled distances in the high space with those in the
low one, equal distances sharing their mean rank. In [−1, 1], higher is better.

Pitfall: most distances are large ones, so this speaks of the picture's overall layout;
t-SNE and UMAP give that up for neighbourhoods.

Notes
-----
Each anchor contributes the means of u, v, u², v² and uv over its distances, where u and v
are the ranks; the correlation follows from the five means. The bootstrap keeps the ranks.

References
----------
.. [1] Spearman, C. (1904). The proof and measurement of association between two things.
   American Journal of Psychology 15, 72-101. doi:10.2307/1412159.
"""

from __future__ import annotations

import numpy as np

from aeviz.metrics._comparison import Comparison
from aeviz.metrics._metric import Metric

__all__ = ["SPEARMAN"]


def _contributions(comparison: Comparison) -> np.ndarray:
    u, v = comparison.high.distance_ranks, comparison.low.distance_ranks
    return np.stack([part.mean(axis=1) for part in (u, v, u * u, v * v, u * v)], axis=1)


def _summarise(means: np.ndarray) -> np.ndarray:
    u, v, uu, vv, uv = np.moveaxis(means, -1, 0)
    spread = np.sqrt(np.maximum(uu - u * u, 0.0) * np.maximum(vv - v * v, 0.0))
    # Where all distances are equal there is no order to keep.
    correlation = np.divide(uv - u * v, spread, out=np.zeros_like(spread), where=spread > 0)
    return np.clip(correlation, -1.0, 1.0)


SPEARMAN = Metric(
    name="spearman",
    title="Spearman of distances",
    summary="whether large and small distances keep their order.",
    bounds=(-1.0, 1.0),
    higher_is_better=True,
    subject="pair",
    contributions=_contributions,
    summarise=_summarise,
)
