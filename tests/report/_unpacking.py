"""Unpack what the page holds, as its script does."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np

from aeviz.page.blobs import Blobs


def unpacked(blobs: Blobs, ref: dict[str, Any]) -> Any:
    """Return the array or the value that a reference stands for, as `payload.ts` has it."""
    content = zlib.decompress(base64.b64decode(blobs.texts[ref["blob"]], validate=True))
    if ref["dtype"] == "json":
        return json.loads(content)
    dtype = np.dtype(ref["dtype"])
    planes = np.frombuffer(content, np.uint8).reshape(dtype.itemsize, -1)
    return np.frombuffer(planes.T.tobytes(), dtype.newbyteorder("<")).reshape(ref["shape"])


def numbers_of(blobs: Blobs, column: dict[str, Any]) -> np.ndarray:
    """Return a column's values in the units of the source, NaN where missing, as `colors.ts`."""
    written = unpacked(blobs, column["values"])
    if written.dtype.kind == "f":
        return np.asarray(written)
    numbers = (column["first"] + written.astype(float)) / 10.0 ** column["decimals"]
    return np.where(written == np.iinfo(written.dtype).max, np.nan, numbers)
