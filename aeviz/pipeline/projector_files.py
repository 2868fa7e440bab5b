"""Write the files that TensorBoard's projector reads: points, labels, thumbnails and their list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from aeviz.core.atomic_files import atomic_file

__all__ = ["CONFIG", "MAX_SAMPLES", "write_files", "write_sheet"]

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
    thumbnail_px: tuple[int, int] | None = None,
) -> None:
    """Write points and labels, and last the list of them.

    Parameters
    ----------
    folder : Path
    tensors : mapping from str to ndarray of shape (n_samples, n_columns)
        The spaces to look at, by name.
    columns : mapping from str to sequence of n_samples values
        At least two; the projector shows first whichever comes first and holds no numbers.
    thumbnail_px : (width, height) or None
        Of each image in the sheet that `write_sheet` wrote.
    """
    for name, points in tensors.items():
        _write_text(folder / f"{name}.tsv", _points(points))
    _write_text(folder / METADATA, _metadata(columns))
    _write_text(folder / CONFIG, "".join(_listed(name, thumbnail_px) for name in tensors))


def write_sheet(folder: Path, images: Iterable[Image.Image], n_images: int) -> tuple[int, int]:
    """Write images side by side, smaller where there are too many; return the size of each.

    Parameters
    ----------
    folder : Path
    images : iterable of n_images images of one size and mode

    Returns
    -------
    (width, height)
    """
    n_columns = int(np.ceil(np.sqrt(n_images)))
    sheet, size = None, (1, 1)
    for number, image in enumerate(images):
        if sheet is None:
            shrink = min(1.0, MAX_PX / n_columns / max(image.size))
            size = (max(1, int(image.width * shrink)), max(1, int(image.height * shrink)))
            shape = (n_columns * size[0], -(-n_images // n_columns) * size[1])
            sheet = Image.new(image.mode, shape)
        small = image if image.size == size else image.resize(size, Image.Resampling.BOX)
        sheet.paste(small, (number % n_columns * size[0], number // n_columns * size[1]))
    if sheet is None:
        raise ValueError("a sheet needs at least one image, got none")
    with atomic_file(folder / SHEET) as partial:
        sheet.save(partial)
    return size


def _points(values: np.ndarray) -> str:
    """Return points as a table, with columns of zeros where there are fewer than three."""
    lacking = max(0, MIN_COLUMNS - values.shape[1])
    filled = np.pad(values, ((0, 0), (0, lacking)))
    return "".join("\t".join(f"{value:.7g}" for value in point) + "\n" for point in filled)


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
