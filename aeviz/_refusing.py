"""Say in one line that a file system did not take what was to be written, and what helps.

Writers raise what they like: NumPy and libraries below it an `OSError` without a number, an
archive a second error while it is closed, all of them the temporary name. Here they become one
`OSError` with its number, whose `filename` is where the content was meant to go.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aeviz._size_words import size_words

__all__ = ["telling_of_refusal"]

_FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EFBIG: "it is larger than a file may be here",
}
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
# NumPy's words, where it alone knows the number of the error.
_SHORT = re.compile(r"\d+ requested and \d+ written|problem writing element")


@contextmanager
def telling_of_refusal(path: Path) -> Iterator[None]:
    """Raise what a file system refuses within the block with a message that says what helps.

    Parameters
    ----------
    path : Path
        What is written. Whatever is removed on an error has to be removed within the block, so
        that the room that is said to be there is what another try would find.

    Raises
    ------
    OSError
        In place of one that says that there was no room, no permission, or that the place is
        read-only; any other passes.
    """
    try:
        yield
    except OSError as error:
        number = errno.ENOSPC if _SHORT.search(str(error)) else error.errno
        if number in _FULL:
            told = (
                f"could not be written whole: {_FULL[number]} ({_room(path)}); make room or choose "
                "another place, and give the same command again"
            )
        elif number in _READ_ONLY and _is_below(error.filename, path.parent):
            told = f"could not be written: {os.strerror(number)}; choose another place"
        else:
            raise
        raise OSError(number, told, str(path)) from error


def _room(path: Path) -> str:
    """Say how much could be written where a path leads."""
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    return f"{size_words(shutil.disk_usage(folder).free)} are free"


def _is_below(filename: str | None, folder: Path) -> bool:
    return isinstance(filename, str) and Path(filename).is_relative_to(folder)
