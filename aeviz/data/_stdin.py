"""Keep what is piped to the program in a file, whose format is told by its first bytes.

Why a file, and kept: formats are read from files, some of them in any order, and a source is read
more than once, to check it and to use it; what is piped can be read only once in a process.
"""

import atexit
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import BinaryIO

from aeviz.core.exceptions import AevizError
from aeviz.data._files import explained, unpacked

__all__ = ["STDIN", "calling_it_stdin", "stdin_file"]

STDIN = "-"
"""The source that stands for what is piped to the program."""

_HDF5 = b"\x89HDF\r\n\x1a\n"
_STARTS = {
    b"\x93NUMPY": ".npy",
    b"PAR1": ".parquet",
    b"ARROW1": ".arrow",
    b"\xff\xff\xff\xff": ".arrow",
    b"FCS": ".fcs",
    b"MATLAB": ".mat",
}
_PACKED = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\x00": ".xz", b"\x28\xb5\x2f\xfd": ".zst"}
_HEAD_BYTES = 4096


@cache
def stdin_file() -> Path:
    """Return a file of what is piped to the program, which is deleted when it ends.

    Raises
    ------
    AevizError
        If nothing is piped.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise AevizError("nothing is piped to the program; accepted: as in cat table.csv | aeviz …")
    folder = Path(tempfile.mkdtemp(prefix="aeviz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return kept_file(sys.stdin.buffer, folder)


def kept_file(stream: BinaryIO, folder: Path) -> Path:
    """Return a file in a folder with all of a stream, called stdin with the suffix of its format.

    Raises
    ------
    AevizError
        If the stream is empty or the folder's disk is full.
    """
    path = folder / "stdin"
    with explained("what is piped cannot be kept", OSError), path.open("wb") as file:
        shutil.copyfileobj(stream, file)
    if not path.stat().st_size:
        raise AevizError("what is piped to the program is empty (0 bytes); accepted: data")
    return path.rename(path.with_name("stdin" + _suffix(path)))


@contextmanager
def calling_it_stdin(source: object) -> Iterator[None]:
    """Say stdin instead of the name of its file, in errors within a ``with`` statement."""
    try:
        yield
    except AevizError as error:
        if str(source) == STDIN:
            error.args = (str(error).replace(str(stdin_file()), "stdin"), *error.args[1:])
        raise


def _suffix(path: Path) -> str:
    """Return the suffix of the format that a file's bytes are in; text is a table."""
    with path.open("rb") as stream:
        start = stream.read(_HEAD_BYTES)
    if start.startswith(_HDF5):
        return _hdf5_suffix(path)
    if start[512:].startswith(_HDF5):
        return ".mat"
    if start.startswith(b"PK\x03\x04"):
        return _zip_suffix(path)
    found = [suffix for mark, suffix in _STARTS.items() if start.startswith(mark)]
    if found:
        return found[0]
    packed = next((suffix for mark, suffix in _PACKED.items() if start.startswith(mark)), "")
    if packed:
        with unpacked(path) as stream:
            start = stream.read(_HEAD_BYTES)
    if start[:2] == b"\0\0" and start[2:3] in b"\x08\x09\x0b\x0c\x0d\x0e":
        return f"-ubyte{packed}"
    return _text_suffix(start) + packed


def _text_suffix(start: bytes) -> str:
    text = start.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("%%MatrixMarket"):
        return ".mtx"
    if text[:1] in ("{", "["):
        return ".jsonl"
    is_arff = text.startswith("%") or text.lower().startswith(("@relation", "@attribute"))
    return ".arff" if is_arff else ".csv"


def _zip_suffix(path: Path) -> str:
    errors = (zipfile.BadZipFile, ValueError, NotImplementedError)
    damaged = explained("what is piped is a damaged archive", *errors)
    with damaged, zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if "xl/workbook.xml" in names:
        return ".xlsx"
    return ".npz" if names and all(name.endswith(".npy") for name in names) else ".zip"


def _hdf5_suffix(path: Path) -> str:
    from aeviz.data.formats.hdf5 import Hdf5File

    with Hdf5File(path) as file:
        return ".h5ad" if {"obs", "var"} <= file.entries.keys() else ".h5"
