"""Read a matrix in the Matrix Market format, stored as coordinates or as an array.

Why not by `scipy.io.mmread`: it was seen to end the process on damaged files.
"""

import csv
import warnings
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import quoted
from aeviz.data._files import explained, unpacked

__all__ = ["read_matrix"]

_MAX_LINE_BYTES, _PIECE_BYTES = 1000, 2**20
_KINDS, _FIELDS = ("coordinate", "array"), ("real", "double", "integer", "pattern")
_SYMMETRIES = ("general", "symmetric", "skew-symmetric")
# A stored value has two positions, once as they are read and once compressed by rows.
_ENTRY_BYTES = 40


class _Header(NamedTuple):
    """First lines of a file: what follows, how large it is, and how many lines they are."""

    is_sparse: bool
    field: str
    symmetry: str
    shape: tuple[int, int]
    n_stored: int
    n_lines: int


def read_matrix(path: Path) -> Any:
    """Return the matrix of a file, packed or not, compressed by rows.

    Raises
    ------
    AevizError
        If it is no Matrix Market file of real numbers, damaged, or does not fit in memory.
    """
    from scipy import sparse

    with unpacked(path) as stream:
        header = _header(path, stream)
        n_bytes = _ENTRY_BYTES * header.n_stored * (1 if header.symmetry == "general" else 2)
        check_fits(n_bytes + 16 * sum(header.shape), what=f"the matrix of {path}")
        while stream.read(_PIECE_BYTES):
            check_fits(stream.tell(), what=f"the text of {path}")
    table = _table(path, header)
    rows, columns = _places(header, table)
    values = np.ones(len(table), np.int64)
    if "value" in table:
        values = table["value"].to_numpy()
    if len(rows) and not (
        min(rows.min(), columns.min()) >= 0
        and rows.max() < header.shape[0]
        and columns.max() < header.shape[1]
    ):
        raise AevizError(f"{path} is damaged: it has a value at a place outside of the matrix")
    if header.symmetry != "general":  # only one triangle is stored
        beside = rows != columns
        sign = -1 if header.symmetry == "skew-symmetric" else 1
        values = np.concatenate([values, sign * values[beside]])
        rows, columns = (
            np.concatenate([rows, columns[beside]]),
            np.concatenate([columns, rows[beside]]),
        )
    return sparse.coo_array((values, (rows, columns)), shape=header.shape).tocsr()


def _places(header: _Header, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows and columns of the values, from 0."""
    if header.is_sparse:
        return table["row"].to_numpy() - 1, table["column"].to_numpy() - 1
    n_rows, n_columns = header.shape
    if header.symmetry == "general":
        return np.tile(np.arange(n_rows), n_columns), np.repeat(np.arange(n_columns), n_rows)
    # The lower triangle, column by column.
    columns, rows = np.triu_indices(n_rows, k=int(header.symmetry == "skew-symmetric"))
    return rows, columns


def _table(path: Path, header: _Header) -> pd.DataFrame:
    """Return the lines after the header as numbers."""
    columns: dict[str, Any] = {"row": np.int64, "column": np.int64} if header.is_sparse else {}
    if header.field != "pattern":
        columns["value"] = np.int64 if header.field == "integer" else np.float64
    errors = (ValueError, OverflowError, pd.errors.ParserWarning)
    with (
        explained(f"{path} is damaged", *errors),
        unpacked(path) as stream,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error", pd.errors.ParserWarning)  # of more values in a line
        table = pd.read_csv(
            stream,
            sep=r"\s+",
            header=None,
            names=list(columns),
            index_col=False,
            dtype=columns,
            skiprows=header.n_lines,
            nrows=header.n_stored + 1,
            comment="%",
            quoting=csv.QUOTE_NONE,
        )
    if len(table) != header.n_stored:
        more = "more" if len(table) > header.n_stored else f"{len(table):,}"
        raise AevizError(
            f"{path} is damaged: it announces {header.n_stored:,} values and holds {more}"
        )
    return table


def _header(path: Path, stream: BinaryIO) -> _Header:
    """Return what the first lines announce, leaving the stream after them."""
    words = stream.readline(_MAX_LINE_BYTES).decode("ascii", "replace").lower().split()
    if len(words) != 5 or words[:2] != ["%%matrixmarket", "matrix"]:
        raise AevizError(
            f"{path} is not a Matrix Market file; accepted: one that begins with %%MatrixMarket "
            "matrix"
        )
    kind, field, symmetry = words[2:]
    is_sparse = kind == "coordinate"
    is_known = kind in _KINDS and field in _FIELDS and symmetry in _SYMMETRIES
    if not is_known or (field == "pattern" and not is_sparse):
        raise AevizError(
            f"{path} is a matrix of the kind {quoted(' '.join(words[2:]))}; accepted: real "
            "numbers, integers or a pattern"
        )
    n_lines, line = 1, b"%"
    while line.startswith(b"%") or (line and not line.strip()):
        line = stream.readline(_MAX_LINE_BYTES)
        n_lines += 1
    sizes = line.split()
    if len(sizes) != 2 + is_sparse or not all(size.isdigit() and len(size) < 19 for size in sizes):
        found = quoted(line.decode("ascii", "replace").strip())
        raise AevizError(f"{path} is damaged: its sizes are {found}; accepted: whole numbers")
    n_rows, n_columns, *stored = map(int, sizes)
    if symmetry != "general" and n_rows != n_columns:
        raise AevizError(f"{path} is damaged: it is {symmetry}, but {n_rows:,} × {n_columns:,}")
    n_stored = stored[0] if stored else n_rows * n_columns
    if not stored and symmetry != "general":
        n_stored = n_rows * (n_rows + (1 if symmetry == "symmetric" else -1)) // 2
    return _Header(is_sparse, field, symmetry, (n_rows, n_columns), n_stored, n_lines)
