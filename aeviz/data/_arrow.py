"""Turn Arrow tables, as Parquet, Feather and polars have them, into data frames.

A column of lists of numbers, all of one length, becomes as many columns, by the same rules as
`aeviz.data.streams` has; all else is left to `aeviz.data._tables`.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import first_line
from aeviz.data.streams._parquet_columns import Column, index_columns, read_columns

__all__ = ["UNREADABLE_ARROW", "arrow_frame"]

# Damaged files may be nonsense in any field; pyarrow says so with its own and these.
UNREADABLE_ARROW = (OSError, ValueError, KeyError, TypeError, OverflowError, pa.ArrowException)


def arrow_frame(table: pa.Table, *, source: str) -> pd.DataFrame:
    """Return an Arrow table as a data frame, its pandas index restored.

    Parameters
    ----------
    table : Table
        Complete and valid.
    source : str
        What it is called in messages.

    Raises
    ------
    AevizError
        If lists are of several lengths, or the table cannot be turned into one of pandas or
        does not fit in memory.
    """
    check_fits(2 * table.nbytes, what=f"the table of {source}")
    lists = {
        field.name: length
        for field in table.schema
        if (length := _list_length(table, field)) is not None
    }
    try:
        index = [name for name in index_columns(table.schema) if name in table.column_names]
        plain = table.drop_columns([*lists]).replace_schema_metadata(None)
        frame = plain.to_pandas(date_as_object=False, strings_to_categorical=False)
    except (pa.ArrowException, ValueError, TypeError, KeyError, OverflowError) as error:
        raise AevizError(f"{source} cannot be read as a table: {first_line(error)}") from error
    if lists:
        frame = pd.concat([frame, _expanded(table, lists, source=source)], axis=1)
    return frame.set_index(index) if index else frame


def _list_length(table: pa.Table, field: pa.Field) -> int | None:
    """Return how many numbers the lists of a column have, None for other columns."""
    kind = field.type
    is_list = (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )
    if not is_list:
        return None
    inner = kind.value_type
    if not (
        pa.types.is_integer(inner) or pa.types.is_floating(inner) or pa.types.is_boolean(inner)
    ):
        return None
    column = table.column(field.name)
    lengths = pc.unique(pc.list_value_length(column).drop_null()).to_pylist()
    return lengths[0] if lengths and lengths[0] > 0 else None


def _expanded(table: pa.Table, lists: dict[str, int], *, source: str) -> pd.DataFrame:
    columns = [Column(name, length) for name, length in lists.items()]
    batch = table.select([*lists]).combine_chunks().to_batches()
    names = [name for column in columns for name in column.feature_names]
    if not batch:
        return pd.DataFrame(columns=names, dtype="float32")
    check_fits(4 * table.num_rows * len(names), what=f"the lists of {source}")
    return pd.DataFrame(read_columns(batch[0], columns, source=source, first_row=0), columns=names)
