"""Read one array in NumPy's own format from an untrusted file.

`numpy.load` falls back to pickle for what it does not know and says so in its own
words; here the header is looked at first, so that pickled or cut-off content is refused
before anything is read, and memory is taken only for what the file really holds.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tokenize import TokenError
from typing import IO, NamedTuple

import numpy as np
from numpy.lib import format as npy

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.data._files import explained

__all__ = ["NpyHeader", "npy_file_header", "read_npy", "read_npy_file"]


class NpyHeader(NamedTuple):
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


def npy_file_header(path: Path) -> NpyHeader:
    """Return what array a `.npy` file holds; raises as `read_npy` does."""
    with path.open("rb") as stream:
        return _header(stream, what=str(path), size_bytes=path.stat().st_size)


def _header(stream: IO[bytes], *, what: str, size_bytes: int) -> NpyHeader:
    """Return what array a stream holds, leaving it at the start of the data."""
    with _reading(f"{what} is not a NumPy array"):
        version = npy.read_magic(stream)
        readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        if version not in readers:
            raise ValueError(f"format version {version[0]}.{version[1]}")
        header = NpyHeader(*readers[version](stream), stream.tell())
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
