"""Turn Arrow tables, as Parquet, Feather and polars have them, into data frames.

A column of lists of numbers, all of one length, becomes as many columns; all else is left to
`aeviz.data._tables`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import pyarrow as pa

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import first_line
from aeviz.data.formats._list_columns import (
    element_names,
    index_columns,
    list_elements,
    list_lengths,
)

__all__ = ["arrow_frame", "reading_arrow"]

# Damaged files may be nonsense in any field; pyarrow says so with its own and these.
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    pa.ArrowException,
)


@contextmanager
def reading_arrow(source: str, what: str = "cannot be read") -> Iterator[None]:
    """Raise `AevizError` for what pyarrow raises on damaged files within a ``with`` statement."""
    try:
        yield
    except AevizError:
        raise
    except _UNREADABLE as error:
        raise AevizError(f"{source} {what}: {first_line(error)}") from error


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
    lists = list_lengths(table)
    with reading_arrow(source, "cannot be read as a table"):
        index = [name for name in index_columns(table.schema) if name in table.column_names]
        plain = table.drop_columns([*lists]).replace_schema_metadata(None)
        frame = plain.to_pandas(date_as_object=False, strings_to_categorical=False)
        if lists:
            elements = [
                pd.DataFrame(
                    list_elements(table, name, length, source=source),
                    columns=element_names(name, length),
                )
                for name, length in lists.items()
            ]
            frame = pd.concat([frame, *elements], axis=1)
    return frame.set_index(index) if index else frame
