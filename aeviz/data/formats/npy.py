"""Read one array of samples from a `.npy` file, whole or a block of rows at a time.

Labels may be in a second file, which is read in `aeviz.data.sources` for every format.
`numpy.load` falls back to pickle for what it does not know and says so in its own words; here
the header is looked at first, so that pickled or cut-off content of untrusted files is refused
before anything is read, and memory is taken only for what the file really holds.

Why no mapping: pages of a mapped file count as the process's memory once they were read,
and stay until the system wants them back; a program that is watched, or limited by a
container, then seems to hold the whole file. What is read into a buffer of one block is
gone with the block. The file is opened anew for every block, which costs microseconds, so
there is nothing to close, and a reader may be copied or sent to another process.
"""

import itertools
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from tokenize import TokenError
from typing import IO, NamedTuple

import numpy as np
from numpy.lib import format as npy

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.data._arrays import as_samples, samples_image_shape
from aeviz.data._files import explained
from aeviz.data._row_sampling import SMALLER_SAMPLE, can_only_be_sampled, sampling_note
from aeviz.data._transpose import transposed
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
        with path.open("rb") as stream:
            self._header = _header(stream, what=self.source, size_bytes=path.stat().st_size)
        shape, dtype = self._header.shape, self._header.dtype
        image_shape = samples_image_shape(shape, dtype, what=self.source)
        self._schema = Schema(shape[0], math.prod(shape[1:]), image_shape)

    def dataset(self) -> Dataset:
        """Return all samples, or some of them where all do not fit in memory."""
        sample, seed = self.options.sample, self.options.seed
        n_rows, size_bytes = self._schema.n_samples, self._header.size_bytes
        what = f"{self.source}, of {' × '.join(f'{n:,}' for n in self._header.shape)} values,"
        if not can_only_be_sampled(size_bytes, what=what, sample=sample):
            found = super().dataset()
            if not self.options.transpose:
                return found
            X = transposed(found.X.reshape(self._header.shape), what=self.source)
            return Dataset(self.name, np.ascontiguousarray(X))
        rng = np.random.default_rng(seed)
        rows = np.sort(rng.choice(n_rows, min(sample or 0, n_rows), replace=False))
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
        buffer = values.reshape(-1).view(np.uint8).data
        stream.seek(self._header.offset_bytes + first * values.itemsize)
        if stream.readinto(buffer) < len(buffer):
            raise AevizError(f"{self.source} is shorter than when it was opened")

    def _samples(self, values: np.ndarray) -> np.ndarray:
        """Return values as they lie in the file as samples, flattened with channels last."""
        shape = (len(values), *self._header.shape[1:])
        values = values.reshape(shape, order="F" if self._header.is_fortran_order else "C")
        return as_samples(values, what=self.source)


# -- NumPy's own format -----------------------------------------------------------------------


class _Header(NamedTuple):
    """Header of a `.npy` file: what array follows and where; none of Python objects."""

    shape: tuple[int, ...]
    is_fortran_order: bool
    dtype: np.dtype
    offset_bytes: int

    @property
    def size_bytes(self) -> int:
        """Return the size of the values."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_npy(stream: IO[bytes], *, what: str, size_bytes: int) -> np.ndarray:
    """Return the array in a stream.

    Parameters
    ----------
    stream : binary file, seekable
        At the start of the array's header.
    what : str
        What the array is called in messages.
    size_bytes : int
        Length of the stream's content, header included.

    Raises
    ------
    AevizError
        If the stream holds no array, a cut-off one, Python objects, or more than fits in memory.
    """
    header = _header(stream, what=what, size_bytes=size_bytes)
    check_fits(header.size_bytes, what=what)  # an archive unpacks to much more than its size
    stream.seek(0)
    with _reading(f"{what} cannot be read"):
        return npy.read_array(stream, allow_pickle=False)


def read_npy_file(path: Path) -> np.ndarray:
    """Return the array in a `.npy` file; raises as `read_npy` does."""
    with path.open("rb") as stream:
        return read_npy(stream, what=str(path), size_bytes=path.stat().st_size)


def _header(stream: IO[bytes], *, what: str, size_bytes: int) -> _Header:
    """Return what array a stream holds, leaving it at the start of the data."""
    with _reading(f"{what} is not a NumPy array"):
        version = npy.read_magic(stream)
        readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        if version not in readers:
            raise ValueError(f"format version {version[0]}.{version[1]}")
        header = _Header(*readers[version](stream), stream.tell())
        if any(length < 0 for length in header.shape):
            raise ValueError(f"its shape is {header.shape}")
    if header.dtype.hasobject:
        raise AevizError(
            f"{what} holds pickled Python objects, which are never loaded; "
            "accepted: arrays of numbers or strings"
        )
    expected, there = header.size_bytes, size_bytes - header.offset_bytes
    if expected > there:
        raise AevizError(
            f"{what} is cut off: {expected:,} bytes of data announced, {there:,} there"
        )
    return header


@contextmanager
def _reading(what: str) -> Iterator[None]:
    """Explain NumPy's errors, but not the warning about headers that Python 2 wrote."""
    errors = (ValueError, TypeError, SyntaxError, TokenError, OSError)
    with warnings.catch_warnings(), explained(what, *errors):
        warnings.filterwarnings("ignore", message="Reading `.npy`", category=UserWarning)
        yield


FORMAT = Format(
    suffixes=(".npy",),
    summary="one NumPy array of samples or images; labels from a second file",
    open=NpyReader,
    options=frozenset({"transpose"}),
)
