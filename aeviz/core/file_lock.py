"""Let one process at a time write into a folder.

A file says which process holds the folder. One whose process is gone, killed perhaps, holds
nothing; which process is meant is told by its number and by when it began, since numbers come
round again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from aeviz.core.exceptions import AevizError

__all__ = ["LOCK", "hold", "let_go"]

LOCK = ".held"


def hold(folder: Path) -> None:
    """Take a folder for this process, which may hold it already.

    Raises
    ------
    AevizError
        If another process holds it; the message says which.
    OSError
        If nothing can be written there.
    """
    path = folder / LOCK
    for _ in range(3):
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            holder = _holder(path)
            if holder not in (None, os.getpid()):
                raise AevizError(
                    f"{folder} is being written by process {holder}; wait for it to end, or "
                    "choose another --out"
                ) from None
            path.unlink(missing_ok=True)
            continue
        try:
            with os.fdopen(handle, "w") as file:
                json.dump({"pid": os.getpid(), "began": _began(os.getpid())}, file)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return
    raise AevizError(f"{folder} is being written by another process; choose another --out")


def let_go(folder: Path) -> None:
    """Give a folder back, if this process holds it."""
    path = folder / LOCK
    if path.is_file() and _holder(path) == os.getpid():
        path.unlink(missing_ok=True)


def _holder(path: Path) -> int | None:
    """Return the process that holds a folder, or None if it is gone."""
    try:
        found = json.loads(path.read_text())
        pid, began = int(found["pid"]), float(found["began"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pid if _began(pid) == began else None


def _began(pid: int) -> float | None:
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None
