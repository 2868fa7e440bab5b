"""Decode an image file to pixels of a given shape, upright, on white, in its own depth.

Whatever Pillow says of a file that it cannot read becomes an `AevizError` with the reason in a
few words; what is to be done about such a file is the reader's matter.
"""

import stat
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import budget_bytes
from aeviz.core.wording import first_line

__all__ = ["WHITE", "ImageFormat", "image_format", "read_pixels"]

WHITE = {"uint8": 255, "uint16": 65_535}
"""What is white, by the type of the pixels; others have no white that is known."""

# Numbers that EXIF gives, by what turns the stored pixels upright: rows and columns change
# places, then rows come from the bottom, then columns from the right.
_SIDEWAYS, _UPSIDE_DOWN, _MIRRORED = (5, 6, 7, 8), (3, 4, 7, 8), (2, 3, 6, 7)
# SyntaxError is what Pillow says of a broken PNG.
_UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, SyntaxError),
    *(RuntimeError, AttributeError, AssertionError, MemoryError, struct.error, zlib.error),
    Image.DecompressionBombError,
)
# As decoded, and once more while it is converted or resized.
_BYTES_A_PIXEL = 8
# Asking how much memory there is takes longer than to decode a small image, which fits anywhere.
_SMALL_BYTES = 16_000_000
_GREY_MODES = ("1", "L", "LA", "La")
_DEEP_MODES = ("I", "F")
# By content, not by name: Pillow would hand an EPS file to Ghostscript, which runs programs.
_KINDS = ("JPEG", "PNG", "BMP", "DIB", "TIFF", "WEBP", "GIF", "PPM")
_WHITE_IS_ZERO, _SAMPLE_FORMAT, _PHOTOMETRIC, _WIDTH, _HEIGHT = 0, 339, 262, 256, 257
_MAX_REASON = 80


class ImageFormat(NamedTuple):
    """What an image file holds, as far as its first bytes say.

    Parameters
    ----------
    height, width : int
        Upright.
    channels : {1, 3}
        Grey or colours; transparency is none.
    dtype : {"uint8", "uint16", "int32", "uint32", "float32"}
        Of the pixels; more than eight bits are kept where they are grey.
    is_cut : bool
        Whether there are sixteen bits per channel of which eight are read.
    has_frames : bool
        Whether there are further frames or pages.
    has_alpha : bool
        Whether pixels may be transparent.
    """

    height: int
    width: int
    channels: int
    dtype: str
    is_cut: bool
    has_frames: bool
    has_alpha: bool


def image_format(path: Path, *, is_decoded: bool = False) -> ImageFormat:
    """Return what an image file holds.

    Parameters
    ----------
    path : Path
    is_decoded : bool, default=False
        Decode it, to know that it can be.

    Raises
    ------
    AevizError
        If the file is no image; the message is the reason in a few words.
    """
    with _opened(path) as image:
        is_deep = image.mode.startswith(_DEEP_MODES)
        width, height = image.size
        if isinstance(
            image, TiffImageFile
        ):  # Pillow gives its size as stored or upright, by its version
            width, height = image.tag_v2[_WIDTH], image.tag_v2[_HEIGHT]
        if _orientation(image) in _SIDEWAYS:
            width, height = height, width
        stored = _stored_mode(image)
        is_grey = is_deep or image.mode in _GREY_MODES or stored == "LA;16B"
        dtype = _dtype(image) if is_deep else "uint8"
        is_cut = not is_deep and ";16" in stored
        # The further frames of a photograph in JPEG are copies of it.
        has_frames = image.format not in ("JPEG", "MPO") and getattr(image, "is_animated", False)
        has_alpha = image.has_transparency_data
        if is_decoded:
            image.load()
        channels = 1 if is_grey else 3
        return ImageFormat(height, width, channels, dtype, is_cut, bool(has_frames), has_alpha)


