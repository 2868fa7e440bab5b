"""Columns of an Arrow schema that hold numbers or lists of numbers, and the lists' elements.

A column of lists of numbers, all of one length, is as many features as a list is long. Other
columns are the matter of `aeviz.data._tables`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import plural, quoted

__all__ = [
    "HEAD_ROWS",
    "element_names",
    "index_columns",
    "is_list_of_numbers",
    "is_number",
    "list_elements",
    "list_lengths",
]

HEAD_ROWS = 20


def element_names(name: str, length: int) -> list[str]:
    """Return the names of the features that the elements of a column's lists become."""
    return [f"{name}[{position}]" for position in range(length)]


def is_number(kind: pa.DataType) -> bool:
    """Return whether a type is one of numbers or booleans."""
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    )


def is_list_of_numbers(kind: pa.DataType) -> bool:
    """Return whether a type is one of lists of numbers or booleans."""
    is_list = (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )
    return bool(is_list) and is_number(kind.value_type)


def index_columns(schema: pa.Schema) -> set[str]:
    """Return the columns that pandas wrote as row labels; ranges are none of the columns."""
    described = (schema.pandas_metadata or {}).get("index_columns", [])
    return {name for name in described if isinstance(name, str)}


def list_lengths(table: pa.Table) -> dict[str, int]:
    """Return the columns that hold lists of numbers of one length in the first few rows.

    Their types do not say so, for even a fixed length may be zero.

    Returns
    -------
    dict from a column's name to the lists' length, at least 1
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
    values = table.column(name).combine_chunks()
    _check_lengths(values, name, length, source=source, first_row=first_row)
    elements = _floats(values.flatten()).reshape(-1, length)  # without missing lists
    if not values.null_count:
        return elements
    X = np.full((table.num_rows, length), np.nan, dtype=np.float32)
    X[values.is_valid().to_numpy(zero_copy_only=False)] = elements
    return X


def _floats(values: pa.Array) -> np.ndarray:
    """Return numbers as float32, NaN where there is none."""
    numbers = values.cast(pa.float32(), safe=False)
    if numbers.null_count:
        numbers = numbers.fill_null(float("nan"))
    return np.asarray(numbers.to_numpy(zero_copy_only=False))


def _check_lengths(
    values: pa.Array, name: str, length: int, *, source: str, first_row: int
) -> None:
    lengths = pc.fill_null(pc.list_value_length(values), length).to_numpy(zero_copy_only=False)
    others = np.flatnonzero(lengths != length)
    if len(others):
        row = int(others[0])
        raise AevizError(
            f"column {quoted(name)} of {source} has a list of "
            f"{plural(int(lengths[row]), 'number')} in row {first_row + row}; accepted: lists of "
            f"{length:,}, as in the first row, or other columns (columns=...)"
        )
