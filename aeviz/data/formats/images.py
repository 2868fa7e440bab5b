"""Read the images of a folder, decoded when they are read; sub-folders or a table are the labels.

A folder that is read in blocks takes memory for the names of its images: tens of megabytes for a
million images.

Why images are decoded before their number is told: that one cannot be read is known for certain
only when it is decoded, and the rows of a stream have to be counted without it. That takes as long
as reading the stream once. `ImageReader.dataset` decodes every image only once.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.memory import check_fits
from aeviz.core.wording import listed, plural
from aeviz.data.dataset import Dataset
from aeviz.data.formats._image_files import SUFFIXES, ImageFiles, has_images
from aeviz.data.formats._image_labels import image_labels
from aeviz.data.formats._image_pixels import WHITE, ImageFormat, image_format, read_pixels
from aeviz.data.formats.base import Format, Reader, ReadOptions, Schema

__all__ = ["FORMAT"]

MAX_SIDE = 64
"""Longest side of images in pixels unless the user gives a size: every pixel is a feature."""

MAX_UNREADABLE = 0.1
"""Largest share of images that are left out because they cannot be read."""

_MAX_NAMED = 50
# Whole pixels change proportions a little; this can be seen.
_STRETCHED = 0.05


class ImageReader(Reader):
    """Reader of the images of a folder and its sub-folders.

    The images of a folder come in order of their names, then its sub-folders in order of
    theirs; links are followed. Each is flattened in (height, width, channels) order. All get the
    same size: that of the first image, or a smaller one if its longer side has more than `MAX_SIDE`
    pixels. They have colours if one of them has. Pixels have eight bits, or what grey images have.
    Images that cannot be read are left out, up to a share of `MAX_UNREADABLE`.

    Parameters
    ----------
    folder : Path
        With files in JPEG, PNG, BMP, TIFF, WebP, GIF (the first frame) or PGM and its like; other
        files and names that begin with a dot are left out.
    options : ReadOptions, optional

    Raises
    ------
    AevizError
        If there is no image in the folder, too many cannot be read, their pixels cannot be
        brought to one type, or an option is wrong.
    """

    def __init__(self, folder: Path, options: ReadOptions | None = None) -> None:
        super().__init__(name=folder.absolute().name, source=str(folder), options=options)
        _check_options(self.options.image_size, self.options.channels)
        self._files = ImageFiles(folder.absolute())
        if not len(self._files):
            raise AevizError(f"{folder} holds no images; accepted: {', '.join(SUFFIXES)}")
        self._n_files = len(self._files)
        self._unreadable: list[str] = []
        self._formats = self._found_formats()
        self._shape, self._notes = _common_shape(self._formats, self.options)
        self._dtype = _common_dtype(self._formats, self.options, source=self.source)
        self._is_settled = False

    def schema(self) -> Schema:
        """Return what the folder holds; decodes all images once, to count those that can be."""
        self._settle()
        return Schema(len(self._files), math.prod(self._shape), self._shape)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return consecutive images."""
        return self._decoded(range(start, stop))

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Return scattered images."""
        return self._decoded(rows.tolist())

    def dataset(self) -> Dataset:
        """Return all images, with their labels, and the files' names as ids."""
        n_images, (height, width, _) = len(self._files), self._shape
        n_values = n_images * math.prod(self._shape)
        check_fits(
            n_values * np.dtype(self._dtype).itemsize,
            what=f"{plural(n_images, 'image')} of {height} × {width} pixels in {self.source}",
            instead=f"smaller images, image_size={max(1, max(height, width) // 2)} for example, or "
            "open_stream from Python",
        )
        X = np.empty((n_images, *self._shape), self._dtype)
        self._settle(X)
        labels = image_labels(self._files, self.options, source=self.source)
        return Dataset(
            name=self.name,
            X=X[: len(self._files)].reshape(len(self._files), -1),
            y=labels.y,
            image_shape=self._shape,
            is_test=labels.is_test,
            sample_ids=np.array(self._files.names(), dtype=str),
            notes=(*self._told(labels.table), *labels.notes),
            metadata=labels.metadata,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Return sentences on what was left out or changed."""
        return self._told(None)

    def _told(self, table: str | None) -> tuple[str, ...]:
        """Return the notes, without the file of labels among what was left out."""
        unreadable = []
        if self._unreadable:
            count, n_bad = plural(self._n_files, "image"), len(self._unreadable)
            left_out = f"{'was' if n_bad == 1 else 'were'} left out: {listed(self._unreadable)}."
            unreadable = [f"{n_bad:,} of {count} could not be read and {left_out}"]
        changes = _changes(self._formats, self._shape, self._dtype)
        return (*unreadable, *self._notes, *changes, *self._files.notes(used=table))

    def _found_formats(self) -> Counter[ImageFormat]:
        """Return what the files hold, the first image first; leave out those that are no images."""
        formats: Counter[ImageFormat] = Counter()
        is_image = np.ones(len(self._files), dtype=bool)
        for row in range(len(self._files)):
            try:
                # The first is decoded, as the others get its shape.
                formats[image_format(self._files[row], is_decoded=not formats)] += 1
            except AevizError as error:
                is_image[row] = False
                self._leave_out(row, error)
        self._files.keep(is_image)
        if not formats:
            self._check_share()
        return formats

    def _settle(self, X: np.ndarray | None = None) -> None:
        """Decode every image, into an array if there is one, and leave out those that cannot be."""
        if self._is_settled and X is None:
            return
        is_decoded, n_decoded = np.zeros(len(self._files), dtype=bool), 0
        for row in range(len(self._files)):
            try:
                pixels = read_pixels(self._files[row], self._shape, self._dtype)
            except AevizError as error:
                self._leave_out(row, error)
                with suppress(AevizError):  # it may be gone
                    self._formats[image_format(self._files[row])] -= 1
                continue
            if X is not None:
                X[n_decoded] = pixels
            is_decoded[row] = True
            n_decoded += 1
        self._files.keep(is_decoded)
        self._check_share()
        self._is_settled = True

    def _leave_out(self, row: int, error: AevizError) -> None:
        self._unreadable.append(f"{self._files.name(row)} ({error})")

    def _check_share(self) -> None:
        """Refuse the folder if too many of its images cannot be read."""
        n_bad = len(self._unreadable)
        if n_bad <= MAX_UNREADABLE * self._n_files:
            return
        named = ", ".join(self._unreadable[:_MAX_NAMED]) + ", …" * (n_bad > _MAX_NAMED)
        raise AevizError(
            f"{n_bad:,} of {plural(self._n_files, 'image')} in {self.source} cannot be read: "
            f"{named}; accepted: at most a tenth, which are left out"
        )

    def _decoded(self, rows: Sequence[int]) -> np.ndarray:
        self._settle()
        pixels = np.empty((len(rows), *self._shape), self._dtype)
        for position, row in enumerate(rows):
            try:
                pixels[position] = read_pixels(self._files[row], self._shape, self._dtype)
            except AevizError as error:  # it could be read before
                path = self._files[row]
                raise AevizError(f"{path} cannot be read as an image: {error}") from error
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
    formats: Counter[ImageFormat], options: ReadOptions
) -> tuple[tuple[int, int, int], list[str]]:
    """Return the shape that all images get, and notes on what no option gave of it."""
    if options.image_shape is not None:
        height, width, n_channels = options.image_shape
        height, width = options.image_size or (height, width)
        return (height, width, n_channels), []
    height, width, n_channels = next(iter(formats))[:3]
    notes = []
    if options.channels is not None:
        n_channels = int(options.channels)
    elif n_channels == 1 and any(one.channels > 1 for one in formats):
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


def _common_dtype(formats: Counter[ImageFormat], options: ReadOptions, *, source: str) -> str:
    """Return the type that all pixels get.

    Images of eight bits among others of sixteen are brought to these, white to white, and both to
    that of a model. Other mixes are refused, for their pixels have no white that is known.
    """
    counts: Counter[str] = Counter()
    for one, n in formats.items():
        counts[one.dtype] += n
    wanted = options.pixel_type
    if counts.keys() <= WHITE.keys() and wanted in WHITE:
        return wanted
    kinds = " and ".join(f"{kind} in {plural(n, 'image')}" for kind, n in counts.most_common())
    if len(counts) > 1 and not counts.keys() <= WHITE.keys():
        raise AevizError(f"{source} mixes pixels of {kinds}; accepted: images of one type of pixel")
    found = next(iter(counts)) if len(counts) == 1 else "uint16"
    is_other = wanted is not None and np.dtype(wanted).kind == "f" and found != "float32"
    if is_other or (wanted in WHITE and found != wanted):
        raise AevizError(
            f"{source} has pixels of {kinds}; accepted: the {wanted} of the images that the model "
            "was fitted to"
        )
    return found


def _changes(
    formats: Counter[ImageFormat], shape: tuple[int, int, int], dtype: str
) -> Iterator[str]:
    """Yield sentences on what was changed in some images."""
    n_all, (height, width, _) = plural(formats.total(), "image"), shape
    size = f"{height} × {width} pixels (height × width)"
    sentences = {
        f"had another size and {{were}} resized to {size}.": [
            (one.height, one.width) != (height, width) for one in formats
        ],
        "had other proportions and {were} stretched to these.": [
            abs(one.height * width / (one.width * height) - 1) > _STRETCHED for one in formats
        ],
        "may be transparent and {were} laid over white.": [one.has_alpha for one in formats],
        "had several frames or pages, of which the first was read.": [
            one.has_frames for one in formats
        ],
        "had 16 bits per channel, of which the upper 8 were read.": [one.is_cut for one in formats],
        "had 8 bits per pixel and {were} brought to 16: 255 became 65,535 (times 257).": [
            one.dtype == "uint8" and dtype == "uint16" for one in formats
        ],
        "had 16 bits per pixel and {were} brought to the model's 8: 65,535 became 255.": [
            one.dtype == "uint16" and dtype == "uint8" for one in formats
        ],
    }
    for sentence, is_changed in sentences.items():
        count = sum(n for n, is_one in zip(formats.values(), is_changed, strict=True) if is_one)
        if count:
            yield f"{count:,} of {n_all} {sentence.format(were='was' if count == 1 else 'were')}"


FORMAT = Format(
    suffixes=(),
    summary=f"a folder of images ({', '.join(s[1:] for s in SUFFIXES)}), labels by sub-folder or "
    "in a .csv file",
    open=ImageReader,
    options=frozenset({"image_size", "channels", "label", "id"}),
    reads_folder=has_images,
)
