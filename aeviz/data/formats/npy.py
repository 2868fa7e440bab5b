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
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.lib import format as npy

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.data._array_layout import array_layout
from aeviz.data._array_values import record_frame
from aeviz.data._files import explained
from aeviz.data._refused_options import refuse_options
from aeviz.data._row_sampling import SMALLER_SAMPLE, can_only_be_sampled, sampling_note
from aeviz.data._tables import table_dataset
from aeviz.data._transpose import transposed
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import (
    TABLE_OPTIONS,
    Format,
    Reader,
    ReadOptions,
    Schema,
    whole_file,
)

__all__ = ["FORMAT"]


class NpyReader(Reader):
    """Reader of a `.npy` file of samples.

    Images are flattened in (height, width, channels) order, series in that of the file. What they
    are, `aeviz.data._array_layout` finds out.

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
        self._layout = array_layout(shape, dtype, what=self.source, options=self.options)
        layout = self._layout
        self._schema = Schema(shape[0], layout.n_features, layout.image_shape, layout.feature_names)

    def dataset(self) -> Dataset:
        """Return all samples, or some of them where all do not fit in memory."""
        sample, seed = self.options.sample, self.options.seed
        n_rows, size_bytes = self._schema.n_samples, self._header.size_bytes
        what = f"{self.source}, of {' × '.join(f'{n:,}' for n in self._header.shape)} values,"
        if not can_only_be_sampled(size_bytes, what=what, sample=sample):
            X = self.read(0, n_rows)
            if not self.options.transpose:
                return self.block(X, notes=self.notes)
            X = transposed(X.reshape(self._header.shape), what=self.source)
            return Dataset(self.name, np.ascontiguousarray(X))
        rng = np.random.default_rng(seed)
        rows = np.sort(rng.choice(n_rows, min(sample or 0, n_rows), replace=False))
        what = f"a sample of {self.source}"
        check_fits(len(rows) * size_bytes // max(1, n_rows), what=what, instead=SMALLER_SAMPLE)
        notes = (*self.notes, sampling_note(len(rows), n_rows, seed=seed))
        return self.block(self.take(rows), sample_ids=rows, drawn_of=n_rows, notes=notes)

    def block(self, X: np.ndarray, **others: Any) -> Dataset:
        """Return samples that were read as a data set with further parts."""
        return Dataset(
            self.name,
            X,
            feature_names=self._schema.feature_names,
            image_shape=self._schema.image_shape,
            array_shape=self._layout.array_shape,
            **others,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the samples were taken as, where that is not obvious."""
        return (self._layout.note,) if self._layout.note else ()

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
            return self._layout.flattened(np.array(mapped[rows]))
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
        """Return values as they lie in the file as samples."""
        shape = (len(values), *self._header.shape[1:])
        values = values.reshape(shape, order="F" if self._header.is_fortran_order else "C")
        return self._layout.flattened(values)


# -- NumPy's own format -----------------------------------------------------------------------


class Header(NamedTuple):
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


def _header(stream: IO[bytes], *, what: str, size_bytes: int) -> Header:
    """Return what array a stream holds, leaving it at the start of the data."""
    header = read_npy_header(stream, what=what)
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


def read_npy_header(stream: IO[bytes], *, what: str) -> Header:
    """Return what array a stream announces, which may be Python objects, or cut off.

    Raises
    ------
    AevizError
        If the stream holds no array.
    """
    with _reading(f"{what} is not a NumPy array"):
        version = npy.read_magic(stream)
        readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        if version not in readers:
            raise ValueError(f"format version {version[0]}.{version[1]}")
        header = Header(*readers[version](stream), stream.tell())
        if any(length < 0 for length in header.shape):
            raise ValueError(f"its shape is {header.shape}")
    return header


@contextmanager
def _reading(what: str) -> Iterator[None]:
    """Explain NumPy's errors, but not the warning about headers that Python 2 wrote."""
    errors = (ValueError, TypeError, SyntaxError, TokenError, OSError)
    with warnings.catch_warnings(), explained(what, *errors):
        warnings.filterwarnings("ignore", message="Reading `.npy`", category=UserWarning)
        yield


def _open(path: Path, options: ReadOptions) -> Reader:
    """Return a reader of samples, or of the table that an array of records is."""
    with path.open("rb") as stream:
        header = _header(stream, what=str(path), size_bytes=path.stat().st_size)
    if header.dtype.names and len(header.shape) == 1:
        refuse_options(options, accepted=TABLE_OPTIONS, source=str(path))
        return whole_file(_read_records)(path, options)
    refuse_options(options, accepted=_ARRAY_OPTIONS, source=str(path))
    return NpyReader(path, options)


def _read_records(path: Path, options: ReadOptions) -> Dataset:
    frame, notes = record_frame(read_npy_file(path))
    return table_dataset(frame, name=path.stem, source=str(path), options=options, notes=notes)


def _column_names(path: Path, _: ReadOptions) -> list[str]:
    """Return the names of the columns of an array of records; none of other arrays."""
    with path.open("rb") as stream:
        header = _header(stream, what=str(path), size_bytes=path.stat().st_size)
    return list(record_frame(np.empty(0, header.dtype))[0].columns) if header.dtype.names else []


_ARRAY_OPTIONS = frozenset({"kind", "transpose"})

FORMAT = Format(
    suffixes=(".npy",),
    summary="one NumPy array of samples, images, series or records; labels from a second file",
    open=_open,
    options=_ARRAY_OPTIONS | TABLE_OPTIONS,
    column_names=_column_names,
)
