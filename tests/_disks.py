"""Give tests a disk of their own: small, or read-only, where this may be mounted."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["Disk", "small_disk"]


class Disk:
    """A mounted file system in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def remount(self, options: str) -> None:
        """Change its size (``size=40k``), or make it read-only (``ro``)."""
        _mount("-o", f"remount,{options}", self.path)


@contextmanager
def small_disk(path: Path, *, size: str) -> Iterator[Disk]:
    """Mount a file system of a size, and skip the test where that is not allowed."""
    path.mkdir(exist_ok=True)
    try:
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", path)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a file system")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", str(path)], check=True)


def _mount(*words: str | Path) -> None:
    command = shutil.which("mount") or "mount"
    subprocess.run([command, *map(str, words)], check=True, capture_output=True)
