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

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import first_line

__all__ = [
    "NpyHeader",
    "npy_file_header",
    "read_npy",
    "read_npy_file",
    "read_npy_header",
]


class NpyHeader(NamedTuple):
    """Header of a `.npy` file: what array follows.

    Parameters
    ----------
    shape : tuple of int
    is_fortran_order : bool
        Whether the first index runs fastest.
    dtype : dtype
        Without Python objects.
    offset_bytes : int
        Where the data begin.
    """

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
    header = read_npy_header(stream, what=what, size_bytes=size_bytes)
    check_fits(header.size_bytes, what=what)  # an archive unpacks to much more than its size
    stream.seek(0)
    try:
        with _without_header_warning():
            return np.lib.format.read_array(stream, allow_pickle=False)
    except (ValueError, OSError) as error:
        raise AevizError(f"{what} cannot be read: {first_line(error)}") from error


def read_npy_header(stream: IO[bytes], *, what: str, size_bytes: int) -> NpyHeader:
    """Return what array a stream holds, leaving it at the start of the data.

    Parameters and errors are those of `read_npy`.
    """
    try:
        with _without_header_warning():
            header = _header(stream)
    except (ValueError, TypeError, SyntaxError, TokenError, OSError) as error:
        raise AevizError(f"{what} is not a NumPy array: {first_line(error)}") from error
    if header.dtype.hasobject:
        raise AevizError(
            f"{what} holds pickled Python objects, which are never loaded; "
            "accepted: arrays of numbers or strings"
        )
    expected = header.size_bytes
    there = size_bytes - header.offset_bytes
    if expected > there:
        raise AevizError(
            f"{what} is cut off: {expected:,} bytes of data announced, {there:,} there"
        )
    return header


@contextmanager
def _without_header_warning() -> Iterator[None]:
    """Keep quiet about headers that Python 2 wrote, about which a user can do nothing."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Reading `.npy`", category=UserWarning)
        yield


def _header(stream: IO[bytes]) -> NpyHeader:
    """Return what is announced; raises whatever NumPy does where that is no header."""
    version = np.lib.format.read_magic(stream)
    reader = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if reader is None:
        raise ValueError(f"format version {version[0]}.{version[1]}")
    shape, is_fortran_order, dtype = reader(stream)
    if any(length < 0 for length in shape):
        raise ValueError(f"its shape is {shape}")
    return NpyHeader(shape, is_fortran_order, dtype, stream.tell())


def npy_file_header(path: Path) -> NpyHeader:
    """Return what array a `.npy` file holds; raises as `read_npy` does."""
    with path.open("rb") as stream:
        return read_npy_header(stream, what=str(path), size_bytes=path.stat().st_size)


def read_npy_file(path: Path) -> np.ndarray:
    """Return the array in a `.npy` file; raises as `read_npy` does."""
    with path.open("rb") as stream:
        return read_npy(stream, what=str(path), size_bytes=path.stat().st_size)
