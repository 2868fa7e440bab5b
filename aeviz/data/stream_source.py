"""Turn what a user names into a stream of samples: an array, a file or a folder."""

import contextlib
import mmap
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from aeviz.data._array_layout import array_layout
from aeviz.data._row_blocks import row_slices
from aeviz.data.formats.base import Reader, ReadOptions, Schema
from aeviz.data.sample_stream import SampleStream
from aeviz.data.sources import open_reader, refuse_options

__all__ = ["open_stream"]

_SHARED_MODES = ("r", "r+", "w+")
# A page fault brings in the pages around it too, in aligned windows of this size.
_WINDOW_BYTES = 2**16
_ROWS_PER_GATHER = 256


def open_stream(
    source: SampleStream | np.ndarray | str | os.PathLike[str],
    *,
    columns: Sequence[str] = (),
    drop: Sequence[str] = (),
    key: str | None = None,
    kind: str | None = None,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    scale_pixels: bool = False,
) -> SampleStream:
    """Return a stream that reads samples block by block, for data that do not fit in memory.

    Parameters
    ----------
    source : SampleStream, ndarray, memmap or path-like
        A stream is returned as it is. A path is one that `aeviz.load_dataset` reads.
    columns : sequence of str, optional
        Of a table: the columns to read, in this order; by default all that hold numbers.
    drop : sequence of str, optional
        Of a table: columns to leave out.
    key : str, optional
        Of a file of many data sets (HDF5, `.h5ad`): the one that holds the samples.
    kind : {"images", "series", "table"}, optional
        Of an array of three dimensions or more: what its samples are; by default the shape shows
        it, see `aeviz.data._array_layout`.
    image_size : int or (height, width), optional
        Of a folder of images: what all are resized to, in pixels; an integer is both.
    channels : {1, 3}, optional
        Of a folder of images: grey, or red, green and blue; by default as the images have them.
    scale_pixels : bool, default=False
        Divide images of eight bits by 255, so that they are in [0, 1] as a report has them.

    Returns
    -------
    SampleStream
        Gives float32 samples of shape (n_rows, n_features), all finite.
        `notes` says what was left out. Use it in a ``with`` statement, or `close` it.

    Raises
    ------
    FileNotFoundError
        If `source` is a path and there is none such.
    TypeError
        If `source` is something else.
    AevizError
        If the source is of no known kind or holds no samples, or an option means nothing for
        it; the message says what was received and what is accepted.

    Notes
    -----
    **Units.** Samples are those that `aeviz.load_dataset` gives of the same source, as float32:
    both read it by the same code, and neither scales anything. Images of eight bits are in 0..255
    by both. From Parquet files a stream takes the columns of numbers, booleans, and lists of
    numbers; it knows only some rows at a time, so it does not encode text, and does not leave out
    constant columns and ids, as `load_dataset` does where `columns` does not name them.

    **Memory.** Arrays, `.npy` files, Parquet and folders of images are read a block at a time, and
    peak memory does not depend on the number of samples but for a few dozen bytes per image
    and what Parquet keeps of each row group. Private memmaps (mode ``"c"``) are the exception.
    Files of other formats are one block, which is held in memory.

    **Images that cannot be read** are left out, or refused together where they are more than a
    tenth. To find them, all images of a folder are decoded once when it is opened.

    Examples
    --------
    >>> stream = open_stream(np.arange(10.0).reshape(5, 2))
    >>> for rows, X in stream.iterate(rows_per_block=3):
    ...     print(rows.start, rows.stop, X.shape, X.dtype)
    0 3 (3, 2) float32
    3 5 (2, 2) float32
    """
    options = ReadOptions.of(
        columns=columns, drop=drop, key=key, kind=kind, image_size=image_size, channels=channels
    )
    if isinstance(source, SampleStream):
        refuse_options(options, accepted=frozenset(), source=source.source)
        return source
    if isinstance(source, str | os.PathLike):
        return SampleStream(open_reader(Path(source), options), scale_pixels=scale_pixels)
    if not isinstance(source, np.ndarray) or isinstance(source, np.ma.MaskedArray):
        raise TypeError(
            "source must be a path, a NumPy array or memmap, or a stream; "
            f"got {type(source).__name__}"
        )
    refuse_options(options, accepted=frozenset({"kind"}), source="an array")
    return SampleStream(_ArrayReader(source, options), scale_pixels=scale_pixels)


class _ArrayReader(Reader):
    """Reader of an array of shape (n, n_features), (n, height, width) or with channels.

    It is not copied and must not be changed while it is read.

    Why pages are given back: what was read of a mapped file counts as the process's memory.
    After a block is copied out its pages are dropped from the process (`MADV_DONTNEED`, where
    the system has it); they are read again from the file, or from the system's cache of it,
    when they are wanted. That loses nothing where the mapping is shared with the file. It
    would lose changes in a private mapping (mode ``"c"``), so that one is left alone and its
    pages stay.
    """

    def __init__(self, values: np.ndarray, options: ReadOptions) -> None:
        self._mapping = _shared_mapping(values)
        filename = getattr(values, "filename", None)
        name = Path(filename).stem if isinstance(filename, str | Path) else "array"
        source = "the array" if filename is None else str(filename)
        super().__init__(name=name, source=source, options=options)
        self._layout = array_layout(
            values.shape, values.dtype, what=self.source, options=self.options
        )
        self._values, one = np.asarray(values), self._layout
        self._schema = Schema(len(values), one.n_features, one.image_shape, one.feature_names)

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: a mapping cannot be, and the array becomes a copy."""
        return self.__dict__ | {"_mapping": None}

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was taken, where that is not obvious."""
        return (self._layout.note,) if self._layout.note else ()

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return consecutive samples."""
        part = self._values[start:stop]
        X = self._layout.flattened(part.copy())
        self._drop_pages(part)
        return X

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Return scattered samples."""
        parts = []
        # A scattered row of a mapping occupies a whole window, however short it is.
        n_columns = max(self._schema.n_features, 2**21 // _ROWS_PER_GATHER)
        for part in row_slices(len(rows), n_columns):
            parts.append(self._layout.flattened(self._values[rows[part]]))
            first, last = int(rows[part][0]), int(rows[part][-1])
            self._drop_pages(self._values[first : last + 1])
        return np.concatenate(parts)

    def _drop_pages(self, part: np.ndarray) -> None:
        """Give back the memory of the mapped pages that a part of the array lies in."""
        if self._mapping is None:
            return
        origin = np.frombuffer(self._mapping, dtype=np.uint8).ctypes.data
        low, high = np.lib.array_utils.byte_bounds(part)
        start = (low - origin) // _WINDOW_BYTES * _WINDOW_BYTES
        stop = -(-(high - origin) // _WINDOW_BYTES) * _WINDOW_BYTES
        with contextlib.suppress(OSError):  # memory that is locked stays
            self._mapping.madvise(mmap.MADV_DONTNEED, start, stop - start)


def _shared_mapping(values: np.ndarray) -> mmap.mmap | None:
    """Return the mapping that an array lies in, if its pages may be dropped."""
    base: object = values
    is_shared = False
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            is_shared = base.mode in _SHARED_MODES
        base = base.base
    if isinstance(base, mmap.mmap) and is_shared and hasattr(mmap, "MADV_DONTNEED"):
        return base
    return None