def read_pixels(path: Path, shape: tuple[int, int, int], dtype: str) -> np.ndarray:
    """Return an image's pixels.

    Parameters
    ----------
    path : Path
        Of its frames, if it has several, the first is read.
    shape : (height, width, channels)
        What to make of it. It is turned upright as its EXIF says, and laid over white where it
        is transparent. Other sizes are resized, not cropped, with a bilinear filter that averages
        when it shrinks; colours become grey (ITU-R 601 luma), or grey becomes colours.
    dtype : str
        What to make of its pixels: their own type, or one of eight and sixteen bits of the
        other, so that white stays white.

    Returns
    -------
    ndarray of shape (height, width, channels)

    Raises
    ------
    AevizError
        If the file is no image or a damaged one; the message is the reason in a few words.
    """
    height, width, channels = shape
    with _opened(path) as image:
        orientation = 1 if isinstance(image, TiffImageFile) else _orientation(image)
        size = (height, width) if orientation in _SIDEWAYS else (width, height)
        if isinstance(image, TiffImageFile):
            image.load()  # turns it upright
        if image.mode.startswith(_DEEP_MODES):
            pixels = _deep_pixels(image, size)
        else:
            pixels = _flat_pixels(image, size, channels)
    pixels = _in_depth(_upright(pixels, orientation), dtype)
    return np.broadcast_to(pixels[..., np.newaxis] if pixels.ndim == 2 else pixels, shape)


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """Open an image of an accepted kind whose pixels fit in memory."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for
            raise AevizError("not a file")
        if not found.st_size:
            raise AevizError("empty")
        # Pillow warns of what it mends: damaged EXIF, counts of tags, very many pixels.
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=_KINDS) as image:
            n_bytes = _BYTES_A_PIXEL * image.width * image.height
            if n_bytes > _SMALL_BYTES and n_bytes > budget_bytes():
                sides = f"{image.width:,} × {image.height:,}"
                raise AevizError(f"its {sides} pixels need more memory than a data set may take")
            yield image
    except AevizError:
        raise
    except UnidentifiedImageError as error:
        raise AevizError("not an image of a known kind") from error
    except _UNREADABLE as error:
        raise AevizError(_reason(error)) from error


def _reason(error: BaseException) -> str:
    """Return what is wrong with a file, in a few words and without its path."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    text = first_line(error)
    if "truncated" in text.lower():
        return "truncated"
    return text if len(text) <= _MAX_REASON else f"{text[: _MAX_REASON - 1]}…"


def _orientation(image: Image.Image) -> int:
    """Return the number that EXIF or XMP gives of how an image is turned; 1 where it is upright.

    Of a PNG what stands before the pixels counts, as in browsers; damaged EXIF says nothing.
    """
    with suppress(*_UNREADABLE):
        # Not the method of the image's own class, by which a PNG is decoded to its end.
        return int(Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1))
    return 1


def _stored_mode(image: ImageFile.ImageFile) -> str:
    """Return Pillow's name of how the pixels are stored, with ``;16`` where they have 16 bits."""
    stored = image.tile[0].args if image.tile else ""
    if not isinstance(stored, tuple):
        return str(stored)
    is_deep = image.format == "PPM" and len(stored) > 1 and stored[1] > WHITE["uint8"]
    return str(stored[0]) + (";16" if is_deep else "")


def _dtype(image: Image.Image) -> str:
    """Return the type of pixels of more than eight bits."""
    if image.mode == "F":
        return "float32"
    if image.mode.startswith("I;16") or not isinstance(image, TiffImageFile):
        return "uint16"  # also where Pillow gives sixteen bits in thirty-two
    kinds = np.atleast_1d(image.tag_v2.get(_SAMPLE_FORMAT, 1))
    return "uint32" if kinds[0] == 1 else "int32"


def _deep_pixels(image: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """Return grey pixels of more than eight bits, (height, width)."""
    dtype = _dtype(image)
    stored = np.asarray(image)
    values = stored.view(np.uint32) if dtype == "uint32" else stored.astype(dtype)
    tags = image.tag_v2 if isinstance(image, TiffImageFile) else {}
    if dtype == "uint16" and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
        values = WHITE[dtype] - values  # Pillow inverts eight bits only
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        values = np.where(values == transparent, np.array(WHITE["uint16"], dtype), values)
    if image.size == size:
        return values
    resized = Image.fromarray(values.astype(np.float32)).resize(size, Image.Resampling.BILINEAR)
    return _rounded(np.asarray(resized), dtype)


def _flat_pixels(image: Image.Image, size: tuple[int, int], channels: int) -> np.ndarray:
    """Return pixels of eight bits, (height, width) if they are grey, else with colours."""
    if image.size != size:
        image.draft(None, size)  # a JPEG need not be decoded at full size
    if image.has_transparency_data:
        image = image.convert("LA") if image.mode == "La" else image
        colors = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), colors)
    if image.mode == "LAB":
        image = image.convert("RGB")  # there is no way to grey
    pixels = image.convert("L" if channels == 1 else "RGB")
    if pixels.size != size:
        pixels = pixels.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(pixels)


def _upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Return stored pixels turned as an orientation says."""
    if orientation in _SIDEWAYS:
        pixels = pixels.swapaxes(0, 1)
    if orientation in _UPSIDE_DOWN:
        pixels = pixels[::-1]
    return pixels[:, ::-1] if orientation in _MIRRORED else pixels


def _in_depth(pixels: np.ndarray, dtype: str) -> np.ndarray:
    """Return pixels in another type, white as white."""
    if pixels.dtype == dtype:
        return pixels
    share = pixels.astype(np.float64) / WHITE[pixels.dtype.name]
    return _rounded(share * WHITE[dtype], dtype)


def _rounded(values: np.ndarray, dtype: str) -> np.ndarray:
    if dtype == "float32":
        return values
    limits = np.iinfo(dtype)
    return np.clip(np.rint(values.astype(np.float64)), limits.min, limits.max).astype(dtype)
