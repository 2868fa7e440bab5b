"""Apply a function to samples in batches of one fixed size, in memory or from and to disk.

A matrix product of another shape may round differently, and a sample's code must not
depend on how many others are encoded with it, nor on where in a file it stands.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.atomic_files import atomic_file

__all__ = ["BATCH_SIZE", "in_batches", "row_products", "write_in_batches"]

BATCH_SIZE = 1024

Function = Callable[[np.ndarray], np.ndarray]


def in_batches(function: Function, X: np.ndarray) -> np.ndarray:
    """Return the function's outputs for all rows; it always sees `BATCH_SIZE` of them.

    The last batch is filled up with zeros, whose outputs are dropped.
    """
    return np.concatenate(list(_outputs(function, X)))


def row_products(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the inner products of rows with other rows.

    Why not ``@``: a product by BLAS may round a row by where it stands among the others.
    """
    return np.asarray(np.einsum("ij,kj->ik", rows, others))


def write_in_batches(
    function: Function,
    blocks: Iterable[np.ndarray],
    path: Path,
    *,
    shape: tuple[int, ...],
    dtype: type[np.floating[Any]] = np.float32,
) -> None:
    """Write the function's outputs for block after block into an ``.npy`` file.

    The file appears whole or not at all. `shape` is that of the outputs of all blocks together;
    blocks of a multiple of `BATCH_SIZE` rows save filling up.
    """
    header = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
    # Written as a file: the pages of a mapped one would count as the process's memory.
    with atomic_file(path) as partial, partial.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            for outputs in _outputs(function, block):
                file.write(np.ascontiguousarray(outputs, dtype).data)


def _outputs(function: Function, X: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(X), BATCH_SIZE):
        batch = X[start : start + BATCH_SIZE]
        n_rows = len(batch)
        if n_rows < BATCH_SIZE:
            padding = np.zeros((BATCH_SIZE - n_rows, *X.shape[1:]), X.dtype)
            batch = np.concatenate([batch, padding])
        yield function(batch)[:n_rows]
