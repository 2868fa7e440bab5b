"""Read the images of a folder, decoded when they are read; sub-folders are the labels.

A folder that is read in blocks takes memory for the names of its images, and for whether each had
to be resized: tens of megabytes for a million images.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.memory import check_fits
from aeviz.core.wording import plural
from aeviz.data.dataset import Dataset
from aeviz.data.formats._image_files import (
    SUFFIXES,
    ImageFiles,
    image_format,
    read_pixels,
    walk_images,
)
from aeviz.data.formats.base import Format, Reader, ReadOptions, Schema

__all__ = ["FORMAT"]

MAX_SIDE = 64
"""Longest side of images in pixels unless the user gives a size: every pixel is a feature."""

_TRAIN, _TEST = ("train", "training"), ("test", "testing", "val", "valid", "validation")


class ImageReader(Reader):
    """Reader of the images of a folder and its sub-folders, as eight-bit pixels.

    The images of a folder come in order of their names, then its sub-folders in order of
    theirs. Each is flattened in (height, width, channels) order. All get the same size: that of
    the first image, or a smaller one if its longer side has more than `MAX_SIDE` pixels. They have
    colours if one of them has.

    Parameters
    ----------
    folder : Path
        With files in JPEG, PNG, BMP, TIFF, WebP or GIF (the first frame); other files and
        names that begin with a dot are left out.
    options : ReadOptions, optional

    Raises
    ------
    AevizError
        If there is no image in the folder, one cannot be read, or an option is wrong.
    """

    def __init__(self, folder: Path, options: ReadOptions | None = None) -> None:
        super().__init__(name=folder.absolute().name, source=str(folder), options=options)
        _check_options(self.options.image_size, self.options.channels)
        self._files = ImageFiles(folder.absolute())
        if not len(self._files):
            raise AevizError(f"{folder} holds no images; accepted: {', '.join(SUFFIXES)}")
        self._shape, self._notes = _common_shape(self._files, self.options)
        if self._files.n_others:
            others = plural(self._files.n_others, "file")
            self._notes.append(f"{others} without an image's suffix left out.")
        self._schema = Schema(len(self._files), math.prod(self._shape), self._shape)
        self._is_resized, self._is_read = np.zeros((2, len(self._files)), dtype=bool)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return consecutive images."""
        return self._decoded(range(start, stop))

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Return scattered images."""
        return self._decoded(rows.tolist())

    def dataset(self) -> Dataset:
        """Return all images, with the sub-folders as labels and the files' names as ids."""
        schema, (height, width, _) = self.schema(), self._shape
        n_images = plural(schema.n_samples, "image")
        check_fits(
            schema.n_samples * schema.n_features,
            what=f"{n_images} of {height} × {width} pixels in {self.source}",
            instead=f"smaller images, image_size={max(1, max(height, width) // 2)} for example, or "
            "open_stream from Python",
        )
        names = self._files.names()
        labels, is_test, notes = _labels(names)
        return Dataset(
            name=self.name,
            X=self.read(0, schema.n_samples),
            y=labels,
            image_shape=self._shape,
            is_test=is_test,
            sample_ids=np.array(names, dtype=str),
            notes=(*self.notes, *notes),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Return sentences on what was left out or resized; the latter of images read by now."""
        n_resized = int(self._is_resized.sum())
        if not n_resized:
            return tuple(self._notes)
        height, width, _ = self._shape
        return (
            *self._notes,
            f"{n_resized:,} of {plural(int(self._is_read.sum()), 'image')} had another size and "
            f"were resized to {height} × {width} pixels (height × width).",
        )

    def _decoded(self, rows: Sequence[int]) -> np.ndarray:
        pixels = np.empty((len(rows), *self._shape), dtype=np.uint8)
        for position, row in enumerate(rows):
            pixels[position], self._is_resized[row] = read_pixels(self._files[row], self._shape)
            self._is_read[row] = True
        return pixels.reshape(len(rows), -1)


def _check_options(image_size: Any, channels: Any) -> None:
    if image_size is not None:
        is_pair = isinstance(image_size, tuple | list) and len(image_size) == 2
        if not (is_pair and all(_is_positive_integer(length) for length in image_size)):
            accepted = "(height, width) in pixels, two whole numbers of at least 1"
            raise SettingError("image_size", image_size, accepted)
    if channels is not None and not (_is_positive_integer(channels) and channels in (1, 3)):
        raise SettingError("channels", channels, "1 (grey) or 3 (colours)")


def _is_positive_integer(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(value >= 1)


def _common_shape(
    files: ImageFiles, options: ReadOptions
) -> tuple[tuple[int, int, int], list[str]]:
    """Return the shape that all images get, and notes on it."""
    if options.image_shape is not None:
        height, width, n_channels = options.image_shape
        height, width = options.image_size or (height, width)
        return (height, width, n_channels), []
    (height, width, n_channels), notes = image_format(files[0]), []
    if options.channels is not None:
        n_channels = int(options.channels)
    elif n_channels == 1 and any(image_format(files[row])[2] > 1 for row in range(1, len(files))):
        n_channels = 3
        notes.append("Some images have colours, so grey ones were given three equal channels.")
    if options.image_size is not None:
        height, width = map(int, options.image_size)
    elif max(height, width) > MAX_SIDE:
        notes.append(
            f"The first image has {height} × {width} pixels; the longer side was reduced to "
            f"{MAX_SIDE} pixels, as every pixel is a feature (image_size sets another size)."
        )
        by = MAX_SIDE / max(height, width)
        height, width = max(1, round(height * by)), max(1, round(width * by))
    return (height, width, n_channels), notes


def _labels(names: list[str]) -> tuple[np.ndarray | None, np.ndarray | None, list[str]]:
    """Return the sub-folder of each image as its label, the split if there is one, and notes."""
    parts = [name.split("/")[:-1] for name in names]
    tops = {part[0].lower() if part else "" for part in parts}
    is_test, notes = None, []
    if tops & set(_TRAIN) and tops & set(_TEST) and tops <= {*_TRAIN, *_TEST}:
        is_test = np.array([part[0].lower() in _TEST for part in parts])
        parts = [part[1:] for part in parts]
        notes.append("The images in the sub-folders for tests or validation are test samples.")
    n_without = sum(not part for part in parts)
    if 0 < n_without < len(parts):
        notes.append(f"No labels: {plural(n_without, 'image')} in no sub-folder, others in some.")
    if n_without:
        return None, is_test, notes
    labels = [part[0] for part in parts]
    if len(set(labels)) < 2:
        return None, is_test, [*notes, "No labels: all images are in one sub-folder."]
    return np.array(labels, dtype=str), is_test, notes


FORMAT = Format(
    suffixes=(),
    summary=f"a folder of images ({', '.join(s[1:] for s in SUFFIXES)}), labels by sub-folder",
    open=ImageReader,
    options=frozenset({"image_size", "channels"}),
    reads_folder=lambda path: any(is_image for _, is_image in walk_images(path)),
)
