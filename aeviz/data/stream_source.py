"""Turn what a user names into a stream of samples: an array, a file or a folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import STREAMS
from aeviz.core.wording import listed
from aeviz.data._paths import check_readable, path_exists
from aeviz.data.sample_stream import SampleStream

__all__ = ["open_stream"]


def open_stream(
    source: SampleStream | np.ndarray | str | os.PathLike[str],
    *,
    columns: Sequence[str] | None = None,
    image_size: tuple[int, int] | None = None,
    channels: int | None = None,
) -> SampleStream:
    """Return a stream that reads samples block by block, for data that do not fit in memory.

    Parameters
    ----------
    source : SampleStream, ndarray, memmap or path-like
        A stream is returned as it is. A path is that of a `.npy` file, a `.parquet` or `.pq`
        file, a folder of Parquet files or a folder of images (jpg, png, bmp, tif, webp, gif;
        in sub-folders too). Arrays of three or four dimensions are images: (n, height,
        width), or with channels.
    columns : sequence of str, optional
        Of Parquet: the columns to read, in this order; all that hold numbers by default.
    image_size : (height, width) in pixels, optional
        Of a folder of images: what all are resized to; the first one's size by default.
    channels : {1, 3}, optional
        Of a folder of images: grey, or red, green and blue; as the first one by default.

    Returns
    -------
    SampleStream
        Gives float32 samples of shape (n_rows, n_features), all finite. Images of eight bits
        come out divided by 255, in [0, 1]; everything else comes out in its own units.
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
    Peak memory does not depend on the number of samples but for a few dozen bytes an image
    and what Parquet keeps of each row group. Private memmaps (mode ``"c"``) are the exception.

    Examples
    --------
    >>> stream = open_stream(np.arange(10.0).reshape(5, 2))
    >>> for rows, X in stream.iterate(rows_a_block=3):
    ...     print(rows.start, rows.stop, X.shape, X.dtype)
    0 3 (3, 2) float32
    3 5 (2, 2) float32
    """
    given = {"columns": columns, "image_size": image_size, "channels": channels}
    options = {name: value for name, value in given.items() if value is not None}
    if isinstance(source, SampleStream):
        _refuse_options(options, accepted=frozenset(), source=source.source)
        return source
    if isinstance(source, str | os.PathLike):
        source = _existing_path(source)
    kind = _kind_of(source)
    called = str(source) if isinstance(source, Path) else "an array"
    _refuse_options(options, accepted=kind.options, source=called)
    return kind(source, **options)


def _existing_path(source: str | os.PathLike[str]) -> Path:
    path = Path(source)
    if not path_exists(path):
        raise FileNotFoundError(f"there is no file or folder {path}; accepted: {_accepted()}")
    if path.is_file():
        check_readable(path)
    elif not os.access(path, os.R_OK | os.X_OK):
        raise AevizError(f"{path} cannot be opened; accepted: a folder that may be read")
    return path


def _kind_of(source: object) -> type[Any]:
    """Return the member of the family that reads a source."""
    kinds = [kind for kind in STREAMS.members().values() if kind.accepts(source)]
    if len(kinds) == 1:
        return kinds[0]
    if kinds:
        both = " and ".join(kind.summary for kind in kinds)
        raise AevizError(f"{source} can be read as {both}; accepted: a folder of one kind")
    if not isinstance(source, Path):
        raise TypeError(f"source must be {_accepted()}; got {type(source).__name__}")
    what = "is a folder without samples" if source.is_dir() else "is no file of samples"
    raise AevizError(f"{source} {what}; accepted: {_accepted()}")


def _accepted() -> str:
    return ", or ".join(kind.summary for kind in STREAMS.members().values())


def _refuse_options(
    options: Mapping[str, object], *, accepted: frozenset[str], source: str
) -> None:
    """Say that an option has no meaning for a source, before it is silently ignored."""
    for name in sorted(options.keys() - accepted):
        there = listed(sorted(accepted)) or "none"
        raise AevizError(
            f"{name} has no meaning for {source} (got {options[name]!r}); "
            f"accepted options there: {there}"
        )
