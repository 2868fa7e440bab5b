"""Look at a path that a user gave before anything is read from it."""

from __future__ import annotations

from pathlib import Path

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line

__all__ = ["check_readable", "path_exists"]


def path_exists(path: Path) -> bool:
    """Return whether there is such a path, also where it cannot be asked for.

    Raises
    ------
    AevizError
        If there can be no such path, or its folder may not be entered.
    """
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        # Too long a name, a NUL in it, or a folder that may not be entered.
        raise AevizError(f"{str(path)[:80]!r} cannot be looked up: {first_line(error)}") from error


def check_readable(path: Path) -> None:
    """Say in one line that a file is empty or cannot be opened.

    Raises
    ------
    AevizError
        If it is.
    """
    if path.stat().st_size == 0:
        raise AevizError(f"{path} is empty (0 bytes); accepted: a file with data")
    try:
        path.open("rb").close()
    except OSError as error:
        raise AevizError(f"{path} cannot be opened: {error.strerror}") from error
