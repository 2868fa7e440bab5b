"""Read one array of samples from a `.npy` file; its labels may be in a second one.

The labels' file is read in `aeviz.data.sources`, which does so for every format.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aeviz.data._arrays import assemble
from aeviz.data._npy import npy_file_header, read_npy_file, read_npy_rows
from aeviz.data._row_sampling import drawing_note, drawn_numbers, has_to_draw
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, ReadOptions

__all__ = ["FORMAT"]


def _read(path: Path, options: ReadOptions) -> Dataset:
    header = npy_file_header(path)
    what = f"{path}, of {' × '.join(f'{n:,}' for n in header.shape)} values,"
    if not has_to_draw(header.size_bytes, what=what, sample=options.sample):
        return assemble(path.stem, [(str(path), read_npy_file(path))], [])
    n_rows = header.shape[0]
    rows = drawn_numbers(n_rows, options.sample or 0, seed=options.seed)
    dataset = assemble(path.stem, [(str(path), read_npy_rows(path, rows))], [])
    note = drawing_note(len(rows), n_rows, seed=options.seed)
    return replace(dataset, sample_ids=rows, drawn_of=n_rows, notes=(*dataset.notes, note))


FORMAT = Format(
    suffixes=(".npy",),
    summary="one NumPy array of samples or images; labels from a second file (--labels)",
    read=_read,
)
