"""Read a table from text: comma- or tab-separated, with or without a header line.

Delimiter, header, encoding and decimal mark are detected. What becomes of the
columns is the matter of `aeviz.data._tables`.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.data._files import explained, plain_stem, unpacked
from aeviz.data._row_sampling import can_only_be_sampled, rows_per_piece, sample_pieces
from aeviz.data._tables import table_dataset
from aeviz.data._text_dialect import NAMES, Dialect, dialect_of
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

# A number takes eight bytes as it was parsed, eight in the matrix, and some while it is parsed.
_CELL_BYTES = 24
_INDEX = "Unnamed: 0"


def _frame(path: Path, options: ReadOptions) -> tuple[pd.DataFrame, list[str]]:
    """Return the table of a file, or a sample of its rows, and notes."""
    dialect = dialect_of(path, has_to_fit=options.sample is None)
    n_cells = dialect.size_bytes / dialect.cell_bytes
    what = f"the table of {path}, about {n_cells:,.0f} values,"
    if can_only_be_sampled(int(_CELL_BYTES * n_cells), what=what, sample=options.sample):
        table, drawn = _drawn(path, dialect, n_drawn=options.sample or 0, seed=options.seed)
    else:
        table, drawn = _parsed(path, dialect), []
    table, notes = _without_index(table)
    return table, [*drawn, *notes, *dialect.notes]


def _read(path: Path, options: ReadOptions) -> Dataset:
    table, notes = _frame(path, options)
    name, source = plain_stem(path), str(path)
    return table_dataset(table, name=name, source=source, options=options, notes=notes)


def _parsed(path: Path, dialect: Dialect, *, n_rows: int | None = None) -> pd.DataFrame:
    with _parsing(path, dialect, nrows=n_rows) as table:
        return _named(table, dialect, path)


def _drawn(
    path: Path, dialect: Dialect, *, n_drawn: int, seed: int
) -> tuple[pd.DataFrame, list[str]]:
    n_rows = rows_per_piece(len(_parsed(path, dialect, n_rows=1).columns))
    # As texts, for a column's type is that of all its values and not of those in a piece.
    with _parsing(path, dialect, chunksize=n_rows, dtype=str) as pieces:
        named = (_named(piece, dialect, path) for piece in pieces)
        texts, note = sample_pieces(named, n_drawn, seed=seed, source=str(path))
    drawn = io.StringIO(texts.to_csv(index=False))
    table = pd.read_csv(drawn, decimal=dialect.decimal, low_memory=False)
    return table.set_index(texts.index), [note]


@contextmanager
def _parsing(path: Path, dialect: Dialect, **options: Any) -> Iterator[Any]:
    """Give what pandas makes of a file, a table or pieces of it."""
    kind = NAMES[dialect.delimiter].removesuffix("s") + "-separated"
    with explained(f"{path} is not {kind} text", ValueError, OverflowError), unpacked(path) as file:
        try:
            yield pd.read_csv(
                file,
                encoding=dialect.encoding,
                sep=dialect.delimiter,
                decimal=dialect.decimal,
                header=0 if dialect.has_header else None,
                low_memory=False,  # a column's type is that of the column, not of its pieces
                **options,
            )
        except pd.errors.EmptyDataError as error:
            raise AevizError(f"{path} holds no table; accepted: a header line and rows") from error


def _named(table: pd.DataFrame, dialect: Dialect, path: Path) -> pd.DataFrame:
    """Return a table as it was parsed, if it has a name a column."""
    if not isinstance(table.index, pd.RangeIndex):
        raise AevizError(
            f"{path} has more values in its rows than names in its header line; "
            "accepted: one name per column"
        )
    if not dialect.has_header:
        table.columns = [f"column {number}" for number in range(1, len(table.columns) + 1)]
    return table


def _without_index(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Leave out columns without a name that hold row numbers or nothing, and say so.

    The index of the table is the numbers of its rows, of those that were drawn too.
    """
    notes = []
    unnamed = [name for name in table.columns if str(name).startswith("Unnamed: ")]
    empty = [name for name in unnamed if len(table) and table[name].isna().all()]
    if empty:
        table = table.drop(columns=empty)
        count = "An empty column" if len(empty) == 1 else f"{len(empty):,} empty columns"
        notes.append(f"{count} without a name left out.")
    if _INDEX in unnamed and _INDEX not in empty:
        values = table[_INDEX]
        if np.array_equal(values, table.index):
            table = table.drop(columns=_INDEX)
            notes.append("The first column, row numbers without a name, left out.")
        elif values.is_unique and values.notna().all() and values.dtype.kind != "f":
            table = table.set_index(_INDEX)  # names of rows, as R and pandas write them
    return table, notes


FORMAT = Format(
    suffixes=(".csv", ".csv.gz", ".tab", ".tab.gz", ".tsv", ".tsv.gz"),
    summary="a table as text, packed or not, delimiter, header and encoding detected",
    open=whole_file(_read),
    options=TABLE_OPTIONS,
    unpacks=True,
    read_frame=_frame,
    column_names=lambda path: list(map(str, _parsed(path, dialect_of(path), n_rows=1).columns)),
)
