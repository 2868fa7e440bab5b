"""Read one array of samples from a `.npy` file, whole or a block of rows at a time.

Labels may be in a second file, which is read in `aeviz.data.sources` for every format.

Why no mapping: pages of a mapped file count as the process's memory once they were read,
and stay until the system wants them back; a program that is watched, or limited by a
container, then seems to hold the whole file. What is read into a buffer of one block is
gone with the block. The file is opened anew for every block, which costs microseconds, so
there is nothing to close, and a reader may be copied or sent to another process.
"""

from __future__ import annotations

import itertools
import math
from io import BufferedReader
from pathlib import Path

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.data._arrays import as_samples, samples_image_shape
from aeviz.data._npy import npy_file_header
from aeviz.data._row_sampling import (
    SMALLER_SAMPLE,
    can_only_be_sampled,
    random_row_numbers,
    sampling_note,
)
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, Reader, ReadOptions, Schema

__all__ = ["FORMAT"]


class NpyReader(Reader):
    """Reader of a `.npy` file of shape (n, n_features), (n, height, width) or with channels.

    Images are flattened in (height, width, channels) order.

    Parameters
    ----------
    path : Path
        An existing file. One in Fortran order is read too, a column at a time, which is
        slow where there are many columns.
    options : ReadOptions, optional

    Raises
    ------
    AevizError
        If the file is no array of samples: Python objects, complex numbers, one
        dimension, or cut off.
    """

    def __init__(self, path: Path, options: ReadOptions | None = None) -> None:
        super().__init__(name=path.stem, source=str(path), options=options)
        self._path = path.absolute()
        self._header = npy_file_header(path)
        shape, dtype = self._header.shape, self._header.dtype
        image_shape = samples_image_shape(shape, dtype, what=self.source)
        self._schema = Schema(shape[0], math.prod(shape[1:]), image_shape)

    def schema(self) -> Schema:
        """Return what the file holds."""
        return self._schema

    def dataset(self) -> Dataset:
        """Return all samples, or some of them where all do not fit in memory."""
        sample, seed = self.options.sample, self.options.seed
        n_rows, size_bytes = self._schema.n_samples, self._header.size_bytes
        what = f"{self.source}, of {' × '.join(f'{n:,}' for n in self._header.shape)} values,"
        if not can_only_be_sampled(size_bytes, what=what, sample=sample):
            return super().dataset()
        rows = random_row_numbers(n_rows, sample or 0, seed=seed)
        what = f"a sample of {self.source}"
        check_fits(len(rows) * size_bytes // max(1, n_rows), what=what, instead=SMALLER_SAMPLE)
        return Dataset(
            self.name,
            self.take(rows),
            image_shape=self._schema.image_shape,
            sample_ids=rows,
            drawn_of=n_rows,
            notes=(sampling_note(len(rows), n_rows, seed=seed),),
        )

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return consecutive samples."""
        n_samples, n_features = self._schema.n_samples, self._schema.n_features
        is_fortran_order, shape = self._header.is_fortran_order, (stop - start, n_features)
        values = np.empty(shape, self._header.dtype, order="F" if is_fortran_order else "C")
        with self._opened() as stream:
            if is_fortran_order:
                for column in range(n_features):
                    self._fill(values[:, column], stream, first=column * n_samples + start)
            else:
                self._fill(values, stream, first=start * n_features)
        return self._samples(values)

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Return scattered samples, and read no others."""
        if self._header.is_fortran_order:
            mapped = np.load(self._path, mmap_mode="r", allow_pickle=False)
            return as_samples(np.array(mapped[rows]), what=self.source)
        values = np.empty((len(rows), self._schema.n_features), dtype=self._header.dtype)
        breaks = np.flatnonzero(np.diff(rows) != 1) + 1
        with self._opened() as stream:
            for start, stop in itertools.pairwise([0, *breaks.tolist(), len(rows)]):
                first = int(rows[start]) * self._schema.n_features
                self._fill(values[start:stop], stream, first=first)
        return self._samples(values)

    def _opened(self) -> BufferedReader:
        try:
            return self._path.open("rb")
        except OSError as error:
            raise AevizError(f"{self.source} cannot be opened: {error.strerror}") from error

    def _fill(self, values: np.ndarray, stream: BufferedReader, *, first: int) -> None:
        """Read values that lie together in the file, and in memory, the first by its number."""
        buffer = values.reshape(-1).view(np.uint8)
        stream.seek(self._header.offset_bytes + first * values.itemsize)
        if stream.readinto(buffer) < len(buffer):
            raise AevizError(f"{self.source} is shorter than when it was opened")

    def _samples(self, values: np.ndarray) -> np.ndarray:
        """Return values as they lie in the file as samples, flattened with channels last."""
        shape = (len(values), *self._header.shape[1:])
        values = values.reshape(shape, order="F" if self._header.is_fortran_order else "C")
        return as_samples(values, what=self.source)


FORMAT = Format(
    suffixes=(".npy",),
    summary="one NumPy array of samples or images; labels from a second file",
    open=NpyReader,
)
