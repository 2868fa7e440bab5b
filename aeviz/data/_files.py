"""Look at a path that a user gave, open it, and say in one line what is wrong with it."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import first_line, listed, quoted

__all__ = [
    "PACKED",
    "check_readable",
    "explained",
    "packed_name",
    "path_exists",
    "plain_stem",
    "unpacked",
    "unpacked_text",
]

PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")
"""Suffixes of packed files, after the suffix of what is packed or, in a .zip, instead of it."""

_TABLES = (".arff", ".csv", ".json", ".jsonl", ".mtx", ".ndjson", ".tab", ".tsv", ".txt")
_PIECE_BYTES = 2**20


@contextmanager
def explained(what: str, *errors: type[BaseException]) -> Iterator[None]:
    """Raise `AevizError` with the first line of a library's error within a ``with`` statement."""
    try:
        yield
    except AevizError:
        raise
    except errors as error:
        raise AevizError(f"{what}: {first_line(error)}") from error


def path_exists(path: Path) -> bool:
    """Return whether there is such a path; `AevizError` where it cannot be asked for."""
    # Too long a name, a NUL in it, or a folder that may not be entered.
    with explained(f"{str(path)[:80]!r} cannot be looked up", OSError, ValueError):
        return path.exists()


def check_readable(path: Path) -> None:
    """Raise `AevizError` if a file is empty or cannot be opened."""
    if path.stat().st_size == 0:
        raise AevizError(f"{path} is empty (0 bytes); accepted: a file with data")
    try:
        path.open("rb").close()
    except OSError as error:
        raise AevizError(f"{path} cannot be opened: {error.strerror}") from error


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """Give the bytes of a file, unpacked where its own say that they are packed.

    Known are gzip, bzip2, xz, Zstandard, and a zip archive of one table; the name does not
    matter. Packed bytes that turn out damaged or cut off within the context raise `AevizError`.
    """
    with path.open("rb") as stream:
        start = stream.read(8)
        opener = next((one for mark, one in _OPENERS.items() if start.startswith(mark)), None)
        if opener is None:
            stream.seek(0)
            yield stream
            return
    # NotImplementedError is of a later version of .zip.
    errors = OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError
    with explained(f"{path} is cut off or damaged", *errors), opener(path) as stream_of_packed:
        yield cast(BinaryIO, stream_of_packed)


def unpacked_text(path: Path, *, bytes_each: float = 2.0) -> str:
    """Return the text of a file, unpacked, with line feeds as the ends of lines.

    Parameters
    ----------
    path : Path
    bytes_each : float
        Memory that is taken for each byte of it, by what the caller makes of it.

    Raises
    ------
    AevizError
        If it is damaged, no text in UTF-8, or does not fit in memory.
    """
    pieces, n_bytes = [], 0
    with unpacked(path) as stream:
        while piece := stream.read(_PIECE_BYTES):
            n_bytes += len(piece)
            check_fits(int(bytes_each * n_bytes), what=f"the text of {path}")
            pieces.append(piece)
    with explained(f"{path} is not text in UTF-8", UnicodeDecodeError):
        text = b"".join(pieces).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def packed_name(path: Path) -> str:
    """Return the name of what is packed in a file, empty where its own does not say it.

    Raises
    ------
    AevizError
        If it is a damaged .zip archive, or one without a table or with several.

    Examples
    --------
    >>> packed_name(Path("folder/cells.csv.xz"))
    'cells.csv'
    """
    if not path.name.lower().endswith(PACKED):
        return ""
    name = path.stem
    if not name.lower().endswith(_TABLES) and path.suffix.lower() == ".zip" and path.is_file():
        errors = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)
        damaged = explained(f"{path} is damaged or no .zip archive", *errors)
        with damaged, zipfile.ZipFile(path) as archive:
            return Path(_member(path, archive).filename).name
    return name if name.lower().endswith(_TABLES) else ""


def plain_stem(path: Path) -> str:
    """Return the name of a file without its suffixes.

    Examples
    --------
    >>> plain_stem(Path("cells.csv.xz")), plain_stem(Path("a.b.zip")), plain_stem(Path("a.b.csv"))
    ('cells', 'a.b', 'a.b')
    """
    is_inside = path.name.lower().endswith(PACKED) and path.stem.lower().endswith(_TABLES)
    return Path(path.stem).stem if is_inside else path.stem


def _member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the only table in an archive."""
    # Not `is_dir`, which fails where damage left a name empty.
    inside = [one for one in archive.infolist() if not one.filename.endswith("/")]
    # What the Finder and Windows add is no content.
    shown = [one for one in inside if "__MACOSX" not in one.filename]
    files = [one for one in shown if not Path(one.filename).name.startswith(".")]
    tables = [one for one in files if one.filename.lower().endswith(_TABLES)]
    # A .txt beside another table explains it.
    tables = [one for one in tables if not one.filename.lower().endswith(".txt")] or tables
    if len(tables) != 1:
        there = listed(quoted(one.filename) for one in tables or files) or "nothing"
        raise AevizError(
            f"{path} holds {there}; accepted: a .zip of one table "
            f"({', '.join(_TABLES)}), or the unpacked file"
        )
    return tables[0]


@contextmanager
def _open_zip(path: Path) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive:
        # Of encrypted members, and of methods of packing that Python does not know.
        with explained(f"{path} cannot be unpacked", RuntimeError, NotImplementedError, ValueError):
            stream = archive.open(_member(path, archive))
        with stream:
            yield stream


@contextmanager
def _open_zstd(path: Path) -> Iterator[IO[bytes]]:
    import pyarrow as pa

    with pa.input_stream(str(path), compression="zstd") as stream:
        yield io.BufferedReader(_Counted(stream), _PIECE_BYTES)


class _Counted(io.RawIOBase):
    """Bytes of a stream that is read from front to back and knows its position."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._position = stream, 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, as far as there are bytes, and return their number."""
        content = self._stream.read(len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._position


_OPENERS: dict[bytes, Callable[[Path], AbstractContextManager[Any]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
    b"\x28\xb5\x2f\xfd": _open_zstd,
    b"PK\x03\x04": _open_zip,
}
