"""Bring pieces of arrays to the units and the shape in which streams give samples."""

from __future__ import annotations

import numpy as np

from aeviz.data._arrays import as_samples

__all__ = ["float_samples"]


def float_samples(values: np.ndarray, *, what: str) -> np.ndarray:
    """Return samples as a matrix of floats.

    Parameters
    ----------
    values : ndarray of shape (n, n_features), (n, height, width) or with channels
        As `aeviz.data._arrays.as_samples` takes them.
    what : str
        What the array is called in messages.

    Returns
    -------
    ndarray of float32 of shape (n, n_features), C-contiguous
        Eight-bit images divided by 255; all else in its own units, infinite where it is
        beyond float32's range. May be the same memory as `values`.

    Examples
    --------
    >>> float_samples(np.array([[[0, 51, 255]]], dtype=np.uint8), what="X").tolist()
    [[0.0, 0.20000000298023224, 1.0]]
    """
    X, image_shape = as_samples(values, what=what)
    if image_shape is not None and X.dtype == np.uint8:
        return np.divide(X, 255, dtype=np.float32)
    with np.errstate(over="ignore"):  # infinite values are reported by row and column
        return X.astype(np.float32, copy=False)
