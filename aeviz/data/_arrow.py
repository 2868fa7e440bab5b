"""Turn Arrow tables, as Parquet, Feather and polars have them, into data frames.

A column of lists of numbers, all of one length, is as many features as a list is long; all else
is left to `aeviz.data._tables`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import plural, quoted
from aeviz.data._files import explained

__all__ = [
    "HEAD_ROWS",
    "arrow_frame",
    "element_names",
    "index_columns",
    "is_list_of_numbers",
    "is_number",
    "list_elements",
    "list_lengths",
    "reading_arrow",
]

HEAD_ROWS = 20

# Damaged files may be nonsense in any field; pyarrow says so with its own and these.
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError)


def reading_arrow(source: str, what: str = "cannot be read") -> AbstractContextManager[None]:
    """Raise `AevizError` for what pyarrow raises on damaged files within a ``with`` statement."""
    return explained(f"{source} {what}", *_UNREADABLE, pa.ArrowException)


def arrow_frame(table: pa.Table, *, source: str) -> pd.DataFrame:
    """Return a complete and valid Arrow table as a data frame, its pandas index restored.

    Raises
    ------
    AevizError
        If lists are of several lengths, or the table cannot be turned into one of pandas or
        does not fit in memory.
    """
    check_fits(2 * table.nbytes, what=f"the table of {source}")
    lists = list_lengths(table)
    with reading_arrow(source, "cannot be read as a table"):
        index = [name for name in index_columns(table.schema) if name in table.column_names]
        plain = table.drop_columns([*lists]).replace_schema_metadata(None)
        frame = plain.to_pandas(date_as_object=False, strings_to_categorical=False)
        elements = [
            pd.DataFrame(
                list_elements(table, name, length, source=source),
                columns=element_names(name, length),
            )
            for name, length in lists.items()
        ]
        if elements:
            frame = pd.concat([frame, *elements], axis=1)
    return frame.set_index(index) if index else frame


def element_names(name: str, length: int) -> list[str]:
    """Return the names of the features that the elements of a column's lists become."""
    return [f"{name}[{position}]" for position in range(length)]


def is_number(kind: pa.DataType) -> bool:
    """Return whether a type is one of numbers or booleans."""
    is_kind = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_decimal)
    return any(is_one(kind) for is_one in is_kind)


def is_list_of_numbers(kind: pa.DataType) -> bool:
    """Return whether a type is one of lists of numbers or booleans."""
    is_list = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(is_one(kind) for is_one in is_list) and is_number(kind.value_type)


def index_columns(schema: pa.Schema) -> set[str]:
    """Return the columns that pandas wrote as row labels; ranges are none of the columns."""
    described = (schema.pandas_metadata or {}).get("index_columns", [])
    return {name for name in described if isinstance(name, str)}


def list_lengths(table: pa.Table) -> dict[str, int]:
    """Return the lengths, at least 1, of lists of numbers by their column.

    Left out are columns whose lists have several lengths in the first few rows. Their types do
    not say so, for even a fixed length may be zero.
    """
    lengths = {}
    for field in table.schema:
        if is_list_of_numbers(field.type):
            head = table.column(field.name).slice(0, HEAD_ROWS)
            found = pc.unique(pc.list_value_length(head).drop_null()).to_pylist()
            if len(found) == 1 and found[0] > 0:
                lengths[field.name] = found[0]
    return lengths


def list_elements(
    table: pa.Table, name: str, length: int, *, source: str, first_row: int = 0
) -> np.ndarray:
    """Return the elements of a column of lists, NaN where there is none.

    Parameters
    ----------
    table : Table
    name : str
        Of the column.
    length : int
        Of its lists.
    source : str
        What the source is called in messages.
    first_row : int
        Number of the table's first row in the source, for messages.

    Returns
    -------
    ndarray of float32 of shape (n_rows, length)

    Raises
    ------
    AevizError
        If a list has another length, or the elements do not fit in memory.
    """
    check_fits(4 * table.num_rows * length, what=f"the lists of {source}")
    lists = table.column(name).combine_chunks()
    lengths = pc.fill_null(pc.list_value_length(lists), length).to_numpy(zero_copy_only=False)
    if (others := np.flatnonzero(lengths != length)).size:
        raise AevizError(
            f"column {quoted(name)} of {source} has a list of "
            f"{plural(int(lengths[others[0]]), 'number')} in row {first_row + others[0]}; "
            f"accepted: lists of {length:,}, as in the first row, or other columns (columns=...)"
        )
    numbers = lists.flatten().cast(pa.float32(), safe=False)  # without missing lists
    if numbers.null_count:
        numbers = numbers.fill_null(float("nan"))
    elements = np.asarray(numbers.to_numpy(zero_copy_only=False)).reshape(-1, length)
    if not lists.null_count:
        return elements
    X = np.full((table.num_rows, length), np.nan, dtype=np.float32)
    X[lists.is_valid().to_numpy(zero_copy_only=False)] = elements
    return X
