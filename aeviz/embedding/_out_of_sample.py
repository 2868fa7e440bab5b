"""Embed new samples by UMAP, each independently of the others.

The forces are UMAP's, on new samples only; the fitted ones do not move.

Why not ``umap.UMAP.transform``: it samples edges and repelling points with random numbers
that depend on a sample's row in the batch, and weighs edges by the strongest in the batch,
so the coordinates of a sample depend on the other samples. Here every edge attracts in every
epoch by its weight, which is what the sampling does on average, and the repelling points of an
epoch are the same for all samples.
"""

import numpy as np
from sklearn.utils import gen_batches

__all__ = ["embed_new_samples"]

_N_EPOCHS = 60
# A quarter of UMAP's rate for fitting, as in umap-learn's transform.
_LEARNING_RATE = 0.25
_REPULSIONS = 5
_MAX_STEP = 4.0
_SEED = 42
_BLOCK = 2048


def embed_new_samples(
    fitted: np.ndarray, indices: np.ndarray, weights: np.ndarray, *, a: float, b: float
) -> np.ndarray:
    """Return coordinates of new samples near those of their fitted neighbours, float64.

    Parameters
    ----------
    fitted : ndarray of shape (n_fitted, n_components)
        Coordinates of the fitted samples.
    indices, weights : ndarray of shape (n_samples, n_neighbors)
        Fitted neighbours of each new sample and their memberships.
    a, b : float
        Of the curve 1 / (1 + a·d^(2b)).

    Notes
    -----
    From the weighted mean of the neighbours, 60 epochs at a rate falling linearly from 0.25
    to 0. In each, every neighbour j in turn attracts by
    w_j · 2ab·d^(2b−2) / (1 + a·d^(2b)) · (y_j − y), and five fitted samples drawn at random
    repel by w_j · 2b / ((0.001 + d²)(1 + a·d^(2b))) · (y − y_r); each coordinate of a force
    is clipped to [−4, 4], as in umap-learn, and w_j is the membership divided by the
    sample's largest.
    """
    shares = weights / weights.max(axis=1, keepdims=True)
    blocks = gen_batches(len(indices), _BLOCK)
    return np.concatenate([_embed_block(fitted, indices[i], shares[i], a, b) for i in blocks])


def _embed_block(
    fitted: np.ndarray, indices: np.ndarray, shares: np.ndarray, a: float, b: float
) -> np.ndarray:
    rng = np.random.default_rng(_SEED)
    neighbors = fitted[indices]  # (block, n_neighbors, n_components)
    parts = shares / shares.sum(axis=1, keepdims=True)
    points: np.ndarray = (parts[:, :, None] * neighbors).sum(axis=1)
    n_neighbors = indices.shape[1]
    for epoch in range(_N_EPOCHS):
        rate = _LEARNING_RATE * (1 - epoch / _N_EPOCHS)
        repelling = fitted[rng.integers(len(fitted), size=(n_neighbors, _REPULSIONS))]
        for j in range(n_neighbors):
            step = rate * shares[:, j, None]
            points += step * _attraction(points, neighbors[:, j], a, b)
            points += step * _repulsion(points, repelling[j], a, b)
    return points


def _attraction(points: np.ndarray, neighbor: np.ndarray, a: float, b: float) -> np.ndarray:
    gap = neighbor - points
    squared = (gap**2).sum(axis=1, keepdims=True)
    # At distance 0 the power below is infinite; there is no force where there is no gap.
    squared[squared == 0] = 1.0
    strength = 2 * a * b * squared ** (b - 1) / (1 + a * squared**b)
    forces: np.ndarray = np.clip(strength * gap, -_MAX_STEP, _MAX_STEP)
    return forces


def _repulsion(points: np.ndarray, repelling: np.ndarray, a: float, b: float) -> np.ndarray:
    gaps = points[:, None] - repelling  # (block, n_repelling, n_components)
    squared = (gaps**2).sum(axis=2, keepdims=True)
    strength = 2 * b / ((0.001 + squared) * (1 + a * squared**b))
    forces: np.ndarray = np.clip(strength * gaps, -_MAX_STEP, _MAX_STEP).sum(axis=1)
    return forces
