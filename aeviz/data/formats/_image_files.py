"""Find the images below a folder.

Names are all that is kept of every sample, so they are kept as bytes in one piece: about
as many as a path has letters, where a list of strings takes a hundred a path more.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from aeviz.core.wording import listed, plural

__all__ = ["SUFFIXES", "ImageFiles", "has_images", "printable"]

SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".tif", ".tiff", ".webp", ".gif"),
    *(".pbm", ".pgm", ".ppm", ".pnm"),
)
# What packers and storage boxes leave beside the images: copies of names, and small copies.
_PASSED_OVER = ("__MACOSX", "@eaDir")


def has_images(folder: Path) -> bool:
    """Return whether there is an image below a folder, by its name."""
    return any(kind == "image" for _, kind in _walk(folder))


def printable(name: str) -> str:
    """Return a name of a file for a message of one line."""
    return name if name.isprintable() else repr(name)[1:-1]


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield paths below a folder, relative to it, and what each is.

    The files of a folder come in order of their names, then its sub-folders in order of
    theirs. Names that begin with a dot are passed over. Links are followed, but no folder is
    read twice, nor one that holds the folder itself.

    What a path is: ``"image"``, ``"other"`` (another file), ``"again"`` (a link to a folder that
    was read already, or that leads back) or ``"closed"`` (a folder that cannot be opened).
    """
    closed: list[str] = []
    resolved = folder.resolve()
    seen = {_identity(parent) for parent in (resolved, *resolved.parents)}
    walk = os.walk(folder, onerror=lambda e: closed.append(str(e.filename)), followlinks=True)
    for parent, folders, files in walk:
        inside = Path(os.path.relpath(parent, folder))
        for name in sorted(files):
            if not name.startswith("."):
                is_image = name.lower().endswith(SUFFIXES)
                yield str(inside / name), "image" if is_image else "other"
        wanted = []
        for name in sorted(folders):
            if name.startswith(".") or name in _PASSED_OVER:
                continue
            identity = _identity(Path(parent, name))
            if identity in seen:
                yield str(inside / name), "again"
            else:
                seen.add(identity)
                wanted.append(name)
        folders[:] = wanted
    yield from ((os.path.relpath(path, folder), "closed") for path in closed)


def _identity(folder: Path) -> tuple[int, int]:
    """Return what tells a folder from all others, by whatever link it was reached."""
    found = folder.stat()
    return found.st_dev, found.st_ino


class ImageFiles:
    """Paths of the images below a folder, in the order of their folders and names.

    Attributes
    ----------
    others : list of str
        Files at the top of the folder that are no images by their names.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.others: list[str] = []
        self._suffixes: Counter[str] = Counter()
        self._again: list[str] = []
        self._closed: list[str] = []
        self._names = pa.array(self._images(), pa.large_binary())

    def _images(self) -> Iterator[bytes]:
        for path, kind in _walk(self.folder):
            if kind == "image":
                yield os.fsencode(path)
            elif kind == "other":
                self._suffixes[Path(path).suffix.lower() or "none"] += 1
                if os.sep not in path:
                    self.others.append(path)
            else:
                (self._again if kind == "again" else self._closed).append(_text(path))

    def notes(self, *, used: str | None = None) -> list[str]:
        """Return sentences on what below the folder was left out but for one file, by its name."""
        suffixes = self._suffixes.copy()
        if used is not None:
            suffixes[Path(used).suffix.lower()] -= 1
        notes, n_others = [], suffixes.total()
        if n_others:
            kinds = listed(f"{printable(s)} ({n:,})" for s, n in suffixes.most_common() if n)
            by = f"by {'its' if n_others == 1 else 'their'} suffix"
            notes.append(f"{plural(n_others, 'file')} left out {by}: {kinds}.")
        if self._again:
            links = plural(len(self._again), "link")
            words = listed(map(printable, self._again))
            notes.append(f"{links} to a folder that was read already left out: {words}.")
        if self._closed:
            words = listed(map(printable, self._closed))
            folders = plural(len(self._closed), "folder")
            notes.append(f"{folders} that cannot be opened left out: {words}.")
        return notes

    def names(self) -> list[str]:
        """Return the paths in the folder as text; bytes that are not UTF-8 as their codes."""
        return [_text(os.fsdecode(name)) for name in self._names.to_pylist()]

    def keep(self, is_kept: np.ndarray) -> None:
        """Forget the other images."""
        self._names = self._names.filter(pa.array(is_kept))

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, row: int) -> Path:
        return self.folder / os.fsdecode(self._names[row].as_py())

    def name(self, row: int) -> str:
        """Return one of `names`, for a message of one line."""
        return printable(_text(os.fsdecode(self._names[row].as_py())))


def _text(path: str) -> str:
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return text.replace(os.sep, "/")
