"""Read a shard in blocks of rows, each a data set as the run's own source was read.

Memory depends on the size of a block, not on that of the shard. Values come out as
`aeviz.load_dataset` has them, in their own dtype, so that a sample is placed as it is from a
single file, to the last digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line
from aeviz.data._arrays import assemble
from aeviz.data._arrow import UNREADABLE_ARROW, arrow_frame
from aeviz.data._checks import check_dataset
from aeviz.data._npy import npy_file_header
from aeviz.data._tables import table_dataset
from aeviz.data.card import DataCard
from aeviz.data.columns import TableColumn
from aeviz.data.dataset import Dataset
from aeviz.data.formats._parquet_cursor import open_parquet
from aeviz.data.formats.base import ReadOptions
from aeviz.data.streams._parquet_columns import index_columns
from aeviz.data.streams.npy import NpyStream
from aeviz.sharding._shards import PARQUET_SUFFIXES

__all__ = ["Block", "read_blocks"]

# As float32, 64 MB. Large enough that what is done once a block costs little.
_VALUES_A_BLOCK = 2**24
_MAX_ROWS = 65_536
# The encoders' batch: a block of whole batches needs no filling up.
_BATCH_ROWS = 1024


@dataclass(frozen=True, eq=False)
class Block:
    """Hold some consecutive rows of a shard.

    Parameters
    ----------
    dataset : Dataset or None
        The samples; None where there are none, whose columns are known all the same.
    leading : dict of str to pyarrow.Array
        sample_id and, where it was asked for, label: a value a sample, as the shard has them.
    """

    dataset: Dataset | None
    leading: dict[str, pa.Array]


def read_blocks(
    path: Path,
    card: DataCard,
    *,
    label: str | None = None,
    on_missing: str = "error",
    rows_a_block: int | None = None,
) -> Iterator[Block]:
    """Return an iterator over the blocks of a shard.

    Parameters
    ----------
    path : Path
    card : DataCard
        Of the run's data.
    label : str or None
        Of Parquet, a column that goes into the output as it is.
    on_missing : {"error", "drop"}
        What to do about samples with missing values.
    rows_a_block : int or None
        None takes what fills 64 MB as float32. No digit depends on it.

    Raises
    ------
    AevizError
        If the shard cannot be read, or values are missing and are not to be.
    """
    n_rows = rows_a_block or _rows_a_block(card.n_features)
    if path.suffix.lower() in PARQUET_SUFFIXES:
        blocks = _parquet_blocks(path, card, label=label, n_rows=n_rows)
    elif label is not None:
        raise AevizError(
            f"--label names a column of a table, and {path} has no named columns; leave it out "
            f"(got {label!r})"
        )
    else:
        blocks = _npy_blocks(path, n_features=card.n_features, n_rows=n_rows)
    for block in blocks:
        yield _settled(block, source=str(path), on_missing=on_missing)


def _rows_a_block(n_features: int) -> int:
    n_rows = _VALUES_A_BLOCK // n_features // _BATCH_ROWS * _BATCH_ROWS
    return min(max(n_rows, _BATCH_ROWS), _MAX_ROWS)


def _npy_blocks(path: Path, *, n_features: int, n_rows: int) -> Iterator[Block]:
    shape = npy_file_header(path).shape
    if shape[:1] == (0,) and math.prod(shape[1:]) == n_features:
        yield Block(None, {"sample_id": pa.array(np.arange(0))})
        return
    stream = NpyStream(path)
    for start in range(0, stream.n_samples, n_rows):
        rows = slice(start, min(start + n_rows, stream.n_samples))
        dataset = assemble(path.stem, [(str(path), stream.raw(rows))], [])
        yield Block(dataset, {"sample_id": pa.array(np.arange(rows.start, rows.stop))})


def _parquet_blocks(
    path: Path, card: DataCard, *, label: str | None, n_rows: int
) -> Iterator[Block]:
    options = ReadOptions(label=() if label is None else (label,), is_to_fit=False, plan=card.plan)
    start = 0
    with open_parquet(path) as file:
        id_name = _id_name(file.schema_arrow, card.plan)
        for table in _tables(file, path, n_rows):
            leading = _leading(table, id_name, label, first_row=start)
            if not table.num_rows:
                yield Block(None, leading)
                return
            frame = arrow_frame(table, source=str(path))
            dataset = table_dataset(frame, name=path.stem, source=str(path), options=options)
            if options.plan is None:
                # What was decided of the first block's columns holds for the others.
                options = replace(options, plan=dataset.columns)
                id_name = _id_name(table.schema, dataset.columns)
                leading = _leading(table, id_name, label, first_row=start)
            start += table.num_rows
            yield Block(dataset, leading)


def _tables(file: pq.ParquetFile, path: Path, n_rows: int) -> Iterator[pa.Table]:
    """Return the rows of a file some at a time; of a file without rows an empty table."""
    try:
        if not file.metadata.num_rows:
            yield file.schema_arrow.empty_table()
        for batch in file.iter_batches(n_rows, use_threads=False):
            table = pa.Table.from_batches([batch])
            table.validate(full=True)
            yield table
    except AevizError:
        raise
    except UNREADABLE_ARROW as error:
        raise AevizError(f"{path} cannot be read: {first_line(error)}") from error


def _id_name(schema: pa.Schema, plan: tuple[TableColumn, ...] | None) -> str | None:
    """Return the column that holds the samples' ids, None if their numbers are all there is.

    As in a single table, names in an index come first, then a column of ids, then numbers.
    """
    index = [name for name in index_columns(schema) if name in schema.names]
    numbers = [name for name in index if pa.types.is_integer(schema.field(name).type)]
    planned = [column.name for column in plan or () if column.use == "id"]
    names = [*(name for name in index if name not in numbers), *planned, *numbers]
    return next((name for name in names if name in schema.names), None)


def _leading(
    table: pa.Table, id_name: str | None, label: str | None, *, first_row: int
) -> dict[str, pa.Array]:
    numbers = pa.array(np.arange(first_row, first_row + table.num_rows))
    leading = {"sample_id": numbers if id_name is None else _plain(table, id_name)}
    if label is not None and label in table.column_names:
        leading["label"] = _plain(table, label)
    return leading


def _plain(table: pa.Table, name: str) -> pa.Array:
    """Return a column in one piece, of values and not of numbers in a dictionary."""
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.combine_chunks()


def _settled(block: Block, *, source: str, on_missing: str) -> Block:
    """Return a block whose values are all finite."""
    if block.dataset is None:
        return block
    dataset, leading = replace(block.dataset, y=None, metadata={}, is_test=None), block.leading
    is_complete = np.isfinite(dataset.X).all(axis=1)
    if on_missing == "drop" and not is_complete.all():
        dataset = dataset.take(is_complete)
        kept = pa.array(np.flatnonzero(is_complete))
        leading = {name: values.take(kept) for name, values in leading.items()}
        if not dataset.n_samples:
            return Block(None, leading)
    settled = check_dataset(dataset, source=source, is_to_fit=False, can_impute=False)
    return Block(settled, leading)
