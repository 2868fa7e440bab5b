"""Pack arrays for the page: bytes in planes, compressed, in base64.

The page's script unpacks them when it needs them; see ``web/src/payload.ts``. Arrays of
more than one byte a value are stored as planes, all first bytes, then all second ones and
so on, which compresses better than values one after another.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np

__all__ = ["Blobs"]

DTYPES = ("uint8", "uint16", "uint32", "float32", "float64")
_LEVEL = 6


class Blobs:
    """Collect arrays and values, and hand out references to them.

    Attributes
    ----------
    texts : list of str
        What stands in the page, one base64 text a blob: zlib streams.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []

    @property
    def size_bytes(self) -> int:
        """Return how much they take in the page."""
        return sum(map(len, self.texts))

    def array(self, values: np.ndarray) -> dict[str, Any]:
        """Add an array and return its reference.

        Parameters
        ----------
        values : ndarray of uint8, uint16, uint32, float32 or float64

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
        return self._add(planes.tobytes(), dtype=name, shape=list(values.shape))

    def json(self, value: Any) -> dict[str, Any]:
        """Add a JSON-able value and return its reference."""
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
        return self._add(text.encode(), dtype="json", shape=[])

    def _add(self, content: bytes, **facts: Any) -> dict[str, Any]:
        packed = zlib.compress(content, _LEVEL)
        self.texts.append(base64.b64encode(packed).decode())
        return {"blob": len(self.texts) - 1, **facts}
