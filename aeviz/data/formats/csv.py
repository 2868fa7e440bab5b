"""Read a table from text: comma- or tab-separated, with or without a header line.

How the text is written is detected, see `aeviz.data._text_dialect`; what its values are, is found
out with those of all tables, in `aeviz.data._text_columns`.
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, quoted
from aeviz.data._files import plain_stem
from aeviz.data._row_sampling import can_only_be_sampled, sample_pieces
from aeviz.data._tables import table_dataset
from aeviz.data._text_dialect import Dialect, dialect_of
from aeviz.data._text_rows import text_batches, text_table
from aeviz.data.columns import unique_names
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

# The text of a value and where it ends, eight bytes as a number, and eight in the matrix.
_CELL_BYTES = 24
_OPTIONS = frozenset({"header", "delimiter", "quote"})


def _frame(path: Path, options: ReadOptions) -> tuple[pd.DataFrame, list[str]]:
    """Return the table of a file, or a sample of its rows, as text, and notes."""
    dialect = dialect_of(path, options, has_to_fit=options.sample is None)
    n_cells = dialect.size_bytes / dialect.cell_bytes
    what = f"the table of {path}, about {n_cells:,.0f} values,"
    if can_only_be_sampled(int(_CELL_BYTES * n_cells), what=what, sample=options.sample):
        pieces = (_of_text(one) for one in text_batches(path, dialect))
        table, note = sample_pieces(
            pieces, options.sample or 0, seed=options.seed, source=str(path)
        )
        notes = [note]
    else:
        cells, notes = text_table(path, dialect)
        table = _of_text(cells)
    if dialect.names is None and not len(table):
        raise AevizError(f"{path} holds no table; accepted: a header line and rows")
    if dialect.has_row_names and not _can_be_names(table.iloc[:, 0]):
        raise AevizError(
            f"{path} has more values in its rows than names in its header line; "
            "accepted: one name per column"
        )
    names, of_names = _names(dialect)
    table.columns = pd.Index(names, dtype=object)
    return table, [*notes, *dialect.notes, *of_names]


def _can_be_names(values: pd.Series) -> bool:
    """Return whether values differ and are no numbers with fractions."""
    numbers = pd.to_numeric(values.astype(object), errors="coerce")
    has_fractions = bool(numbers.notna().all() and (numbers % 1 != 0).any())
    return values.is_unique and not has_fractions


def _read(path: Path, options: ReadOptions) -> Dataset:
    table, notes = _frame(path, options)
    name, source = plain_stem(path), str(path)
    return table_dataset(table, name=name, source=source, options=options, notes=notes)


def _of_text(table: pa.Table) -> pd.DataFrame:
    """Return a table of text as a data frame that shares its memory."""
    return table.to_pandas(types_mapper={pa.string(): pd.ArrowDtype(pa.string())}.get)


def _names(dialect: Dialect) -> tuple[list[str], list[str]]:
    """Return a name per column, and notes.

    A column without a name is called as pandas calls it, by its place from 0.
    """
    if dialect.names is None:
        return [f"column {number}" for number in range(1, dialect.n_columns + 1)], []
    # Files that were marked as UTF-8 twice keep a mark.
    given = [name.strip("\ufeff \t\n\r\f\v\xa0") for name in dialect.names]
    named = [name or f"Unnamed: {place}" for place, name in enumerate(given)]
    names = unique_names(named)
    repeated = sorted({old for old, new in zip(named, names, strict=True) if old != new})
    if not repeated:
        return names, []
    return names, [f"Names that occur again are numbered: {listed(map(quoted, repeated))}."]


FORMAT = Format(
    suffixes=(".csv", ".csv.gz", ".tab", ".tab.gz", ".tsv", ".tsv.gz"),
    summary="a table as text, packed or not, delimiter, header and encoding detected",
    open=whole_file(_read),
    options=TABLE_OPTIONS | _OPTIONS,
    unpacks=True,
    read_frame=_frame,
    column_names=lambda path, options: _names(dialect_of(path, options))[0],
)
