"""Read one array of samples from a `.npy` file; its labels may be in a second one.

The labels' file is read in `aeviz.data.loading`, which does so for every format.
"""

from __future__ import annotations

from pathlib import Path

from aeviz.data._arrays import assemble
from aeviz.data._format import Format, ReadOptions
from aeviz.data._npy import read_npy_file
from aeviz.data.dataset import Dataset

__all__ = ["FORMAT"]


def _read(path: Path, _options: ReadOptions) -> Dataset:
    return assemble(path.stem, [(str(path), read_npy_file(path))], [])


FORMAT = Format(
    suffixes=(".npy",),
    summary="one NumPy array of samples or images; labels from a second file (--labels)",
    read=_read,
)
