"""Samples decoded from a grid of codes: what a variational network generates."""

from collections.abc import Callable

import numpy as np
from scipy.stats import norm

__all__ = ["manifold"]


def manifold(
    decode: Callable[[np.ndarray], np.ndarray],
    *,
    n: int = 20,
    probability: tuple[float, float] = (0.01, 0.99),
) -> dict[str, np.ndarray]:
    """Decode a grid of codes with two numbers, equally spaced in the prior's probability.

    Parameters
    ----------
    decode : function (ndarray of shape (n_samples, 2)) -> ndarray of (n_samples, n_features)
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
    much mass as where it has little, so the grid shows what the model generates, at the rate
    at which it generates it.
    """
    axis = norm.ppf(np.linspace(*probability, n)).astype(np.float32)
    columns, rows = np.meshgrid(axis, axis[::-1])
    X = decode(np.stack([columns.ravel(), rows.ravel()], axis=1))
    return {
        "X": X.reshape(n, n, -1),
        "axis": axis,
        "probability": np.asarray(probability, np.float64),
    }
