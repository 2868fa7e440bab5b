"""Write the files that TensorBoard's projector reads: points, labels, thumbnails and their list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from aeviz.core.atomic_files import atomic_file

__all__ = ["CONFIG", "MAX_SAMPLES", "write_files"]

# TensorBoard draws no more points, and its sheets of thumbnails may be no larger.
MAX_SAMPLES = 10_000
MAX_PX = 8192
# Of fewer columns the projector's PCA makes nothing but NaN.
MIN_COLUMNS = 3
CONFIG = "projector_config.pbtxt"
METADATA = "metadata.tsv"
SHEET = "sprite.png"
ESCAPES = str.maketrans({"\t": r"\t", "\n": r"\n", "\r": r"\r"})


def write_files(
    folder: Path,
    tensors: Mapping[str, np.ndarray],
    columns: Mapping[str, Any],
    *,
    images: Iterable[Image.Image] | None = None,
) -> None:
    """Write thumbnails, points and labels, and last the list of them.

    Parameters
    ----------
    folder : Path
    tensors : mapping from str to ndarray of shape (n_samples, n_columns)
        The spaces to look at, by name. Of fewer than three columns, columns of zeros are added.
    columns : mapping from str to sequence of n_samples values
        At least two; the projector shows first whichever comes first and holds no numbers.
    images : iterable of n_samples images of one size and mode, or None
        Written side by side in one sheet, smaller where there are too many.
    """
    n_samples = len(next(iter(columns.values())))
    size = None if images is None else _write_sheet(folder / SHEET, images, n_samples)
    for name, points in tensors.items():
        filled = np.pad(points, ((0, 0), (0, max(0, MIN_COLUMNS - points.shape[1]))))
        with atomic_file(folder / f"{name}.tsv") as partial, partial.open("wb") as file:
            np.savetxt(file, filled, fmt="%.7g", delimiter="\t")
    _write_text(folder / METADATA, _metadata(columns))
    _write_text(folder / CONFIG, "".join(_listed(name, size) for name in tensors))


def _write_sheet(path: Path, images: Iterable[Image.Image], n_images: int) -> tuple[int, int]:
    """Write a sheet of images and return the width and height of each."""
    n_columns = int(np.ceil(np.sqrt(n_images)))
    for number, image in enumerate(images):
        if number == 0:
            shrink = min(1.0, MAX_PX / n_columns / max(image.size))
            width, height = (max(1, int(side * shrink)) for side in image.size)
            shape = (n_columns * width, -(-n_images // n_columns) * height)
            sheet = Image.new(image.mode, shape)
        small = image
        if image.size != (width, height):
            small = image.resize((width, height), Image.Resampling.BOX)
        sheet.paste(small, (number % n_columns * width, number // n_columns * height))
    with atomic_file(path) as partial:
        sheet.save(partial)
    return width, height


def _metadata(columns: Mapping[str, Any]) -> str:
    """Return the table of labels; its first line names the columns.

    A table of one column could have no line of names.
    """
    lines = [tuple(columns), *zip(*columns.values(), strict=True)]
    return "".join("\t".join(str(v).translate(ESCAPES) for v in line) + "\n" for line in lines)


def _listed(name: str, thumbnail_px: tuple[int, int] | None) -> str:
    """Return one space's entry of the list."""
    lines = [
        "embeddings {",
        f'  tensor_name: "{name}"',
        f'  tensor_path: "{name}.tsv"',
        f'  metadata_path: "{METADATA}"',
    ]
    if thumbnail_px is not None:
        lines += [
            "  sprite {",
            f'    image_path: "{SHEET}"',
            *(f"    single_image_dim: {side}" for side in thumbnail_px),
            "  }",
        ]
    return "\n".join([*lines, "}", ""])


def _write_text(path: Path, text: str) -> None:
    with atomic_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
