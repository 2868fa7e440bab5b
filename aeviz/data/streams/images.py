"""Stream the images of a folder, decoding them when they are read.

Only names are kept, and for every image whether it had to be resized: so little that it
is a matter of tens of megabytes for a million images.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural
from aeviz.data.formats._image_files import SUFFIXES, ImageFiles, walk_images
from aeviz.data.formats._image_pixels import image_format, read_pixels
from aeviz.data.sample_stream import SampleStream
from aeviz.data.streams._samples import float_samples

__all__ = ["ImageStream"]


class ImageStream(SampleStream):
    """Stream the images of a folder and its sub-folders, pixels divided by 255, in [0, 1].

    The images of a folder come in order of their names, then its sub-folders in order of
    theirs. Each is flattened in (height, width, channels) order. Images of another size are
    resized, and `notes` says how many of those read by now.

    Parameters
    ----------
    folder : Path
        With files in JPEG, PNG, BMP, TIFF, WebP or GIF (the first frame); other files and
        names that begin with a dot are left out.
    image_size : (height, width) in pixels, optional
        By default the size of the first image.
    channels : {1, 3}, optional
        Grey or red, green and blue; by default as the first image has them.

    Raises
    ------
    AevizError
        If there is no image in the folder, the first one cannot be read, or an option is
        none of those.
    """

    summary = "a folder of images (jpg, png, bmp, tif, webp, gif)"
    options = frozenset({"image_size", "channels"})

    def __init__(
        self,
        folder: Path,
        *,
        image_size: tuple[int, int] | None = None,
        channels: int | None = None,
    ) -> None:
        _check_options(image_size, channels)
        self._files = ImageFiles(folder.absolute())
        if not len(self._files):
            raise AevizError(f"{folder} holds no images; accepted: {', '.join(SUFFIXES)}")
        height, width, first_channels = image_format(self._files[0])
        if image_size is not None:
            height, width = map(int, image_size)
        self._shape = (height, width, int(channels or first_channels))
        self._is_resized = np.zeros(len(self._files), dtype=bool)
        self._is_read = np.zeros(len(self._files), dtype=bool)
        others = self._files.n_others
        super().__init__(
            name=folder.absolute().name,
            source=str(folder),
            shape=(len(self._files), height * width * self._shape[2]),
            image_shape=self._shape,
            notes=(f"{plural(others, 'file')} without an image's suffix left out.",)
            if others
            else (),
        )

    @classmethod
    def accepts(cls, source: object) -> bool:
        """Tell whether a source is a folder with an image in it or below it."""
        if not (isinstance(source, Path) and source.is_dir()):
            return False
        return any(is_image for _, is_image in walk_images(source))

    @property
    def notes(self) -> tuple[str, ...]:
        """Return sentences on what was left out or resized; the latter of images read by now."""
        n_resized = int(self._is_resized.sum())
        if not n_resized:
            return self._notes
        height, width, _ = self._shape
        return (
            *self._notes,
            f"{n_resized:,} of {plural(int(self._is_read.sum()), 'image')} read had another "
            f"size and were resized to {height} × {width} pixels (height × width).",
        )

    def _read(self, start: int, stop: int) -> np.ndarray:
        return self._decoded(range(start, stop))

    def _gather(self, rows: np.ndarray) -> np.ndarray:
        return self._decoded(rows.tolist())

    def _decoded(self, rows: range | list[int]) -> np.ndarray:
        pixels = np.empty((len(rows), *self._shape), dtype=np.uint8)
        for position, row in enumerate(rows):
            pixels[position], self._is_resized[row] = read_pixels(self._files[row], self._shape)
            self._is_read[row] = True
        return float_samples(pixels, what=self.source)


def _check_options(image_size: Any, channels: Any) -> None:
    if image_size is not None:
        is_pair = isinstance(image_size, tuple | list) and len(image_size) == 2
        if not (is_pair and all(_is_positive_integer(length) for length in image_size)):
            raise AevizError(
                "image_size must be (height, width) in pixels, two whole numbers of at least 1; "
                f"got {image_size!r}"
            )
    if channels is not None and not (_is_positive_integer(channels) and channels in (1, 3)):
        raise AevizError(f"channels must be 1 (grey) or 3 (colours), got {channels!r}")


def _is_positive_integer(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(value >= 1)
