"""Read images or vectors in IDX, the format in which MNIST was published.

A file is a magic number (two zero bytes, the type of a value, the number of dimensions), the
dimensions as big-endian 32-bit integers, and the values in C order; it may be gzipped. The
labels' file next to it is found by its name: ``train-images-idx3-ubyte`` has them in
``train-labels-idx1-ubyte``.

References
----------
.. [1] LeCun, Cortes and Burges (1998). The MNIST database of handwritten digits.
"""

import math
import re
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.data._arrays import assemble
from aeviz.data._files import unpacked
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_DIMENSIONS = 4


def _read(path: Path, _options: ReadOptions) -> Dataset:
    values = _array(path)
    if values.ndim == 1:
        raise AevizError(
            f"{path} holds {len(values):,} single numbers, as a file of labels does; accepted: "
            "a file of images, beside which its labels are found"
        )
    labels = _labels_path(path)
    targets = [] if labels is None else [(str(labels), _array(labels))]
    images = ReadOptions(kind="images" if values.ndim > 2 else None)
    dataset = assemble(_plain_name(path), [(str(path), values)], targets, options=images)
    if labels is None:
        return dataset
    note = f"Labels are those of {labels.name} next to it."
    return replace(dataset, notes=(*dataset.notes, note))


def _array(path: Path) -> np.ndarray:
    """Return the array in a file, of which no more is read than its header announces."""
    with unpacked(path) as stream:
        start = stream.read(4)
        if len(start) < 4 or start[:2] != b"\x00\x00" or start[2] not in _TYPES:
            raise AevizError(
                f"{path} is not an IDX file: it begins with {start.hex(' ')}; accepted: 00 00, a "
                "type of values and the number of dimensions"
            )
        n_dimensions = start[3]
        if not 1 <= n_dimensions <= _MAX_DIMENSIONS:
            raise AevizError(
                f"{path} has {n_dimensions} dimensions; accepted: 1 (labels) to {_MAX_DIMENSIONS}"
            )
        sizes = stream.read(4 * n_dimensions)
        if len(sizes) < 4 * n_dimensions:
            raise AevizError(f"{path} is cut off within its header; accepted: a whole IDX file")
        shape = struct.unpack(f">{n_dimensions}I", sizes)
        dtype = np.dtype(_TYPES[start[2]])
        n_bytes = math.prod(shape) * dtype.itemsize
        check_fits(n_bytes, what=f"{path}, of {' × '.join(map(str, shape))} values,")
        content = stream.read(n_bytes + 1)
    if len(content) != n_bytes:
        there = f"{len(content):,}" if len(content) < n_bytes else "more"
        raise AevizError(
            f"{path} is cut off or damaged: {n_bytes:,} bytes of data announced, {there} there"
        )
    return np.frombuffer(content, dtype).reshape(shape)


def _labels_path(path: Path) -> Path | None:
    """Return the file of labels beside one of images, zipped or not, or None."""
    name = path.name
    wanted = re.sub(r"idx\d", "idx1", name.replace("images", "labels").replace("Images", "Labels"))
    if wanted == name:
        return None
    plain = wanted.removesuffix(".gz")
    for candidate in (wanted, plain, f"{plain}.gz"):
        beside = path.with_name(candidate)
        if candidate != name and beside.is_file():
            return beside
    return None


def _plain_name(path: Path) -> str:
    """Return the file's name without what only says of what kind it is.

    Examples
    --------
    >>> _plain_name(Path("train-images-idx3-ubyte.gz"))
    'train-images'
    """
    name = re.sub(r"\.gz$", "", path.name, flags=re.IGNORECASE)
    name = re.sub(r"([-.]idx\d?)?([-.]ubyte)?$", "", name, flags=re.IGNORECASE)
    return name or path.name


FORMAT = Format(
    suffixes=(".idx", ".idx.gz", "-ubyte", "-ubyte.gz"),
    summary="images in IDX, MNIST's own format, gzipped or not, with the labels' file next to it",
    open=whole_file(_read),
)
