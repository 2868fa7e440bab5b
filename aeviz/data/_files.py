"""Look at a path that a user gave, open it, and say in one line what is wrong with it."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line

__all__ = ["check_readable", "explained", "path_exists", "unpacked"]


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
    """Give the bytes of a file, unpacked where its own begin as gzip's do, whatever its name.

    Packed bytes that turn out damaged or cut off within the context raise `AevizError`.
    """
    with path.open("rb") as stream:
        if stream.read(2) != b"\x1f\x8b":
            stream.seek(0)
            yield stream
            return
    damaged = explained(f"{path} is cut off or damaged", OSError, EOFError, zlib.error)
    with damaged, gzip.open(path) as stream_of_gzip:
        yield cast(BinaryIO, stream_of_gzip)
