"""Read a table from a Parquet file, or from a folder of them with the same columns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa

from aeviz._errors import AevizError
from aeviz.data._arrow import arrow_frame
from aeviz.data._format import TABLE_OPTIONS, Format, ReadOptions
from aeviz.data._memory import check_fits
from aeviz.data._messages import first_line
from aeviz.data._tables import table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.streams._parquet_cursor import open_parquet
from aeviz.data.streams._parquet_files import SUFFIXES, parquet_files, row_groups

__all__ = ["FORMAT"]

# Damaged files may be nonsense in any field; pyarrow says so with its own and these.
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, OverflowError, pa.ArrowException)


def _read(path: Path, options: ReadOptions) -> Dataset:
    frame = _frame(path)
    name = path.absolute().stem
    return table_dataset(frame, name=name, source=str(path), options=options)


def _frame(path: Path) -> pd.DataFrame:
    files = parquet_files(path)
    try:
        tables = [_table(file) for file in files]
        if len(files) > 1:
            row_groups(files, tables[0].schema, only=None)  # says which columns differ
        table = tables[0] if len(tables) == 1 else pa.concat_tables(tables)
        return arrow_frame(table, source=str(path))
    except AevizError:
        raise
    except _UNREADABLE as error:
        raise AevizError(f"{path} cannot be read: {first_line(error)}") from error


def _table(path: Path) -> pa.Table:
    """Return the table of one file, whose contents are what they say."""
    with open_parquet(path) as file:
        about = file.metadata
        # Equal values are stored once, so that little of a file may be much of a table.
        check_fits(
            8 * about.num_rows * about.num_columns,
            what=f"{path}, of {about.num_rows:,} rows and {about.num_columns:,} columns,",
            instead="a smaller table, or open_stream from Python, which reads it in blocks",
        )
        table = file.read()
    table.validate(full=True)
    return table


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
