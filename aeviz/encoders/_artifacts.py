"""Reconstructions of a fitted encoder, how far they are from the samples, and the worst ones."""

import numpy as np
from sklearn.utils import gen_batches

from aeviz.encoders.base import Encoder
from aeviz.encoders.networks.elbo import reconstruction_loss

__all__ = ["ROWS_PER_BLOCK", "outliers", "reconstruct"]

ROWS_PER_BLOCK = 4096
N_OUTLIERS = 10


def reconstruct(
    encoder: Encoder, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
) -> dict[str, np.ndarray]:
    """Decode every sample's code and measure the error; parameters as in `Encoder.artifacts`.

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
    for block in gen_batches(n_samples, ROWS_PER_BLOCK):
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
    """Return the `rows` of the ten largest errors, largest first, and their reconstructions `X`."""
    rows = np.argsort(-sample_error, kind="stable")[:N_OUTLIERS]
    return {"rows": rows, "X": encoder.inverse_transform(code[rows])}
