"""Read the images of a folder, all of one size; sub-folders are the labels.

Which files are images, and how one becomes pixels, is settled in `aeviz.data.streams`, which
reads folders that do not fit in memory by the same rules.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePath

import numpy as np

from aeviz.core.memory import check_fits
from aeviz.core.wording import plural
from aeviz.data.dataset import Dataset
from aeviz.data.formats._image_files import SUFFIXES, ImageFiles, walk_images
from aeviz.data.formats._image_pixels import image_format, read_pixels
from aeviz.data.formats.base import Format, ReadOptions

__all__ = ["FORMAT"]

MAX_A_SIDE = 64
"""Longest side that images keep unless the user says so: a feature is a pixel."""

_TRAIN, _TEST = ("train", "training"), ("test", "testing", "val", "valid", "validation")


def _read(path: Path, options: ReadOptions) -> Dataset:
    files = ImageFiles(path.absolute())
    shape, notes = _shape(files, options)
    n_bytes = len(files) * int(np.prod(shape))
    check_fits(
        n_bytes,
        what=f"{plural(len(files), 'image')} of {shape[0]} × {shape[1]} pixels in {path}",
        instead="smaller images, by --image-size, or open_stream from Python",
    )
    pixels = np.empty((len(files), *shape), dtype=np.uint8)
    n_resized = 0
    for row in range(len(files)):
        pixels[row], is_resized = read_pixels(files[row], shape)
        n_resized += is_resized
    if n_resized:
        notes.append(
            f"{n_resized:,} of {plural(len(files), 'image')} had another size and were resized to "
            f"{shape[0]} × {shape[1]} pixels (height × width)."
        )
    if files.n_others:
        notes.append(f"{plural(files.n_others, 'file')} without an image's suffix left out.")
    labels, is_test, more = _labels(files, path.absolute())
    names = [_text(files[row].relative_to(path.absolute())) for row in range(len(files))]
    return Dataset(
        name=path.absolute().name,
        X=pixels.reshape(len(files), -1),
        y=labels,
        image_shape=shape,
        is_test=is_test,
        sample_ids=np.array(names, dtype=str),
        notes=(*notes, *more),
    )


def _shape(files: ImageFiles, options: ReadOptions) -> tuple[tuple[int, int, int], list[str]]:
    """Return what all images are made: what was asked for, or the first one's size if small.

    They have colours if one of them has.
    """
    if options.image_shape is not None:
        height, width, n_channels = options.image_shape
        return (*(options.image_size or (height, width)), n_channels), []
    height, width, n_channels = image_format(files[0])
    notes = []
    if n_channels == 1 and any(image_format(files[row])[2] > 1 for row in range(1, len(files))):
        n_channels = 3
        notes.append("Some images have colours, so grey ones were given three equal channels.")
    if options.image_size is not None:
        height, width = options.image_size
    elif max(height, width) > MAX_A_SIDE:
        by = MAX_A_SIDE / max(height, width)
        small = max(1, round(height * by)), max(1, round(width * by))
        notes.append(
            f"The first image has {height} × {width} pixels; the longer side was made "
            f"{MAX_A_SIDE} pixels, for a feature is a pixel (--image-size says otherwise)."
        )
        height, width = small
    return (height, width, n_channels), notes


def _text(name: str | PurePath) -> str:
    """Return a name as text that can be stored: bytes that are not UTF-8 as their codes."""
    text = name if isinstance(name, str) else name.as_posix()
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def _labels(
    files: ImageFiles, folder: Path
) -> tuple[np.ndarray | None, np.ndarray | None, list[str]]:
    """Return the sub-folder of each image as its label, the split if there is one, and notes."""
    parts = [
        tuple(map(_text, files[row].relative_to(folder).parts[:-1])) for row in range(len(files))
    ]
    tops = {part[0].lower() if part else "" for part in parts}
    is_test, notes = None, []
    if tops & set(_TRAIN) and tops & set(_TEST) and tops <= {*_TRAIN, *_TEST}:
        is_test = np.array([part[0].lower() in _TEST for part in parts])
        parts = [part[1:] for part in parts]
        notes.append("Images are held out that are in the sub-folders for tests or validation.")
    if any(parts) and not all(parts):
        n_without = sum(not part for part in parts)
        notes.append(f"No labels: {plural(n_without, 'image')} in no sub-folder, others in some.")
    if not parts or not all(parts):
        return None, is_test, notes
    names = [part[0] for part in parts]
    if len(set(names)) < 2:
        return None, is_test, [*notes, "No labels: all images are in one sub-folder."]
    return np.array(names, dtype=str), is_test, notes


def _has_images(path: Path) -> bool:
    return any(is_image for _, is_image in walk_images(path))


FORMAT = Format(
    suffixes=(),
    summary=f"a folder of images ({', '.join(s[1:] for s in SUFFIXES)}), labels by sub-folder",
    read=_read,
    options=frozenset({"image_size"}),
    reads_folder=_has_images,
)
