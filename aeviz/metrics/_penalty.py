"""Turn ranks of intruders into the penalty that trustworthiness and continuity share."""

from __future__ import annotations

import numpy as np

__all__ = ["rank_penalty"]


def rank_penalty(ranks: np.ndarray, *, n_samples: int) -> np.ndarray:
    """Return one minus each anchor's normalised penalty, shape (n_anchors, 1).

    Parameters
    ----------
    ranks : ndarray of int of shape (n_anchors, n_neighbors)
        Ranks in one space of the nearest in the other; beyond n_neighbors they cost.
    n_samples : int

    Notes
    -----
    1 − 2 / (k (2n − 3k − 1)) · Σⱼ max(r(i, j) − k, 0); its mean over i is the metric.
    """
    k = ranks.shape[1]
    penalty = np.maximum(ranks.astype(np.int64) - k, 0).sum(axis=1)
    return (1.0 - penalty * (2.0 / (k * (2.0 * n_samples - 3.0 * k - 1.0))))[:, None]
