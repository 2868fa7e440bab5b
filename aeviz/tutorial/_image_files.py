"""Measure what JPEG and PNG make of small images: a file each, and all in one mosaic."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from aeviz.plots.images import mosaic
from aeviz.tutorial._rate_distortion import psnr

__all__ = ["blank_bytes", "grey_levels", "in_files", "in_one_file"]

SIDE, TILE = 28, 32


def grey_levels(X: np.ndarray) -> np.ndarray:
    """Return images in [0, 1] as 8-bit grey levels, shape (n, 28, 28)."""
    return np.rint(np.clip(X, 0.0, 1.0) * 255.0).astype(np.uint8).reshape(-1, SIDE, SIDE)


def in_files(images: np.ndarray, **options: Any) -> dict[str, float]:
    """Return bits per pixel and PSNR where each image is a file of its own.

    Parameters
    ----------
    images : ndarray of shape (n, 28, 28), uint8
    options
        Those of Pillow's `Image.save`.
    """
    sizes, errors = [], []
    for image in images:
        size, given_back = _saved(image, options)
        sizes.append(size)
        errors.append(_squared_error(image, given_back))
    return _point(sum(sizes), float(np.mean(errors)), images.size)


def in_one_file(images: np.ndarray, **options: Any) -> dict[str, float]:
    """Return bits per pixel and PSNR where all images are tiles of one mosaic.

    A tile has 32 x 32 pixels, so that no JPEG block of 8 x 8 has parts of two images. Bits
    and errors are those of the 28 x 28 pixels within; what the border costs is charged to them.
    """
    n_columns = int(np.ceil(np.sqrt(len(images))))
    border = (TILE - SIDE) // 2
    tiles = np.pad(images, ((0, 0), (border, border), (border, border)))
    sheet = np.nan_to_num(mosaic(tiles, n_columns=n_columns, gap=0)).astype(np.uint8)
    size, given_back = _saved(sheet, options)
    rows = given_back.reshape(-1, TILE, n_columns, TILE).swapaxes(1, 2)
    inner = rows.reshape(-1, TILE, TILE)[: len(images), border:-border, border:-border]
    return _point(size, _squared_error(images, inner), images.size)


def blank_bytes(**options: Any) -> int:
    """Return the bytes of a file with nothing in it: an image that is black."""
    return _saved(np.zeros((SIDE, SIDE), np.uint8), options)[0]


def _saved(image: np.ndarray, options: dict[str, Any]) -> tuple[int, np.ndarray]:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image).save(file, **options)
    file.seek(0)
    with Image.open(file) as opened:
        return file.getbuffer().nbytes, np.asarray(opened)


def _squared_error(image: np.ndarray, given_back: np.ndarray) -> float:
    gaps = image.astype(np.float64) - given_back
    return float(np.square(gaps / 255.0).mean())


def _point(size_bytes: int, squared_error: float, n_pixels: int) -> dict[str, float]:
    return {"bits": 8.0 * size_bytes / n_pixels, "psnr": psnr(squared_error)}
