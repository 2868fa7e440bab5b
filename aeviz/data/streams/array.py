"""Stream the samples of an array that the caller has, in memory or mapped from a file.

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

from aeviz.data._arrays import samples_image_shape
from aeviz.data._checks import row_slices
from aeviz.data.sample_stream import SampleStream
from aeviz.data.streams._samples import float_samples

__all__ = ["ArrayStream"]

_SHARED_MODES = ("r", "r+", "w+")
# A page fault brings in the pages around it too, in aligned windows of this size.
_WINDOW_BYTES = 2**16
_ROWS_A_GATHER = 256


class ArrayStream(SampleStream):
    """Stream an array of shape (n, n_features), (n, height, width) or with channels.

    Images are flattened in (height, width, channels) order. Eight-bit images (unsigned)
    come out divided by 255, in [0, 1]; everything else comes out in its own units.

    Parameters
    ----------
    values : ndarray or memmap
        Real numbers. Of a memmap, or a part of one, only the block that is read
        occupies memory, but for a private one (mode ``"c"``). It is not copied and must
        not be changed while it is streamed.

    Raises
    ------
    AevizError
        If it is no array of samples: Python objects, complex numbers, one dimension or
        no rows.
    """

    summary = "a NumPy array or memmap"

    def __init__(self, values: np.ndarray) -> None:
        self._mapping = _shared_mapping(values)
        filename = getattr(values, "filename", None)
        name = Path(filename).stem if isinstance(filename, str | Path) else "array"
        source = "the array" if filename is None else str(filename)
        image_shape = samples_image_shape(values.shape, values.dtype, what=source)
        self._values = np.asarray(values)
        super().__init__(
            name=name,
            source=source,
            shape=(values.shape[0], math.prod(values.shape[1:])),
            image_shape=image_shape,
        )

    @classmethod
    def accepts(cls, source: object) -> bool:
        """Tell whether a source is an array of NumPy's, and not a masked one."""
        return isinstance(source, np.ndarray) and not isinstance(source, np.ma.MaskedArray)

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: a mapping cannot be, and the array becomes a copy."""
        return self.__dict__ | {"_mapping": None}

    def _read(self, start: int, stop: int) -> np.ndarray:
        part = self._values[start:stop]
        X = float_samples(part.copy(), what=self.source)
        self._drop_pages(part)
        return X

    def _gather(self, rows: np.ndarray) -> np.ndarray:
        X = np.empty((len(rows), self.n_features), dtype=np.float32)
        # A scattered row of a mapping occupies a whole window, however short it is.
        for part in row_slices(len(rows), max(self.n_features, 2**21 // _ROWS_A_GATHER)):
            X[part] = float_samples(self._values[rows[part]], what=self.source)
            first, last = int(rows[part][0]), int(rows[part][-1])
            self._drop_pages(self._values[first : last + 1])
        return X

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
