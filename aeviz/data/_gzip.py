"""Open files that may be gzipped as what they hold."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line

__all__ = ["opened"]

_START = b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Give the bytes of a file, unpacked where its own begin as gzip's do.

    Parameters
    ----------
    path : Path
        Of an existing file, whatever its name.

    Raises
    ------
    AevizError
        If, within the context, packed bytes turn out damaged or cut off.
    """
    with path.open("rb") as stream:
        is_zipped = stream.read(len(_START)) == _START
    if not is_zipped:
        with path.open("rb") as stream:
            yield stream
        return
    try:
        with gzip.open(path) as unpacked:
            yield cast(BinaryIO, unpacked)
    except (OSError, EOFError, zlib.error) as error:
        raise AevizError(f"{path} is cut off or damaged: {first_line(error)}") from error
