"""Cut rows into consecutive slices of bounded size."""

from collections.abc import Iterator

import numpy as np

__all__ = ["row_blocks", "row_slices", "slices_of"]

_BLOCK_VALUES = 2**21


def row_blocks(X: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield a matrix in blocks of rows of bounded size, so that copies stay small."""
    return ((rows, X[rows]) for rows in row_slices(len(X), X.shape[1]))


def row_slices(stop: int, n_columns: int, *, start: int = 0) -> Iterator[slice]:
    """Yield consecutive slices of rows whose values fill 8 MB as float32, or one row each."""
    return slices_of(stop, max(1, _BLOCK_VALUES // max(1, n_columns)), start=start)


def slices_of(stop: int, step: int, *, start: int = 0) -> Iterator[slice]:
    """Yield consecutive slices of `step` rows; the last may have fewer."""
    return (slice(first, min(first + step, stop)) for first in range(start, stop, step))
