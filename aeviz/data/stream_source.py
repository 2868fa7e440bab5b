"""Turn what a user names into a stream of samples: an array, a file or a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from aeviz.data._array_reader import ArrayReader
from aeviz.data.formats.base import ReadOptions
from aeviz.data.sample_stream import SampleStream
from aeviz.data.sources import open_reader, refuse_options

__all__ = ["open_stream"]


def open_stream(
    source: SampleStream | np.ndarray | str | os.PathLike[str],
    *,
    columns: Sequence[str] = (),
    drop: Sequence[str] = (),
    key: str | None = None,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    scale_pixels: bool = False,
) -> SampleStream:
    """Return a stream that reads samples block by block, for data that do not fit in memory.

    Parameters
    ----------
    source : SampleStream, ndarray, memmap or path-like
        A stream is returned as it is. A path is one that `aeviz.load_dataset` reads. Arrays of
        three or four dimensions are images: (n, height, width), or with channels.
    columns : sequence of str, optional
        Of a table: the columns to read, in this order; by default all that hold numbers.
    drop : sequence of str, optional
        Of a table: columns to leave out.
    key : str, optional
        Of a file of many data sets (HDF5, `.h5ad`): the one that holds the samples.
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

    Examples
    --------
    >>> stream = open_stream(np.arange(10.0).reshape(5, 2))
    >>> for rows, X in stream.iterate(rows_per_block=3):
    ...     print(rows.start, rows.stop, X.shape, X.dtype)
    0 3 (3, 2) float32
    3 5 (2, 2) float32
    """
    options = ReadOptions(
        columns=(columns,) if isinstance(columns, str) else tuple(columns),
        drop=(drop,) if isinstance(drop, str) else tuple(drop),
        key=key,
        image_size=(image_size, image_size) if isinstance(image_size, int) else image_size,
        channels=channels,
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
    refuse_options(options, accepted=frozenset(), source="an array")
    return SampleStream(ArrayReader(source), scale_pixels=scale_pixels)
