"""Collect what a fitted encoder has to show: reconstructions, restored noise, the manifold."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from aeviz.encoders.networks.elbo import reconstruction_loss, summarised

__all__ = [
    "SAMPLES",
    "bound_of",
    "denoise",
    "draws_itself",
    "exhibits",
    "losses",
    "manifold",
    "outliers",
    "reconstruct",
]

# The entries that hold samples, in prepared units.
SAMPLES = ("X", "noisy")

ROWS_A_BLOCK = 4096
N_OUTLIERS = 10


def exhibits(
    encoder: Any, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
) -> dict[str, dict[str, np.ndarray]]:
    """Return everything that an encoder of its kind has to show, by name.

    Parameters
    ----------
    encoder, X, code, is_train, shown
        As in `reconstruct`.

    Returns
    -------
    dict of str to dict of ndarray
        ``reconstruction`` and ``outliers``; ``denoising`` for an encoder that restores noisy
        samples; ``bound`` for a variational one, as `bound_of` gives it; ``manifold`` where the
        code is a plane to draw from.
    """
    held_out = X if is_train.all() else X[~is_train]
    found = {"reconstruction": reconstruct(encoder, X, code, is_train=is_train, shown=shown)}
    found["outliers"] = outliers(encoder, code, found["reconstruction"]["sample_error"])
    if hasattr(encoder, "corrupt"):
        found["denoising"] = denoise(encoder, X[shown], held_out)
    if hasattr(encoder, "elbo_parts"):
        found["bound"] = bound_of(encoder, X, is_train=is_train)
    if draws_itself(encoder):
        found["manifold"] = manifold(encoder)
    return found


def bound_of(encoder: Any, X: np.ndarray, *, is_train: np.ndarray) -> dict[str, np.ndarray]:
    """Return a variational encoder's bound, by one draw of each sample's code.

    Parameters
    ----------
    encoder, X, is_train
        As in `reconstruct`.

    Returns
    -------
    dict of ndarray
        The entries of its `elbo` over held-out samples, and `sample_elbo` of shape (n_samples,),
        the lower bound of every sample's log-likelihood.
    """
    parts = encoder.elbo_parts(X)
    is_held_out = np.ones_like(is_train) if is_train.all() else ~is_train
    of_held_out = summarised({name: values[is_held_out] for name, values in parts.items()})
    sample_elbo = -(parts["reconstruction"] + parts["kl"])
    return {
        **{name: np.asarray(value) for name, value in of_held_out.items()},
        "sample_elbo": sample_elbo,
    }


def draws_itself(encoder: Any) -> bool:
    """Tell whether the code is already a picture that the encoder can draw samples for."""
    return hasattr(encoder, "decode") and encoder.get_params().get("code_size") == 2


def denoise(encoder: Any, shown: np.ndarray, held_out: np.ndarray) -> dict[str, np.ndarray]:
    """Put noise on samples, have it removed, and measure both.

    Parameters
    ----------
    encoder : DenoisingAutoencoder
        Fitted.
    shown, held_out : ndarray of shape (n_samples, n_features)
        Samples to keep, and samples to measure on.

    Returns
    -------
    dict of ndarray
        `noisy` and `X`, the shown samples with noise and as restored; `noisy_error` and
        `restored_error`, the mean squared error a feature of the held-out samples with noise
        and as restored.
    """
    noisy = encoder.corrupt(shown)
    errors = {"noisy_error": 0.0, "restored_error": 0.0}
    for start in range(0, len(held_out), ROWS_A_BLOCK):
        x = held_out[start : start + ROWS_A_BLOCK]
        corrupted = encoder.corrupt(x)
        restored = encoder.inverse_transform(encoder.transform(corrupted))
        for name, values in (("noisy_error", corrupted), ("restored_error", restored)):
            errors[name] += float(np.sum(np.square(values - x), dtype=np.float64))
    restored = encoder.inverse_transform(encoder.transform(noisy))
    return {
        "noisy": noisy,
        "X": restored,
        **{name: np.asarray(total / held_out.size) for name, total in errors.items()},
    }


def reconstruct(
    encoder: Any, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
) -> dict[str, np.ndarray]:
    """Decode every sample's code and measure what was lost.

    Parameters
    ----------
    encoder : fitted encoder
    X : ndarray of shape (n_samples, n_features)
        Samples in prepared units.
    code : ndarray of shape (n_samples, code_size)
    is_train : ndarray of bool of shape (n_samples,)
    shown : ndarray of int
        Rows whose reconstructions are kept.

    Returns
    -------
    dict of ndarray
        `X` of shape (len(shown), n_features); `feature_error` of shape (n_features,), mean
        squared error a feature over the held-out samples; `sample_error` of shape
        (n_samples,), mean squared error a sample; `sample_cross_entropy` of shape
        (n_samples,), mean binary cross-entropy a feature in nats, where samples and
        reconstructions lie in [0, 1].
    """
    n_samples, n_features = X.shape
    squared, entropy = np.empty(n_samples), np.empty(n_samples)
    feature_error = np.zeros(n_features)
    is_unit = X.min() >= 0.0 and X.max() <= 1.0
    for start in range(0, n_samples, ROWS_A_BLOCK):
        block = slice(start, start + ROWS_A_BLOCK)
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


def outliers(encoder: Any, code: np.ndarray, sample_error: np.ndarray) -> dict[str, np.ndarray]:
    """Find the samples that come back worst.

    Parameters
    ----------
    encoder : fitted encoder
    code : ndarray of shape (n_samples, code_size)
    sample_error : ndarray of shape (n_samples,)

    Returns
    -------
    dict of ndarray
        `rows`, ten or fewer, largest error first; `X`, their reconstructions.
    """
    rows = np.argsort(-sample_error, kind="stable")[:N_OUTLIERS]
    return {"rows": rows, "X": encoder.inverse_transform(code[rows])}


def losses(encoder: Any, X: np.ndarray) -> dict[str, float]:
    """Return how far reconstructions are from samples.

    Parameters
    ----------
    encoder : fitted encoder
    X : ndarray of shape (n_samples, n_features)
        Samples in prepared units.

    Returns
    -------
    dict of str to float
        ``mean_squared_error`` a feature; ``cross_entropy``, a feature in nats, where samples
        and reconstructions are within [0, 1].
    """
    none, one = np.zeros(len(X), bool), np.arange(1)
    lost = reconstruct(encoder, X, encoder.transform(X), is_train=none, shown=one)
    found = {"mean_squared_error": float(lost["sample_error"].mean())}
    if "sample_cross_entropy" in lost:
        found["cross_entropy"] = float(lost["sample_cross_entropy"].mean())
    return found


def manifold(
    encoder: Any, *, n: int = 20, probability: tuple[float, float] = (0.01, 0.99)
) -> dict[str, np.ndarray]:
    """Decode a grid whose points are equally spaced in the prior's probability.

    Parameters
    ----------
    encoder : VariationalAutoencoder
        Fitted, with a code of two dimensions.
    n : int
        Points along each axis.
    probability : (float, float)
        Quantiles of the standard normal prior between which the grid lies.

    Returns
    -------
    dict of ndarray
        `X` of shape (n, n, n_features), the first row at the largest second coordinate;
        `axis` of shape (n,), the latent values of the columns from left to right and of the
        rows from bottom to top; `probability` of shape (2,).

    Notes
    -----
    The coordinates are Φ⁻¹(p) for n equally spaced p: as many points lie where the prior has
    much mass as where it has little, so the grid shows what the model draws, at the rate at
    which it draws it.
    """
    axis = norm.ppf(np.linspace(*probability, n)).astype(np.float32)
    columns, rows = np.meshgrid(axis, axis[::-1])
    X = encoder.decode(np.stack([columns.ravel(), rows.ravel()], axis=1))
    return {
        "X": X.reshape(n, n, -1),
        "axis": axis,
        "probability": np.asarray(probability, np.float64),
    }
