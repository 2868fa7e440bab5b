"""Find the images below a folder and keep their names in little memory.

Names are all that is kept of every sample, so they are kept as bytes in one piece: about
as many as a path has letters, where a list of strings takes a hundred a path more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

__all__ = ["SUFFIXES", "ImageFiles", "walk_images"]

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".gif")


def walk_images(folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield every file below a folder, relative to it, and whether it is an image by its name.

    The files of a folder come in order of their names, then its sub-folders in order of
    theirs. Names that begin with a dot are passed over, and links to folders not followed.
    """
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = os.path.relpath(parent, folder)
        for name in sorted(files):
            if not name.startswith("."):
                path = name if inside == os.curdir else str(Path(inside, name))
                yield path, name.lower().endswith(SUFFIXES)


class ImageFiles:
    """Paths of the images below a folder, in the order of `walk_images`.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Attributes
    ----------
    n_others : int
        Number of files that are no images by their names.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.n_others = 0
        names = bytearray()
        ends = []
        for path, is_image in walk_images(folder):
            if is_image:
                names += os.fsencode(path)
                ends.append(len(names))
            else:
                self.n_others += 1
        self._names = bytes(names)
        self._ends = np.array([0, *ends], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, row: int) -> Path:
        start, stop = self._ends[row : row + 2].tolist()
        return self._folder / os.fsdecode(self._names[start:stop])
