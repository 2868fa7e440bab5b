"""Read the images of a small folder."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np

from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions
from aeviz.data.formats.images import ImageReader


def read(folder: Path, **options: object) -> Dataset:
    """Return the images of a folder as they are, however few."""
    return ImageReader(folder, ReadOptions.of(**options)).dataset()


def pixels(folder: Path, name: str, **options: object) -> np.ndarray:
    """Return the pixels of one image of a folder, without the axis of grey."""
    dataset = read(folder, **options)
    row = dataset.sample_ids.tolist().index(name)
    return dataset.X[row].reshape(dataset.image_shape).squeeze()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
