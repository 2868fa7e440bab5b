"""Read a shard in blocks of rows, each a data set as the run's own source was read.

Memory depends on the size of a block, not on that of the shard. Values come out as
`aeviz.load_dataset` has them, in their own dtype, so that a sample is transformed as it is from a
single file, to the last digit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural
from aeviz.data._tables import table_dataset
from aeviz.data.card import DataCard
from aeviz.data.dataset import Dataset
from aeviz.data.formats._parquet_files import SUFFIXES
from aeviz.data.formats.arrow import arrow_frame, index_columns
from aeviz.data.formats.base import ReadOptions
from aeviz.data.formats.npy import NpyReader
from aeviz.data.formats.parquet import ParquetReader
from aeviz.data.magnitude import check_magnitude
from aeviz.data.missing import imputed, without_missing
from aeviz.data.sources import refuse_options

__all__ = ["SHARD_SUFFIXES", "ShardBlock", "read_blocks"]

SHARD_SUFFIXES = (*SUFFIXES, ".npy")
# As float32, 64 MB. Large enough that what is done once per block costs little.
_VALUES_PER_BLOCK = 2**24
_MAX_ROWS = 65_536
# The encoders' batch: a block of whole batches needs no filling up.
_BATCH_ROWS = 1024


@dataclass(frozen=True, eq=False)
class ShardBlock:
    """Some consecutive rows of a shard.

    Parameters
    ----------
    dataset : Dataset or None
        The samples; None where there are none, whose columns are known all the same.
    leading : dict of str to pyarrow.Array
        sample_id and, where it was asked for, label: one value per sample, as the shard has them.
    """

    dataset: Dataset | None
    leading: dict[str, pa.Array]


def read_blocks(
    path: Path,
    card: DataCard,
    *,
    label: str | None = None,
    on_missing: str = "impute",
    rows_per_block: int | None = None,
) -> Iterator[ShardBlock]:
    """Return an iterator over the blocks of a shard.

    Parameters
    ----------
    path : Path
    card : DataCard
        Of the run's data.
    label : str or None
        Of Parquet, a column that goes into the output as it is.
    on_missing : {"impute", "drop", "error"}
        What to do about samples with missing values.
    rows_per_block : int or None
        None takes what fills 64 MB as float32. No digit depends on it.

    Raises
    ------
    AevizError
        If the shard cannot be read, or values are missing and are not to be.
    """
    batches = _VALUES_PER_BLOCK // card.n_wanted // _BATCH_ROWS
    n_rows = rows_per_block or min(max(batches, 1) * _BATCH_ROWS, _MAX_ROWS)
    options = ReadOptions(label=() if label is None else (label,), **card.reading)
    if path.suffix.lower() in SUFFIXES:
        blocks = _parquet_blocks(path, options, n_rows=n_rows)
    else:
        refuse_options(options, accepted=frozenset(), source=str(path))
        blocks = _npy_blocks(NpyReader(path, options), n_features=card.n_wanted, n_rows=n_rows)
    for block in blocks:
        yield _settled(block, card, source=str(path), on_missing=on_missing)


def _npy_blocks(reader: NpyReader, *, n_features: int, n_rows: int) -> Iterator[ShardBlock]:
    schema = reader.schema()
    if not schema.n_samples:
        if schema.n_features != n_features:
            raise AevizError(
                f"{reader.source} has 0 samples of {plural(schema.n_features, 'feature')}; "
                f"accepted: samples of {n_features:,}"
            )
        yield ShardBlock(None, {"sample_id": pa.array(np.arange(0))})
    for rows, X in reader.blocks(n_rows):
        yield ShardBlock(reader.block(X), {"sample_id": pa.array(np.arange(rows.start, rows.stop))})


def _parquet_blocks(path: Path, options: ReadOptions, *, n_rows: int) -> Iterator[ShardBlock]:
    start = 0
    for table in ParquetReader(path).tables(n_rows, use_threads=False):
        dataset = None
        if table.num_rows:
            frame = arrow_frame(table, source=str(path))
            dataset = table_dataset(frame, name=path.stem, source=str(path), options=options)
            if options.plan is None:
                # What was decided of the first block's columns holds for the others.
                options = replace(options, plan=dataset.columns)
        yield ShardBlock(dataset, _leading(table, options, first_row=start))
        start += table.num_rows


def _leading(table: pa.Table, options: ReadOptions, *, first_row: int) -> dict[str, pa.Array]:
    """Return the samples' ids and the label, as far as there are any.

    As in a single table, names in an index are the ids, else a column of ids, then numbers.
    """
    index = [name for name in index_columns(table.schema) if name in table.column_names]
    numbers = [name for name in index if pa.types.is_integer(table.schema.field(name).type)]
    planned = [column.name for column in options.plan or () if column.use == "id"]
    names = [*(name for name in index if name not in numbers), *planned, *numbers]
    id_name = next((name for name in names if name in table.column_names), None)
    rows = pa.array(np.arange(first_row, first_row + table.num_rows))
    leading = {"sample_id": rows if id_name is None else _plain(table, id_name)}
    for label in options.label:
        if label in table.column_names:
            leading["label"] = _plain(table, label)
    return leading


def _plain(table: pa.Table, name: str) -> pa.Array:
    """Return a column in one piece, of values and not of numbers in a dictionary."""
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.combine_chunks()


def _settled(block: ShardBlock, card: DataCard, *, source: str, on_missing: str) -> ShardBlock:
    """Return a block whose values are all finite."""
    if block.dataset is None:
        return block
    dataset, leading = replace(block.dataset, y=None, metadata={}, is_test=None), block.leading
    rows, names = leading["sample_id"].to_numpy(zero_copy_only=False), dataset.feature_names
    check_magnitude(dataset.X, source=source, rows=rows, feature_names=names)
    is_complete = np.isfinite(dataset.X).all(axis=1)
    if on_missing == "drop" and not is_complete.all():
        dataset = dataset.take(is_complete)
        kept = pa.array(np.flatnonzero(is_complete))
        leading = {name: values.take(kept) for name, values in leading.items()}
        if not dataset.n_samples:
            return ShardBlock(None, leading)
    if on_missing != "impute":
        dataset = without_missing(dataset, source=source, on_missing=on_missing)
    values = None if card.fill_values is None else np.array(card.fill_values)
    return ShardBlock(imputed(dataset, values, source=source, is_to_fit=False), leading)
