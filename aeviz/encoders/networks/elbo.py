"""Measure the evidence lower bound of a variational encoder, by draws as in training.

The validation loss decodes the mean of each code, which gives less than the bound; a number to
quote needs draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.utils import gen_batches

from aeviz.encoders.networks.batches import Function, in_batches

if TYPE_CHECKING:
    import keras

__all__ = ["draw_bounds", "outputs_of", "reconstruction_loss", "summarised"]

ACTIVE_VARIANCE = 0.01
ROWS_PER_BLOCK = 8192


def draw_bounds(
    X: np.ndarray,
    posterior: tuple[np.ndarray, np.ndarray],
    decode: Function,
    *,
    loss: str,
    n_draws: int,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Return the parts of the bound of any variational network, by draws of the code.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        As the network sees them.
    posterior : (ndarray, ndarray), each of shape (n_samples, code_size)
        Mean and log-variance of every sample's code.
    decode : function (ndarray of shape (n_rows, code_size)) -> ndarray
    loss : {"bernoulli", "gaussian"}
    n_draws, rng
        How many draws per sample, and where they come from.

    Returns
    -------
    dict of str to ndarray
        As `VariationalAutoencoder.elbo_parts`.
    """
    mean, log_var = posterior
    # As in GaussianSample: the prior is a standard normal distribution.
    kl = -0.5 * np.sum(1.0 + log_var - np.square(mean) - np.exp(log_var), axis=1)
    reconstruction = np.zeros(len(X))
    for rows in gen_batches(len(X), ROWS_PER_BLOCK):
        for _ in range(n_draws):
            noise = rng.standard_normal(mean[rows].shape, dtype=np.float32)
            z = mean[rows] + np.exp(0.5 * log_var[rows]) * noise
            decoded = in_batches(decode, z)
            reconstruction[rows] += reconstruction_loss(X[rows], decoded, loss) / n_draws
    return {"reconstruction": reconstruction, "kl": kl.astype(np.float64), "mean": mean}


def summarised(parts: dict[str, np.ndarray]) -> dict[str, float]:
    """Return the means of the parts of the bound, and how many units of the code are active.

    They are the entries of `VariationalAutoencoder.elbo`.
    """
    reconstruction, kl = (float(parts[name].mean()) for name in ("reconstruction", "kl"))
    variance = parts["mean"].var(axis=0, dtype=np.float64)
    return {
        "negative_elbo": reconstruction + kl,
        "reconstruction": reconstruction,
        "kl": kl,
        "active_units": int(np.sum(variance > ACTIVE_VARIANCE)),
    }


def outputs_of(
    encoder: keras.Model, names: tuple[str, str], X: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what two layers of an encoder give for samples, each (n_samples, code_size)."""
    import keras

    from aeviz.encoders.networks.compiled import compiled

    outputs = [encoder.get_layer(name).output for name in names]
    both = compiled(keras.Model(encoder.input, keras.layers.Concatenate()(outputs)))
    first, second = np.split(in_batches(both, X), 2, axis=1)
    return first, second


def reconstruction_loss(x: np.ndarray, decoded: np.ndarray, loss: str) -> np.ndarray:
    """Return the reconstruction loss summed over features, shape (n_samples,)."""
    if loss == "gaussian":
        return np.asarray(0.5 * np.square(x - decoded, dtype=np.float64).sum(axis=1))
    # The clip is Keras's own, so that the figure is comparable with its training loss.
    p = np.clip(decoded, 1e-7, 1.0 - 1e-7)
    terms = x * np.log(p) + (1.0 - x) * np.log1p(-p)
    return np.asarray(-terms.sum(axis=1, dtype=np.float64))
