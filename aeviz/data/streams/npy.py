"""Stream the samples of a `.npy` file by reading parts of it.

Why no mapping: pages of a mapped file count as the process's memory once they were read,
and stay until the system wants them back; a program that is watched, or limited by a
container, then seems to hold the whole file. What is read into a buffer of one block is
gone with the block. The file is opened anew for every block, which costs microseconds, so
there is nothing to close, and a stream may be copied or sent to another process.
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import IO

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.data._arrays import samples_image_shape
from aeviz.data._npy import read_npy_header
from aeviz.data.sample_stream import SampleStream
from aeviz.data.streams._samples import float_samples

__all__ = ["NpyStream"]


class NpyStream(SampleStream):
    """Stream a `.npy` file of shape (n, n_features), (n, height, width) or with channels.

    Images are flattened in (height, width, channels) order. Eight-bit images (unsigned)
    come out divided by 255, in [0, 1]; everything else comes out in its own units.

    Parameters
    ----------
    path : Path
        An existing file. One in Fortran order is read too, a column at a time, which is
        slow where there are many columns.

    Raises
    ------
    AevizError
        If the file is no array of samples: Python objects, complex numbers, one
        dimension, no rows, or cut off.
    """

    summary = "a .npy file of samples or images"

    def __init__(self, path: Path) -> None:
        with path.open("rb") as stream:
            header = read_npy_header(stream, what=str(path), size_bytes=path.stat().st_size)
        image_shape = samples_image_shape(header.shape, header.dtype, what=str(path))
        self._path = path.absolute()
        self._header = header
        super().__init__(
            name=path.stem,
            source=str(path),
            shape=(header.shape[0], math.prod(header.shape[1:])),
            image_shape=image_shape,
        )

    @classmethod
    def accepts(cls, source: object) -> bool:
        """Tell whether a source is a path that ends in `.npy`."""
        return isinstance(source, Path) and source.suffix.lower() == ".npy" and source.is_file()

    def raw(self, rows: slice) -> np.ndarray:
        """Return consecutive samples as they stand in the file: its units, dtype and shape.

        Parameters
        ----------
        rows : slice of step 1, with both ends within the file

        Returns
        -------
        ndarray of shape (n_rows, n_features), (n_rows, height, width) or with channels
            Values need not be finite.

        Raises
        ------
        AevizError
            If the file cannot be read.
        """
        return self._values(rows.start, rows.stop)

    def _read(self, start: int, stop: int) -> np.ndarray:
        return float_samples(self._values(start, stop), what=self.source)

    def _values(self, start: int, stop: int) -> np.ndarray:
        is_fortran_order = self._header.is_fortran_order
        shape = (stop - start, self.n_features)
        values = np.empty(shape, dtype=self._header.dtype, order="F" if is_fortran_order else "C")
        with self._opened() as stream:
            if is_fortran_order:
                for column in range(self.n_features):
                    first = column * self.n_samples + start
                    self._fill(values[:, column], stream, first_value=first)
            else:
                self._fill(values, stream, first_value=start * self.n_features)
        return self._shaped(values)

    def _gather(self, rows: np.ndarray) -> np.ndarray:
        if self._header.is_fortran_order:
            return super()._gather(rows)
        values = np.empty((len(rows), self.n_features), dtype=self._header.dtype)
        breaks = np.flatnonzero(np.diff(rows) != 1) + 1
        ends = [0, *breaks.tolist(), len(rows)]
        with self._opened() as stream:
            for first, stop in itertools.pairwise(ends):
                start = int(rows[first]) * self.n_features
                self._fill(values[first:stop], stream, first_value=start)
        return float_samples(self._shaped(values), what=self.source)

    def _opened(self) -> IO[bytes]:
        try:
            return self._path.open("rb", buffering=0)
        except OSError as error:
            raise AevizError(f"{self.source} cannot be opened: {error.strerror}") from error

    def _fill(self, values: np.ndarray, stream: IO[bytes], *, first_value: int) -> None:
        """Read values that lie together in the file into an array that is in one piece."""
        buffer = values.reshape(-1).view(np.uint8)
        stream.seek(self._header.offset_bytes + first_value * values.itemsize)
        filled = 0
        while filled < len(buffer):  # one call reads no more than the system's limit
            n_bytes = stream.readinto(buffer[filled:])  # type: ignore[attr-defined]  # raw file
            if not n_bytes:
                raise AevizError(f"{self.source} is shorter than when it was opened")
            filled += n_bytes

    def _shaped(self, values: np.ndarray) -> np.ndarray:
        order = "F" if self._header.is_fortran_order else "C"
        return values.reshape((len(values), *self._header.shape[1:]), order=order)  # type: ignore[call-overload]  # order is no literal
