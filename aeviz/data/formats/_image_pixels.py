"""Decode one image file to eight-bit pixels of a given size and number of channels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import first_line

__all__ = ["image_format", "read_pixels"]

_UNREADABLE = (
    OSError,
    SyntaxError,  # what Pillow says of a broken PNG
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    OverflowError,
    NotImplementedError,
    struct.error,
    zlib.error,
    RuntimeError,
    AttributeError,
    MemoryError,
    ZeroDivisionError,
    AssertionError,
    Image.DecompressionBombError,
)
# As decoded, and once more while it is converted or resized.
_BYTES_A_PIXEL = 8
_GREY_MODES = ("1", "L", "LA", "La")
# By content, not by name: Pillow would hand an EPS file to Ghostscript, which runs programs.
_KINDS = ("JPEG", "PNG", "BMP", "DIB", "TIFF", "WEBP", "GIF")


def image_format(path: Path) -> tuple[int, int, int]:
    """Return height, width and natural number of channels (1 or 3) of an image file.

    Raises
    ------
    AevizError
        If the file is no image, or one of more than eight bits per channel.
    """
    try:
        with _opened(path) as image:
            _check_depth(image, path)
            return image.height, image.width, 1 if image.mode in _GREY_MODES else 3
    except AevizError:
        raise
    except _UNREADABLE as error:
        raise AevizError(f"{path} cannot be read as an image: {first_line(error)}") from error


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
    try:
        with _opened(path) as image:
            _check_depth(image, path)
            is_resized = image.size != (width, height)
            if is_resized:
                image.draft(None, (width, height))  # a JPEG need not be decoded at full size
            pixels = _converted(image, "L" if channels == 1 else "RGB")
            if is_resized:
                pixels = pixels.resize((width, height), Image.Resampling.BILINEAR)
            return np.asarray(pixels, dtype=np.uint8).reshape(shape), is_resized
    except AevizError:
        raise
    except _UNREADABLE as error:
        raise AevizError(f"{path} cannot be read as an image: {first_line(error)}") from error


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open an image of an accepted kind whose pixels fit in memory."""
    with Image.open(path, formats=_KINDS) as image:
        n_bytes = _BYTES_A_PIXEL * image.width * image.height
        check_fits(n_bytes, what=f"{path}, of {image.width} × {image.height} pixels,")
        yield image


def _converted(image: Image.Image, mode: str) -> Image.Image:
    # Pillow warns where a palette has transparent colours and the step over RGBA is left out.
    if image.mode in ("P", "PA") and "transparency" in image.info:
        image = image.convert("RGBA")
    return image.convert(mode)


def _check_depth(image: Image.Image, path: Path) -> None:
    """Refuse more than eight bits, which Pillow would cut off at 255 without a word."""
    if image.mode.startswith(("I", "F")):
        raise AevizError(
            f"{path} has more than eight bits per pixel (mode {image.mode}); accepted: images of "
            "eight bits per channel, or others as a .npy array"
        )
