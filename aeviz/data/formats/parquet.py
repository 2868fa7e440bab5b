"""Read a table from a Parquet file, or from a folder of them with the same columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa

from aeviz._errors import AevizError
from aeviz.data._arrow import UNREADABLE_ARROW, arrow_frame
from aeviz.data._drawing import draw_rows, has_to_draw
from aeviz.data._format import TABLE_OPTIONS, Format, ReadOptions
from aeviz.data._messages import first_line
from aeviz.data._tables import table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.streams._parquet_cursor import open_parquet
from aeviz.data.streams._parquet_files import SUFFIXES, parquet_files, row_groups

__all__ = ["FORMAT"]

_PIECE_CELLS = 2_000_000


def _read(path: Path, options: ReadOptions) -> Dataset:
    frame, notes = _frame(path, options)
    name = path.absolute().stem
    return table_dataset(frame, name=name, source=str(path), options=options, notes=notes)


def _frame(path: Path, options: ReadOptions) -> tuple[pd.DataFrame, list[str]]:
    files = parquet_files(path)
    try:
        schema, n_rows = _announced(files)
        if len(files) > 1:
            row_groups(files, schema, only=None)  # says which columns differ
        # Equal values are stored once, so that little of a file may be much of a table.
        n_bytes = 8 * n_rows * len(schema)
        what = f"{path}, of {n_rows:,} rows and {len(schema):,} columns,"
        if has_to_draw(n_bytes, what=what, sample=options.sample):
            pieces = _pieces(files, max(1, _PIECE_CELLS // len(schema)), source=str(path))
            table, note = draw_rows(
                pieces, options.sample or 0, seed=options.seed, source=str(path)
            )
            return table, [note]
        tables = [_table(file) for file in files]
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


def _announced(files: list[Path]) -> tuple[pa.Schema, int]:
    """Return the schema of the first of some files, and the number of rows in all."""
    schemas, n_rows = [], 0
    for file in files:
        with open_parquet(file) as opened:
            n_rows += opened.metadata.num_rows
            schemas.append(opened.schema_arrow)
    return schemas[0], n_rows


def _pieces(files: list[Path], n_rows: int, *, source: str) -> Iterator[pd.DataFrame]:
    """Give the tables of some files in pieces of so many rows at most."""
    for file in files:
        with open_parquet(file) as opened:
            for batch in opened.iter_batches(batch_size=n_rows):
                batch.validate(full=True)
                yield arrow_frame(pa.Table.from_batches([batch]), source=source)


def _column_names(path: Path) -> list[str]:
    files = parquet_files(path)
    if not files:
        return []
    with open_parquet(files[0]) as file:
        return list(file.schema_arrow.names)


FORMAT = Format(
    suffixes=SUFFIXES,
    summary="a table in a Parquet file or in a folder of them; --label names the labels",
    read=_read,
    options=TABLE_OPTIONS,
    reads_folder=lambda path: bool(parquet_files(path)),
    column_names=_column_names,
)
