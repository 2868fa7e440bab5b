"""Let one process at a time write into a folder.

The operating system releases the lock of a process that is killed.
"""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from aeviz.core.exceptions import AevizError

__all__ = ["LOCK", "FolderLock"]

LOCK = ".held"


class FolderLock:
    """Lock of a folder for this process, which may take it several times.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    AevizError
        If another process has it; the message says which.
    OSError
        If nothing can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._lock = FileLock(self._path, timeout=0, is_singleton=True)
        try:
            self._lock.acquire()
        except Timeout:
            raise AevizError(
                f"{folder} is being written by {self._owner()}; wait for it to end, or choose "
                "another folder"
            ) from None
        with suppress(OSError):  # Windows allows no second handle; then messages name no process
            self._path.write_text(str(os.getpid()))

    def release(self) -> None:
        """Give the folder back, and remove the lock's file if this was the last."""
        if self._lock.lock_counter == 1:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        self._lock.release()

    def _owner(self) -> str:
        with suppress(OSError):
            text = self._path.read_text()
            if text.isdigit():
                return f"process {text}"
        return "another process"
