"""Draw very many small images into sheets that a page can carry."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image

from aeviz.core.subsampling import evenly
from aeviz.plots.images import ImageScale

__all__ = ["N_COLUMNS", "PER_SHEET", "Thumbnails", "make_thumbnails"]

N_COLUMNS = 32
PER_SHEET = 1024
MAX_PX = 64


class _Encoding(NamedTuple):
    """Share of the sides that is left, shades of grey of drawings, quality of photographs."""

    share: float
    n_levels: int = 0
    quality: int = 0


# From the best to the smallest. Strokes on an empty ground stay sharp with few shades.
_LEVELS = ((1, 256), (1, 16), (1, 4), (0.72, 4), (0.6, 4), (0.5, 4))
_QUALITIES = ((1, 80), (1, 50), (0.72, 50), (0.5, 40))
_DRAWINGS = tuple(_Encoding(share, n_levels=n) for share, n in _LEVELS)
_PHOTOS = tuple(_Encoding(share, quality=n) for share, n in _QUALITIES)


@dataclass(frozen=True)
class Thumbnails:
    """Small images in sheets of `N_COLUMNS` columns and `PER_SHEET` images each.

    Parameters
    ----------
    sheets : tuple of bytes
        WebP files.
    width_px, height_px : int
        Of one image.
    rows : ndarray of int
        Which of the images given are there, in order.
    """

    sheets: tuple[bytes, ...]
    width_px: int
    height_px: int
    rows: np.ndarray


def make_thumbnails(
    take: Callable[[np.ndarray], np.ndarray],
    n_images: int,
    scale: ImageScale,
    *,
    budget_bytes: int,
    beside: Thumbnails | None = None,
) -> Thumbnails:
    """Return images in the best way in which they fit, all of them if they can.

    Parameters
    ----------
    take : function (rows) -> ndarray of shape (len(rows), n_features)
        Gives images in the units of the source.
    n_images : int
    scale : ImageScale
    budget_bytes : int
        How much the sheets may take together. If all images are too many even at their
        smallest, evenly spaced ones are left.
    beside : Thumbnails or None
        Those whose size these are to have too.

    Returns
    -------
    Thumbnails
        Images have sides of at most `MAX_PX`, and are never larger than `scale.drawn`.
    """
    encodings = _DRAWINGS if scale.is_drawing else _PHOTOS
    sizes = {one: _size(scale.drawn, one.share) for one in encodings}
    if beside is not None:
        size = (beside.height_px, beside.width_px)
        # Former versions drew images of extreme shapes in other sizes.
        encodings = tuple(one for one in encodings if sizes[one] == size) or encodings
        sizes = dict.fromkeys(encodings, size)
    rows = np.arange(n_images)
    probe = scale.unit(take(evenly(rows, PER_SHEET)))
    for encoding in encodings:
        bytes_an_image = len(_sheet(probe, encoding, sizes[encoding])) / len(probe)
        if bytes_an_image * n_images <= budget_bytes:
            break
    else:
        rows = evenly(rows, max(1, int(budget_bytes / bytes_an_image)))
    blocks = [rows[start : start + PER_SHEET] for start in range(0, len(rows), PER_SHEET)]
    height_px, width_px = size = sizes[encoding]
    sheets = tuple(_sheet(scale.unit(take(block)), encoding, size) for block in blocks)
    return Thumbnails(sheets, width_px, height_px, rows)


def _size(shape: tuple[int, int], share: float) -> tuple[int, int]:
    """Return height and width of a small image; those of sixteen pixels and less stay."""
    largest = max(shape)
    wanted = min(largest, max(16.0, share * min(largest, MAX_PX)))
    height, width = (max(1, round(side * wanted / largest)) for side in shape)
    return height, width


def _sheet(images: np.ndarray, encoding: _Encoding, size: tuple[int, int]) -> bytes:
    """Return images of shape (n, height, width[, 3]) in [0, 1] side by side as a WebP file."""
    height, width = size
    n_rows = -(-len(images) // N_COLUMNS)
    sheet = Image.new("L" if images.ndim == 3 else "RGB", (N_COLUMNS * width, n_rows * height))
    for i, pixels in enumerate(np.round(255 * images).astype(np.uint8)):
        small = Image.fromarray(pixels)
        if small.size != (width, height):
            small = small.resize((width, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (i % N_COLUMNS * width, i // N_COLUMNS * height))
    file = io.BytesIO()
    if encoding.n_levels:
        top = encoding.n_levels - 1
        levels = np.round(np.asarray(sheet, dtype=np.float32) / 255 * top) / top
        sheet = Image.fromarray(np.round(255 * levels).astype(np.uint8))
        sheet.convert("RGB").save(file, "WEBP", lossless=True, quality=80, method=4)
    else:
        sheet.convert("RGB").save(file, "WEBP", quality=encoding.quality, method=4)
    return file.getvalue()
