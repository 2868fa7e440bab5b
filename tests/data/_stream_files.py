"""Make a small source of every kind of stream, with the samples that it must give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


def save_parquet(path: Path, *, row_group_size: int | None = None, **columns: object) -> Path:
    """Write columns to a Parquet file and return its path."""
    pq.write_table(pa.table(columns), path, row_group_size=row_group_size)
    return path


def save_image(path: Path, pixels: np.ndarray, **options: object) -> Path:
    """Write pixels of shape (height, width) or (height, width, 3), and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)
    return path


def random_pixels(*shape: int, seed: int = 0) -> np.ndarray:
    """Return random eight-bit pixels."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def _array(folder: Path, X: np.ndarray) -> np.ndarray:
    del folder
    return X.astype(np.float64)


def _npy(folder: Path, X: np.ndarray) -> Path:
    np.save(folder / "samples.npy", X.astype(">f8"))
    return folder / "samples.npy"


def _parquet(folder: Path, X: np.ndarray) -> Path:
    half = len(X) // 2
    (folder / "parts").mkdir()
    for name, part in (("b", X[half:]), ("a", X[:half])):
        columns = {f"c{position}": values for position, values in enumerate(part.T)}
        save_parquet(folder / "parts" / f"{name}.parquet", row_group_size=7, **columns)
    return folder / "parts"


def _images(folder: Path, X: np.ndarray) -> Path:
    for row, pixels in enumerate(np.rint(X * 255).astype(np.uint8)):
        save_image(folder / "pictures" / f"{row:04}.png", pixels.reshape(2, -1))
    return folder / "pictures"


#: From the name of a kind to a function that makes a source, which `open_stream` takes, of
#: samples of shape (n_samples, 6) that are multiples of 1/255 in [0, 1]. A new kind of
#: stream needs a line here, and is then held to the contract.
MAKERS: dict[str, Callable[[Path, np.ndarray], object]] = {
    "array": _array,
    "images": _images,
    "npy": _npy,
    "parquet": _parquet,
}
