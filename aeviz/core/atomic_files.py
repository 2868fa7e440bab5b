"""Write files and folders so that they appear whole or not at all.

Everything is written under a temporary name in the same folder and then renamed, which POSIX and
Windows both do in one step on one file system. An interrupted write leaves the former content as
it was; only a folder that is replaced is missing between two renames. A process that is killed
leaves its temporary names behind: the next one that writes to the same path, or locks the folder
(`sweep`), removes them.
"""

import errno
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aeviz.core.memory import size_words

__all__ = [
    "atomic_file",
    "atomic_file_group",
    "atomic_folder",
    "explain_write_errors",
    "is_leftover",
    "read_json",
    "sweep",
    "write_json",
]

_TEMPORARY = re.compile(r"\.(?P<stem>.+)\.(partial|former)-(?P<pid>\d+)(?P<suffix>\.[^.]*)?")


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to, and rename it to `path` at the end.

    The temporary name keeps the suffix of `path`, since many writers choose the
    format by it. On an exception the temporary file is removed.

    Raises
    ------
    OSError
        If it cannot be written; see `explain_write_errors`.
    """
    partial = path.with_name(f".{path.stem}.partial-{os.getpid()}{path.suffix}")
    with explain_write_errors(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _remove(_left_behind(path.parent, stem=path.stem))
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yield a new temporary folder to fill, and rename it to `path` at the end.

    Raises
    ------
    OSError
        If it cannot be written; see `explain_write_errors`.
    """
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    former = path.with_name(f".{path.name}.former-{os.getpid()}")
    with explain_write_errors(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # In a container the process that was killed may have had this one's number.
            _remove([*_left_behind(path.parent, stem=path.name), partial, former])
            partial.mkdir()
            yield partial
            if path.exists():
                # A folder cannot be renamed over a full one: move the former aside first.
                path.replace(former)
            partial.replace(path)
        finally:
            _remove([partial, former])


@contextmanager
def atomic_file_group(folder: Path, *, last: str) -> Iterator[Path]:
    """Yield a temporary folder to fill, and move its files into an existing folder at the end.

    Other files in the folder stay. The file named `last`, which shows readers that all are there,
    is removed first and moved last.

    Raises
    ------
    OSError
        If they cannot be written; see `explain_write_errors`.
    """
    partial = folder / f".{last}.partial-{os.getpid()}"
    with explain_write_errors(folder / last):
        try:
            _remove([*_left_behind(folder, stem=last), partial])
            partial.mkdir()
            yield partial
            (folder / last).unlink(missing_ok=True)
            for file in sorted(partial.iterdir(), key=lambda file: file.name == last):
                file.replace(folder / file.name)
        finally:
            _remove([partial])


def sweep(folder: Path) -> None:
    """Remove what killed processes left behind, here and in all folders below."""
    for path, folders, files in os.walk(folder):
        left = [Path(path, name) for name in (*folders, *files) if _is_of_gone_process(name)]
        _remove(left)
        folders[:] = [name for name in folders if Path(path, name) not in left]


def is_leftover(path: Path) -> bool:
    """Return whether a file or folder has a temporary name."""
    return _TEMPORARY.fullmatch(path.name) is not None


def _left_behind(folder: Path, *, stem: str) -> list[Path]:
    """Return what killed processes left behind of one file or folder."""
    return [path for path in folder.iterdir() if _is_of_gone_process(path.name, stem=stem)]


def _is_of_gone_process(name: str, *, stem: str | None = None) -> bool:
    found = _TEMPORARY.fullmatch(name)
    if found is None or stem not in (None, found["stem"]):
        return False
    import psutil

    return not psutil.pid_exists(int(found["pid"]))


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def write_json(path: Path, content: Any) -> None:
    """Write indented JSON, whole or not at all; NaN raises ValueError, since JSON has none."""
    text = json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False)
    with atomic_file(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


_FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EFBIG: "it is larger than a file may be here",
}
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
# NumPy's words, where it alone knows the number of the error.
_SHORT = re.compile(r"\d+ requested and \d+ written|problem writing element")


@contextmanager
def explain_write_errors(path: Path) -> Iterator[None]:
    """Raise errors of writing within the block with a message that says what helps.

    Partial files of `path` must be removed within the block, so that the message states the room
    that another try would find.

    Raises
    ------
    OSError
        With the new message if there was no room or no permission, or the path is read-only;
        other errors pass unchanged.
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
    """Return how much room there is where a path leads, in words."""
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    return f"{size_words(shutil.disk_usage(folder).free)} are free"


def _is_below(filename: str | None, folder: Path) -> bool:
    return isinstance(filename, str) and Path(filename).is_relative_to(folder)
