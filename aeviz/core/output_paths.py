"""Check before any work whether its result can be written to its path.

Nothing is created here.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from aeviz.core.atomic_files import is_leftover
from aeviz.core.exceptions import SettingError

__all__ = ["check_apart", "check_file", "check_folder", "check_own_folder"]


def check_file(path: Path, *, suffixes: Sequence[str]) -> None:
    """Check that a file with one of the suffixes can be written.

    Raises
    ------
    SettingError
        If its suffix is none of them, it is a folder, or it cannot be written.
    """
    if path.suffix.lower() not in suffixes:
        found = repr(path.suffix) if path.suffix else "no suffix"
        message = f"out must end in one of {', '.join(suffixes)}; got {found} ({path})"
        raise SettingError("out", message=message)
    if path.is_dir():
        raise SettingError("out", message=f"out must be a file; {path} is a folder")
    _check_writable(path.parent, path, "out", "a file that can be written")


def check_folder(path: Path, *, field: str = "out") -> None:
    """Check that a folder can be created, or be written into where it exists.

    Raises
    ------
    SettingError
        If it is a file, or cannot be created or written into.
    """
    _check_writable(path, path, field, "a folder that can be written")


def check_own_folder(
    path: Path,
    *,
    marker: str,
    noun: str,
    force: bool,
    parts: Sequence[str] = (),
    has_force: bool = True,
    field: str = "out",
) -> None:
    """Check that a folder holds nothing but an earlier result of the same kind.

    Every finished result has the file `marker`, and is called `noun` in the message. Without the
    marker, `parts` may be there, and leftovers of a killed process; with `force`, anything may.
    `has_force` says whether the message offers that.

    Raises
    ------
    SettingError
        If it holds something else.
    """
    if force or not path.is_dir() or (path / marker).is_file():
        return
    if any(one.name not in parts and not is_leftover(one) for one in path.iterdir()):
        message = (
            f"{field} must be a new or empty folder or an earlier {noun}; {path} holds something "
            "else"
        )
        hint = " (force=True writes into it all the same)" if has_force else ""
        raise SettingError(field, message=message + hint)


def check_apart(path: Path, *, of: Path, sources: Sequence[str | Path | None] = ()) -> None:
    """Check that a result replaces no file that it is computed from.

    Those are the files of the run or the model in the folder `of`, and the sources that are no
    None.

    Raises
    ------
    SettingError
        If it would replace one.
    """
    resolved = path.resolve()
    if resolved.is_relative_to(of.resolve()):
        message = f"out must be outside of {of}, whose files are its own; got {path}"
        raise SettingError("out", message=message)
    for source in sources:
        if source is not None and resolved == Path(source).resolve():
            message = f"out must be another place than {source}, which is read; got {path}"
            raise SettingError("out", message=message)


def _check_writable(folder: Path, path: Path, field: str, accepted: str) -> None:
    """Check the folder, or the nearest existing folder above it."""
    reason = None
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
    except OSError as error:
        reason = error.strerror or str(error)
    else:
        if not folder.is_dir():
            reason = f"{folder} is a file"
        elif not os.access(folder, os.W_OK | os.X_OK):
            reason = f"no permission to write into {folder}"
    if reason is not None:
        message = f"{field} must be {accepted}; {path} cannot be: {reason}"
        raise SettingError(field, message=message)
