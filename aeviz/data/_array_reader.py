"""Read the samples of an array that the caller has, in memory or mapped from a file.

Why pages are given back: what was read of a mapped file counts as the process's memory.
After a block is copied out its pages are dropped from the process (`MADV_DONTNEED`, where
the system has it); they are read again from the file, or from the system's cache of it,
when they are wanted. That loses nothing where the mapping is shared with the file. It
would lose changes in a private mapping (mode ``"c"``), so that one is left alone and its
pages stay.
"""

from __future__ import annotations

import contextlib
import math
import mmap
from pathlib import Path

import numpy as np

from aeviz.data._arrays import as_samples, samples_image_shape
from aeviz.data._checks import row_slices
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Reader, Schema

__all__ = ["ArrayReader"]

_SHARED_MODES = ("r", "r+", "w+")
# A page fault brings in the pages around it too, in aligned windows of this size.
_WINDOW_BYTES = 2**16
_ROWS_PER_GATHER = 256


class ArrayReader(Reader):
    """Reader of an array of shape (n, n_features), (n, height, width) or with channels.

    Images are flattened in (height, width, channels) order.

    Parameters
    ----------
    values : ndarray or memmap
        Real numbers. Only the block that is read of a memmap, or of a part of one,
        occupies memory, except for a private one (mode ``"c"``). It is not copied and must
        not be changed while it is read.

    Raises
    ------
    AevizError
        If it is no array of samples: Python objects, complex numbers, or one dimension.
    """

    def __init__(self, values: np.ndarray) -> None:
        self._mapping = _shared_mapping(values)
        filename = getattr(values, "filename", None)
        name = Path(filename).stem if isinstance(filename, str | Path) else "array"
        super().__init__(name=name, source="the array" if filename is None else str(filename))
        image_shape = samples_image_shape(values.shape, values.dtype, what=self.source)
        self._values = np.asarray(values)
        self._schema = Schema(values.shape[0], math.prod(values.shape[1:]), image_shape)

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: a mapping cannot be, and the array becomes a copy."""
        return self.__dict__ | {"_mapping": None}

    def schema(self) -> Schema:
        """Return what the array holds."""
        return self._schema

    def dataset(self) -> Dataset:
        """Return all samples."""
        X = self.read(0, self._schema.n_samples)
        return Dataset(self.name, X, image_shape=self._schema.image_shape)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return consecutive samples."""
        part = self._values[start:stop]
        X = as_samples(part.copy(), what=self.source)[0]
        self._drop_pages(part)
        return X

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Return scattered samples."""
        parts = []
        # A scattered row of a mapping occupies a whole window, however short it is.
        n_columns = max(self._schema.n_features, 2**21 // _ROWS_PER_GATHER)
        for part in row_slices(len(rows), n_columns):
            parts.append(as_samples(self._values[rows[part]], what=self.source)[0])
            first, last = int(rows[part][0]), int(rows[part][-1])
            self._drop_pages(self._values[first : last + 1])
        return np.concatenate(parts)

    def _drop_pages(self, part: np.ndarray) -> None:
        """Give back the memory of the mapped pages that a part of the array lies in."""
        if self._mapping is None:
            return
        origin = np.frombuffer(self._mapping, dtype=np.uint8).ctypes.data
        low, high = np.lib.array_utils.byte_bounds(part)
        start = (low - origin) // _WINDOW_BYTES * _WINDOW_BYTES
        stop = -(-(high - origin) // _WINDOW_BYTES) * _WINDOW_BYTES
        with contextlib.suppress(OSError):  # memory that is locked stays
            self._mapping.madvise(mmap.MADV_DONTNEED, start, stop - start)


def _shared_mapping(values: np.ndarray) -> mmap.mmap | None:
    """Return the mapping that an array lies in, if its pages may be dropped."""
    base: object = values
    is_shared = False
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            is_shared = base.mode in _SHARED_MODES
        base = base.base
    if isinstance(base, mmap.mmap) and is_shared and hasattr(mmap, "MADV_DONTNEED"):
        return base
    return None
