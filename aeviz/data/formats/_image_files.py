"""Find the images below a folder, and decode one to pixels of a given size.

Names are all that is kept of every sample, so they are kept as bytes in one piece: about
as many as a path has letters, where a list of strings takes a hundred a path more.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.data._files import explained

__all__ = ["SUFFIXES", "ImageFiles", "image_format", "read_pixels", "walk_images"]

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".gif")

# SyntaxError is what Pillow says of a broken PNG.
_UNREADABLE = (OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, SyntaxError)
_OTHERS = (RuntimeError, AttributeError, AssertionError, MemoryError, struct.error, zlib.error)
# As decoded, and once more while it is converted or resized.
_BYTES_A_PIXEL = 8
_GREY_MODES = ("1", "L", "LA", "La")
# By content, not by name: Pillow would hand an EPS file to Ghostscript, which runs programs.
_KINDS = ("JPEG", "PNG", "BMP", "DIB", "TIFF", "WEBP", "GIF")


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

    Attributes
    ----------
    n_others : int
        Number of files that are no images by their names.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.n_others = 0
        self._names = pa.array(self._walk(), pa.large_binary())

    def _walk(self) -> Iterator[bytes]:
        for path, is_image in walk_images(self._folder):
            if is_image:
                yield os.fsencode(path)
            else:
                self.n_others += 1

    def names(self) -> list[str]:
        """Return the paths in the folder as text; bytes that are not UTF-8 as their codes."""
        texts = (name.decode("utf-8", "backslashreplace") for name in self._names.to_pylist())
        return [text.replace(os.sep, "/") for text in texts]

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, row: int) -> Path:
        return self._folder / os.fsdecode(self._names[row].as_py())


def image_format(path: Path) -> tuple[int, int, int]:
    """Return height, width and natural number of channels (1 or 3) of an image file.

    Raises
    ------
    AevizError
        If the file is no image, or one of more than eight bits per channel.
    """
    with _opened(path) as image:
        return image.height, image.width, 1 if image.mode in _GREY_MODES else 3


def read_pixels(path: Path, shape: tuple[int, int, int]) -> tuple[np.ndarray, bool]:
    """Return an image's pixels, and whether it had to be resized.

    Parameters
    ----------
    path : Path
        Of its frames, if it has several, the first is read.
    shape : (height, width, channels)
        What to make of it. Other sizes are resized, not cropped, with a bilinear filter
        that averages when it shrinks; colours become grey (ITU-R 601 luma), or grey becomes
        colours. Transparency is dropped and the orientation that EXIF gives not applied.

    Returns
    -------
    pixels : ndarray of uint8 of shape (height, width, channels)
    is_resized : bool

    Raises
    ------
    AevizError
        If the file is no image or a damaged one, or one of more than eight bits per channel.
    """
    height, width, channels = shape
    with _opened(path) as image:
        is_resized = image.size != (width, height)
        if is_resized:
            image.draft(None, (width, height))  # a JPEG need not be decoded at full size
        # Pillow warns where a palette has transparent colours and the step over RGBA is left out.
        has_transparent = image.mode in ("P", "PA") and "transparency" in image.info
        full = image.convert("RGBA") if has_transparent else image
        pixels = full.convert("L" if channels == 1 else "RGB")
        if is_resized:
            pixels = pixels.resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(pixels, dtype=np.uint8).reshape(shape), is_resized


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open an image of an accepted kind and depth whose pixels fit in memory."""
    what = f"{path} cannot be read as an image"
    reading = explained(what, *_UNREADABLE, *_OTHERS, Image.DecompressionBombError)
    with reading, Image.open(path, formats=_KINDS) as image:
        n_bytes = _BYTES_A_PIXEL * image.width * image.height
        check_fits(n_bytes, what=f"{path}, of {image.width} × {image.height} pixels,")
        if image.mode.startswith(("I", "F")):  # Pillow would cut them off at 255 without a word
            raise AevizError(
                f"{path} has more than eight bits per pixel (mode {image.mode}); accepted: images "
                "of eight bits per channel, or others as a .npy array"
            )
        yield image
