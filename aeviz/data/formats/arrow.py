"""Read a table from an Arrow file: Feather (version 2), an IPC file or an IPC stream.

Arrow tables, as Parquet and polars have them too, become data frames here. A column of lists of
numbers, all of one length, is as many features as a list is long; all else is left to
`aeviz.data._tables`.
"""

from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import budget_bytes, check_fits
from aeviz.core.wording import plural, quoted
from aeviz.data._files import explained
from aeviz.data._object_columns import MAX_EXACT
from aeviz.data._tables import table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

HEAD_ROWS = 20

# Damaged files may be nonsense in any field; pyarrow says so with its own and these.
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError)
_MAGIC = b"ARROW1"
_OLD_MAGIC = b"FEA1"


def _read(path: Path, options: ReadOptions) -> Dataset:
    return table_dataset(_frame(path), name=path.stem, source=str(path), options=options)


def _frame(path: Path) -> pd.DataFrame:
    check_fits(2 * path.stat().st_size, what=str(path))
    with path.open("rb") as stream:
        start = stream.read(len(_MAGIC))
    if start.startswith(_OLD_MAGIC):
        raise AevizError(
            f"{path} is Feather of version 1; accepted: version 2, as pandas.to_feather writes it"
        )
    is_file = start == _MAGIC
    with (
        reading_arrow(str(path), "cannot be read" if is_file else "is not an Arrow file"),
        pa.OSFile(str(path)) as source,
    ):
        opened = pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)
        numbers = range(opened.num_record_batches) if is_file else ()
        kept, n_bytes, budget = [], 0, budget_bytes()
        for batch in map(opened.get_batch, numbers) if is_file else opened:
            batch.validate()
            n_bytes += batch.nbytes
            if n_bytes > budget:
                check_fits(n_bytes, what=str(path))
            kept.append(batch)
        table = pa.Table.from_batches(kept, schema=opened.schema)
        table.validate(full=True)
        return arrow_frame(table, source=str(path))


# -- Arrow tables as data frames --------------------------------------------------------------


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
        frame = _pandas_columns(plain)
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


def _pandas_columns(table: pa.Table) -> pd.DataFrame:
    """Return a table without lists as a data frame that loses no digit and no category."""
    long = {}
    for place, field in enumerate(table.schema):
        values = table.column(place)
        if pa.types.is_integer(field.type) and field.type.bit_width == 64 and values.null_count:
            ends = pc.min_max(values).as_py()
            if max(-(ends["min"] or 0), ends["max"] or 0) > MAX_EXACT:
                long[place] = "Int64" if pa.types.is_signed_integer(field.type) else "UInt64"
        elif pa.types.is_dictionary(field.type) and any(
            chunk.dictionary.null_count for chunk in values.chunks
        ):  # pandas knows no missing category
            decoded = values.cast(field.type.value_type)
            table = table.set_column(place, field.name, decoded)
    frame = table.to_pandas(date_as_object=False, strings_to_categorical=False)
    for place, kind in long.items():
        whole = pd.Series(table.column(place).to_pylist(), dtype=kind, index=frame.index)
        frame.isetitem(place, whole)
    return frame


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


FORMAT = Format(
    suffixes=(".feather", ".arrow", ".ipc"),
    summary="a table in an Arrow file (Feather 2, IPC file or stream); label names the labels",
    open=whole_file(_read),
    options=TABLE_OPTIONS,
    column_names=lambda path, _: list(map(str, _frame(path).columns)),
)
