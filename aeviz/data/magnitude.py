"""Refuse numbers that are too large to compute with, before anything is computed.

Distances, variances and errors are sums of squares. A number whose square is infinite would end
every one of them in NaN, after hours perhaps. And integers beyond 2^53 may become equal as floats.
"""

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import column_name
from aeviz.data._row_blocks import row_blocks
from aeviz.data.feature_scaling import exceeds_float64

__all__ = ["check_digits", "check_magnitude"]

# Squares are then at most 1e300, which leaves room for the sum of a hundred million of them.
MAX_MAGNITUDE = 1e150


def check_magnitude(
    X: np.ndarray,
    *,
    source: str,
    rows: np.ndarray | None = None,
    feature_names: tuple[str, ...] | None = None,
) -> None:
    """Check that no value is so large that sums of squares are infinite.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Of any real dtype. Values that are not finite are left to other checks.
    source : str
        What the samples are called in the message.
    rows : ndarray of int of shape (n_samples,), optional
        What the rows are called; by default their numbers from 0.
    feature_names : tuple of str, optional

    Raises
    ------
    AevizError
        If a value is beyond ±1e150.
    """
    if X.dtype.kind != "f" or X.dtype.itemsize < 8:
        return
    for part, block in row_blocks(X):
        is_large = (np.abs(block) > MAX_MAGNITUDE) & np.isfinite(block)
        if is_large.any():
            row, column = np.unravel_index(is_large.argmax(), is_large.shape)
            number = part.start + int(row)
            raise AevizError(
                f"{source} has the value {block[row, column]:.4g} in row "
                f"{number if rows is None else rows[number]}, "
                f"{column_name(feature_names, int(column))}, whose square is too large to compute "
                f"with; accepted: values within ±{MAX_MAGNITUDE:g}, so give them in another unit "
                "or leave out the column or the row"
            )


def check_digits(values: np.ndarray, dtype: np.dtype, *, source: str, column: str) -> None:
    """Check that integers, where they become floats, keep what tells them apart.

    Parameters
    ----------
    values : ndarray of any shape
        Of one column.
    dtype : dtype
        What they become, for example since other columns hold numbers with fractions.
    source, column : str
        What both are called in the message.

    Raises
    ------
    AevizError
        If float64 rounds them by more than float32 rounds their range, which is what networks
        and metrics tell apart. Integers that stay integers are centred first, and lose nothing.
    """
    if dtype.kind != "f" or not exceeds_float64(values):
        return
    low, high = int(values.min()), int(values.max())
    if 0 < high - low < max(abs(low), abs(high)) >> 29:
        raise AevizError(
            f"{source} has whole numbers from {low} to {high} in column {column}, which lose "
            "digits as floats beside numbers with fractions; accepted: their differences from one "
            "of them, or the column left out (drop)"
        )
