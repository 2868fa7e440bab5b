"""Read a table from a Parquet file, or from a folder of them with the same columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line
from aeviz.data._arrow import UNREADABLE_ARROW, arrow_frame
from aeviz.data._row_sampling import draw_rows, has_to_draw
from aeviz.data._tables import table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.formats._parquet_cursor import open_parquet
from aeviz.data.formats._parquet_files import SUFFIXES, parquet_files, row_groups
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions
from aeviz.data.streams._parquet_columns import index_columns

__all__ = ["FORMAT"]

_PIECE_CELLS = 2_000_000


def _read(path: Path, options: ReadOptions) -> Dataset:
    frame, notes = _frame(path, options)
    name = path.absolute().stem
    return table_dataset(frame, name=name, source=str(path), options=options, notes=notes)


def _frame(path: Path, options: ReadOptions) -> tuple[pd.DataFrame, list[str]]:
    files = parquet_files(path)
    try:
        schema, n_rows, n_values = _announced(files)
        if len(files) > 1:
            row_groups(files, schema, only=None)  # says which columns differ
        # Equal values are stored once, so that little of a file may be much of a table.
        n_bytes = 8 * n_values
        what = f"{path}, of {n_rows:,} rows and {len(schema):,} columns,"
        if has_to_draw(n_bytes, what=what, sample=options.sample):
            most = max(1, _PIECE_CELLS * n_rows // n_values)
            pieces = _pieces(files, schema, most, source=str(path))
            table, note = draw_rows(
                pieces, options.sample or 0, seed=options.seed, source=str(path)
            )
            return table, [note]
        tables = [_in_order(_table(file), schema) for file in files]
        table = tables[0] if len(tables) == 1 else pa.concat_tables(tables)
        return arrow_frame(table, source=str(path)), []
    except AevizError:
        raise
    except UNREADABLE_ARROW as error:
        raise AevizError(f"{path} cannot be read: {first_line(error)}") from error


def _table(path: Path) -> pa.Table:
    """Return the table of one file, whose contents are what they say."""
    with open_parquet(path) as file:
        table = file.read()
    table.validate(full=True)
    return table


def _in_order(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table with its columns in the order of the first file's."""
    is_so = table.schema.names == schema.names
    return table if is_so else table.select(schema.names)


def _announced(files: list[Path]) -> tuple[pa.Schema, int, int]:
    """Return the schema of the first of some files, and the numbers of rows and values in all.

    A list has many values.
    """
    schemas, n_rows, n_values = [], 0, 1
    for file in files:
        with open_parquet(file) as opened:
            described = opened.metadata
            n_rows += described.num_rows
            for number in range(described.num_row_groups):
                group = described.row_group(number)
                n_values += sum(group.column(i).num_values for i in range(group.num_columns))
            schemas.append(opened.schema_arrow)
    return schemas[0], n_rows, n_values


def _pieces(
    files: list[Path], schema: pa.Schema, n_rows: int, *, source: str
) -> Iterator[pd.DataFrame]:
    """Give the tables of some files in pieces of so many rows at most."""
    for file in files:
        with open_parquet(file) as opened:
            for batch in opened.iter_batches(batch_size=n_rows):
                batch.validate(full=True)
                table = pa.Table.from_batches([batch])
                yield arrow_frame(_in_order(table, schema), source=source)


def _column_names(path: Path) -> list[str]:
    files = parquet_files(path)
    if not files:
        return []
    with open_parquet(files[0]) as file:
        schema = file.schema_arrow
    index = index_columns(schema)
    return [name for name in schema.names if name not in index]


FORMAT = Format(
    suffixes=SUFFIXES,
    summary="a table in a Parquet file or in a folder of them; --label names the labels",
    read=_read,
    options=TABLE_OPTIONS,
    reads_folder=lambda path: bool(parquet_files(path)),
    column_names=_column_names,
)
