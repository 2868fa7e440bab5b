"""Columns of numbers for the page, exact to the last digit of the source where possible.

Why: a page shows single values and saves them as CSV, where 80 must not read 79.9999. Numbers
with up to `MAX_DECIMALS` decimals become whole steps of a power of ten in the fewest bytes that
hold them, which are exact and compress best. Others become float32, which keeps about seven
digits; more would double the size of the page. Float64 is for numbers that float32 cannot hold:
whole numbers of too many digits, and numbers beyond its range.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

import numpy as np

from aeviz.page.blobs import Blobs, Ref

__all__ = ["exact"]

MAX_DECIMALS = 6
_STEP_TYPES = (np.uint8, np.uint16, np.uint32)
# Beyond this float64 has gaps between whole numbers.
_MAX_WHOLE = 2.0**53


class ExactNumbers(TypedDict):
    """Numbers of a column, as `aeviz.report.manifest.ValueColumn` describes them."""

    values: Ref
    first: NotRequired[int]
    decimals: NotRequired[int]


def exact(values: np.ndarray, blobs: Blobs) -> ExactNumbers:
    """Add a column of numbers to the page and return how they are written.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        Of any real dtype. What is not finite counts as missing.
    blobs : Blobs

    Returns
    -------
    dict
        Either `values` alone, of floats with NaN where missing; or also `first` and `decimals`:
        the number is (`first` + step) / 10 ** `decimals` for each step in `values`, whose greatest
        possible one stands for missing.

    Examples
    --------
    >>> exact(np.array([5.1, np.nan, 4.9]), Blobs())
    {'values': {'blob': 0, 'dtype': 'uint8', 'shape': [3]}, 'first': 49, 'decimals': 1}
    """
    wide = np.array(values, np.float64)
    is_there = np.isfinite(wide)
    wide[~is_there] = np.nan
    decimals = _decimals(values[is_there], wide[is_there])
    if decimals is None:
        return {"values": blobs.array(_floats(values, wide))}
    steps = np.rint(wide[is_there] * 10.0**decimals)
    first, last = (steps.min(), steps.max()) if len(steps) else (0.0, 0.0)
    for kind in _STEP_TYPES:
        missing = np.iinfo(kind).max
        if last - first < missing:
            written = np.full(len(wide), missing, kind)
            written[is_there] = steps - first
            return {"values": blobs.array(written), "first": int(first), "decimals": decimals}
    return {"values": blobs.array(wide)}


def _decimals(values: np.ndarray, wide: np.ndarray) -> int | None:
    """Return how many decimals the numbers have in their own dtype, None if too many."""
    for decimals in range(MAX_DECIMALS + 1):
        scaled = wide * 10.0**decimals
        if (np.abs(scaled) > _MAX_WHOLE).any():
            return None
        if np.array_equal((np.rint(scaled) / 10.0**decimals).astype(values.dtype), values):
            return decimals
    return None


def _floats(values: np.ndarray, wide: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", under="ignore"):
        narrow = wide.astype(np.float32)
    is_lost = np.isinf(narrow) | ((narrow == 0) & (wide != 0))
    return wide if values.dtype.kind in "iu" or is_lost.any() else narrow
