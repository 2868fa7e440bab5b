"""Reconstructions of a fitted encoder, how far they are from the samples, and the worst ones."""

from __future__ import annotations

import numpy as np

from aeviz.encoders.base import Artifacts, Encoder
from aeviz.encoders.networks.elbo import reconstruction_loss

__all__ = [
    "ROWS_PER_BLOCK",
    "outliers",
    "reconstruct",
    "reconstruction_artifacts",
    "reconstruction_losses",
]

ROWS_PER_BLOCK = 4096
N_OUTLIERS = 10


def reconstruction_artifacts(
    encoder: Encoder, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
) -> Artifacts:
    """Return ``reconstruction`` and ``outliers``; see `Encoder.artifacts`."""
    found = reconstruct(encoder, X, code, is_train=is_train, shown=shown)
    return {
        "reconstruction": found,
        "outliers": outliers(encoder, code, found["sample_error"]),
    }


def reconstruct(
    encoder: Encoder, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
) -> dict[str, np.ndarray]:
    """Decode every sample's code and measure the error.

    Parameters
    ----------
    encoder, X, code, is_train, shown
        As in `Encoder.artifacts`.

    Returns
    -------
    dict of ndarray
        `X` of shape (len(shown), n_features); `feature_error` of shape (n_features,), mean
        squared error per feature over the test samples; `sample_error` of shape
        (n_samples,), mean squared error per sample; `sample_cross_entropy` of shape
        (n_samples,), mean binary cross-entropy per feature in nats, where samples and
        reconstructions are in [0, 1].
    """
    n_samples, n_features = X.shape
    squared, entropy = np.empty(n_samples), np.empty(n_samples)
    feature_error = np.zeros(n_features)
    is_unit = X.min() >= 0.0 and X.max() <= 1.0
    for start in range(0, n_samples, ROWS_PER_BLOCK):
        block = slice(start, start + ROWS_PER_BLOCK)
        x, reconstruction = X[block], encoder.inverse_transform(code[block])
        error = np.square(x - reconstruction)
        squared[block] = error.mean(axis=1, dtype=np.float64)
        feature_error += error[~is_train[block]].sum(axis=0, dtype=np.float64)
        is_unit = is_unit and reconstruction.min() >= 0.0 and reconstruction.max() <= 1.0
        if is_unit:
            entropy[block] = reconstruction_loss(x, reconstruction, "bernoulli") / n_features
    result = {
        "X": encoder.inverse_transform(code[shown]),
        "feature_error": feature_error / max(int((~is_train).sum()), 1),
        "sample_error": squared,
    }
    return {**result, "sample_cross_entropy": entropy} if is_unit else result


def outliers(encoder: Encoder, code: np.ndarray, sample_error: np.ndarray) -> dict[str, np.ndarray]:
    """Return the samples with the largest reconstruction errors.

    Parameters
    ----------
    encoder : Encoder
    code : ndarray of shape (n_samples, code_size)
    sample_error : ndarray of shape (n_samples,)

    Returns
    -------
    dict of ndarray
        `rows`, ten or fewer, largest error first; `X`, their reconstructions.
    """
    rows = np.argsort(-sample_error, kind="stable")[:N_OUTLIERS]
    return {"rows": rows, "X": encoder.inverse_transform(code[rows])}


def reconstruction_losses(encoder: Encoder, X: np.ndarray) -> dict[str, float]:
    """Return mean losses of samples; see `Encoder.reconstruction_losses`."""
    none, one = np.zeros(len(X), bool), np.arange(1)
    found = reconstruct(encoder, X, encoder.transform(X), is_train=none, shown=one)
    losses = {"mean_squared_error": float(found["sample_error"].mean())}
    if "sample_cross_entropy" in found:
        losses["cross_entropy"] = float(found["sample_cross_entropy"].mean())
    return losses
