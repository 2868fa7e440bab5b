"""Read the column of batches, by which samples are coloured and scored and nothing is trained."""

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural, quoted
from aeviz.data._column_roles import as_texts
from aeviz.data.columns import TableColumn
from aeviz.data.formats.base import ReadOptions

__all__ = ["batch_column", "batch_values"]


def batch_values(frame: pd.DataFrame, options: ReadOptions, *, source: str) -> np.ndarray | None:
    """Return the batches as strings, None where there is no value; None without such a column.

    Whole numbers have no fraction.

    Raises
    ------
    AevizError
        If the column is used for something else, or has one value only or nearly as many as
        there are rows.
    """
    name = options.batch
    if name is None:
        return None
    for option in ("label", "columns", "drop"):
        if name in getattr(options, option):
            raise AevizError(f"{quoted(name)} is in {option} and in batch; accepted: one of both")
    values = frame[name]
    known_values = values.dropna()
    if known_values.dtype.kind == "f" and (known_values == known_values.round()).all():
        values = values.astype("Int64")
    n_batches = known_values.nunique()
    if options.is_to_fit and not 2 <= n_batches <= max(2, len(known_values) // 2):
        raise AevizError(
            f"column {quoted(name)} of {source} has {plural(n_batches, 'value')} in "
            f"{plural(len(known_values), 'row')}, so it cannot be batch; accepted: two batches or "
            "more, of several samples each"
        )
    return as_texts(values)


def batch_column(name: str, values: pd.Series) -> TableColumn:
    """Return what becomes of the column of batches."""
    role = "number" if pd.api.types.is_numeric_dtype(values.dtype) else "category"
    return TableColumn(name, role, "batch", n_missing=int(values.isna().sum()))
