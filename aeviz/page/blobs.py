"""Arrays of the page: compressed, as base64 text.

The page's script unpacks them when it needs them; see ``web/src/data/payload.ts``. Arrays of
more than one byte per value are stored as planes: all first bytes, then all second ones and so
on, which compresses better than values one after another.
"""

import base64
import json
import zlib
from typing import Any, Literal, TypedDict, cast

import numpy as np

__all__ = ["Blobs", "Ref"]

DTYPES = ("uint8", "uint16", "uint32", "float32", "float64")
_LEVEL = 6


class Ref(TypedDict):
    """A typed array or a JSON value in one of the page's compressed blobs."""

    blob: int
    dtype: Literal["uint8", "uint16", "uint32", "float32", "float64", "json"]
    shape: list[int]


class Blobs:
    """Collection of arrays and JSON values for a page, which refers to them.

    Attributes
    ----------
    texts : list of str
        The content of the page, one base64 text per blob: zlib streams.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []

    @property
    def size_bytes(self) -> int:
        """Return the size of all texts."""
        return sum(map(len, self.texts))

    def array(self, values: np.ndarray) -> Ref:
        """Add an array and return its reference.

        Parameters
        ----------
        values : ndarray of uint8, uint16, uint32, float32 or float64

        Raises
        ------
        TypeError
            If they are of another dtype.

        Examples
        --------
        >>> Blobs().array(np.zeros((2, 3), np.uint16))
        {'blob': 0, 'dtype': 'uint16', 'shape': [2, 3]}
        """
        name = values.dtype.name
        if name not in DTYPES:
            raise TypeError(f"values must be one of {', '.join(DTYPES)}, got {name}")
        little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
        planes = little.reshape(-1).view(np.uint8).reshape(-1, values.dtype.itemsize).T
        return self._add(planes.tobytes(), name, list(values.shape))

    def json(self, value: Any) -> Ref:
        """Add a JSON-able value and return its reference."""
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
        return self._add(text.encode(), "json", [])

    def _add(self, content: bytes, dtype: str, shape: list[int]) -> Ref:
        packed = zlib.compress(content, _LEVEL)
        self.texts.append(base64.b64encode(packed).decode())
        return cast("Ref", {"blob": len(self.texts) - 1, "dtype": dtype, "shape": shape})
