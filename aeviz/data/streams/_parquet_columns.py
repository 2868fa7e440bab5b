"""Choose the columns of a Parquet file that are features, and turn them into floats.

A column of numbers, decimals or booleans is one feature; a column of lists of numbers,
all of one length, is as many features as a list is long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line, listed, plural, quoted

__all__ = ["Column", "choose_columns", "index_columns", "list_lengths", "read_columns"]

_HEAD_ROWS = 20
_ACCEPTED = "accepted: numbers, booleans, or lists of numbers of one length"


@dataclass(frozen=True)
class Column:
    """Name a column and say how many features it is.

    Parameters
    ----------
    name : str
    length : int or None
        Length of its lists; None for a column of single numbers.
    """

    name: str
    length: int | None = None

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the names of its features: its own, or those of a list's elements."""
        if self.length is None:
            return (self.name,)
        return tuple(f"{self.name}[{position}]" for position in range(self.length))


def list_lengths(file: pq.ParquetFile, *, source: str) -> dict[str, int]:
    """Return the columns that hold lists of numbers of one length in the first few rows.

    Their types do not say so, for even a fixed length may be zero.

    Parameters
    ----------
    file : ParquetFile
        An open file.
    source : str
        What it is called in messages.

    Returns
    -------
    dict from a column's name to the lists' length, at least 1

    Raises
    ------
    AevizError
        If the file is damaged there.
    """
    fields = [field for field in file.schema_arrow if _is_list(field.type)]
    names = [field.name for field in fields if _is_number(field.type.value_type)]
    if not names:
        return {}
    try:
        heads = list(islice(file.iter_batches(_HEAD_ROWS, columns=names), 1))
    except (OSError, pa.ArrowException) as error:
        raise AevizError(f"{source} cannot be read: {first_line(error)}") from error
    lengths = {}
    for head in heads:
        for name in names:
            column = head.column(head.schema.get_field_index(name))
            found = pc.unique(pc.list_value_length(column).drop_null()).to_pylist()
            if len(found) == 1 and found[0] > 0:
                lengths[name] = found[0]
    return lengths


def choose_columns(
    schema: pa.Schema, *, columns: Sequence[str] | None, lengths: Mapping[str, int], source: str
) -> tuple[list[Column], list[str]]:
    """Return the columns that are features, and the names of those left out.

    Parameters
    ----------
    schema : Schema
        What columns there are. Those that pandas wrote as row labels are no features unless
        they are asked for.
    columns : sequence of str or None
        What the user asked for, in this order; None for all that hold numbers.
    lengths : mapping from a column's name to int
        The columns of lists that are features, as `list_lengths` gives them.
    source : str
        What the source is called in messages.

    Raises
    ------
    AevizError
        If a column asked for is not there or holds no numbers, a name occurs twice, or no
        column holds numbers.
    """
    names = schema.names
    repeated = sorted(name for name, count in Counter(names).items() if count > 1)
    if repeated:
        raise AevizError(
            f"{source} has more than one column named {listed(map(quoted, repeated))}; "
            "accepted: names that differ"
        )
    if columns is not None:
        return [_asked_for(schema, name, lengths, source=source) for name in columns], []
    index = index_columns(schema)
    found = [_column(schema, name, lengths) for name in names if name not in index]
    chosen = [column for column in found if column is not None]
    if not chosen:
        kinds = listed(f"{quoted(field.name)} ({field.type})" for field in schema) or "none"
        raise AevizError(f"{source} has no column of numbers, only {kinds}; {_ACCEPTED}")
    kept = {column.name for column in chosen}
    return chosen, [name for name in names if name not in kept]


def read_columns(
    batch: pa.RecordBatch, columns: Sequence[Column], *, source: str, first_row: int
) -> np.ndarray:
    """Return the features in a batch of rows.

    Parameters
    ----------
    batch : RecordBatch
    columns : sequence of Column
    source : str
        What the source is called in messages.
    first_row : int
        Number of the batch's first row in the source, for messages.

    Returns
    -------
    ndarray of float32 of shape (n_rows, n_features), C-contiguous
        NaN where a value is missing, infinite where it is beyond float32's range.

    Raises
    ------
    AevizError
        If a list has another length than the first one.
    """
    n_features = sum(column.length or 1 for column in columns)
    X = np.empty((batch.num_rows, n_features), dtype=np.float32)
    position = 0
    for column in columns:
        values = batch.column(batch.schema.get_field_index(column.name))
        if column.length is None:
            X[:, position] = _floats(values)
            position += 1
            continue
        _check_lengths(values, column, source=source, first_row=first_row)
        target = X[:, position : position + column.length]
        position += column.length
        elements = _floats(values.flatten()).reshape(-1, column.length)  # without missing lists
        if not values.null_count:
            target[:] = elements
            continue
        is_there = values.is_valid().to_numpy(zero_copy_only=False)
        target[is_there], target[~is_there] = elements, np.nan
    return X


def _is_list(kind: pa.DataType) -> bool:
    """Tell whether a type is one of lists."""
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def _column(schema: pa.Schema, name: str, lengths: Mapping[str, int]) -> Column | None:
    """Return a column with the length of its lists, or None if it holds no numbers."""
    if name in lengths:
        return Column(name, lengths[name])
    return Column(name) if _is_number(schema.field(name).type) else None


def _asked_for(schema: pa.Schema, name: str, lengths: Mapping[str, int], *, source: str) -> Column:
    if schema.get_field_index(name) < 0:
        available = listed(map(quoted, schema.names))
        raise AevizError(f"{source} has no column {quoted(name)}; its columns are {available}")
    column = _column(schema, name, lengths)
    if column is None:
        kind = schema.field(name).type
        raise AevizError(f"column {quoted(name)} of {source} holds {kind}; {_ACCEPTED}")
    return column


def index_columns(schema: pa.Schema) -> set[str]:
    """Return the columns that pandas wrote as row labels; ranges are none of the columns."""
    described = (schema.pandas_metadata or {}).get("index_columns", [])
    return {name for name in described if isinstance(name, str)}


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    )


def _floats(values: pa.Array) -> np.ndarray:
    """Return numbers as float32, NaN where there is none."""
    numbers = values.cast(pa.float32(), safe=False)
    if numbers.null_count:
        numbers = numbers.fill_null(float("nan"))
    return numbers.to_numpy(zero_copy_only=False)


def _check_lengths(values: pa.Array, column: Column, *, source: str, first_row: int) -> None:
    lengths = pc.fill_null(pc.list_value_length(values), column.length).to_numpy()
    others = np.flatnonzero(lengths != column.length)
    if len(others):
        row = int(others[0])
        raise AevizError(
            f"column {quoted(column.name)} of {source} has a list of "
            f"{plural(int(lengths[row]), 'number')} in row {first_row + row}; accepted: lists of "
            f"{column.length:,}, as in the first row, or other columns (columns=...)"
        )
