"""Find out before any work whether its result can be written where it is to go.

Nothing is made here: a place is looked at, and what stands in the way is said in one line.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from aeviz.core.exceptions import AevizError

__all__ = ["check_apart", "check_file", "check_folder"]


def check_file(path: Path, *, suffixes: Sequence[str], option: str = "--out") -> None:
    """Check that a file of one of the suffixes can be written, or written over.

    Raises
    ------
    AevizError
        If its suffix is none of them, it is a folder, or it cannot be written.
    """
    if path.suffix.lower() not in suffixes:
        found = repr(path.suffix) if path.suffix else "no suffix"
        raise AevizError(f"{option} must end in one of {', '.join(suffixes)}; got {found} ({path})")
    if path.is_dir():
        raise AevizError(f"{option} must be a file; {path} is a folder")
    _check_place(path.parent, path, f"{option} must be a file that can be written")


def check_folder(path: Path, *, option: str = "--out") -> None:
    """Check that a folder can be made, or be written into where it exists.

    Raises
    ------
    AevizError
        If it is a file, or cannot be made or written into.
    """
    _check_place(path, path, f"{option} must be a folder that can be written")


def check_apart(path: Path, *, of: Path, sources: Sequence[str | Path | None] = ()) -> None:
    """Check that a result takes the place of nothing that it is made of.

    Parameters
    ----------
    path : Path
        Where the result goes.
    of : Path
        The folder of the run or the model, whose files are its own.
    sources : sequence of path-like or None
        What is read besides; None is nothing.

    Raises
    ------
    AevizError
        If it would.
    """
    place = path.resolve()
    if place.is_relative_to(of.resolve()):
        raise AevizError(f"--out must be outside of {of}, whose files are its own; got {path}")
    for source in sources:
        if source is not None and place == Path(source).resolve():
            raise AevizError(
                f"--out must be another place than {source}, which is read; got {path}"
            )


def _check_place(folder: Path, path: Path, rule: str) -> None:
    """Check the folder, or where it is missing the nearest one above that is not."""
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
    except OSError as error:
        raise AevizError(f"{rule}; {path} cannot be: {error.strerror or error}") from error
    if not folder.is_dir():
        raise AevizError(f"{rule}; {path} cannot be: {folder} is a file")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise AevizError(f"{rule}; {path} cannot be: no permission to write into {folder}")
