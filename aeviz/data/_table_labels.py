"""Make labels of the columns of a table."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import did_you_mean, listed, quoted
from aeviz.data._arrays import as_labels
from aeviz.data._column_roles import as_numbers, as_texts
from aeviz.data._object_columns import MAX_EXACT

__all__ = ["class_order", "label_values", "table_labels"]


def table_labels(
    frame: pd.DataFrame, names: Sequence[str], *, source: str
) -> tuple[np.ndarray | None, dict[str, np.ndarray]]:
    """Return the first of some label columns, and the others by name.

    Raises
    ------
    AevizError
        If a column is not there or cannot be labels.
    """
    for name in names:
        if name not in frame.columns:
            known = listed(quoted(column) for column in frame.columns) or "none"
            raise AevizError(
                f"label column {quoted(name)} is not in {source}; its columns are {known}"
                f"{did_you_mean(name, frame.columns)}"
            )
    values = {name: label_values(frame[name]) for name in names}
    arrays = {
        name: as_labels(labels, n_samples=len(frame), what=f"column {quoted(name)}")
        for name, labels in values.items()
    }
    return (arrays.pop(names[0]) if names else None), arrays


def class_order(frame: pd.DataFrame, labels: Sequence[str]) -> tuple[str, ...] | None:
    """Return the values of the first label in the order of its categories, None without such."""
    if not labels or not isinstance(frame[labels[0]].dtype, pd.CategoricalDtype):
        return None
    categories = frame[labels[0]].cat.categories
    if categories.dtype.kind in "iufb":  # numbers have their own order
        return None
    return tuple(text for text in as_texts(pd.Series(categories)) if text is not None)


def label_values(labels: pd.Series) -> np.ndarray:
    """Return labels as numbers, booleans or strings; missing ones as NaN or None.

    Dates become days since 1970-01-01, time spans seconds. Whole numbers beside missing ones that
    floats cannot hold become strings.
    """
    is_complete = not labels.isna().any()
    if isinstance(labels.dtype, pd.CategoricalDtype):
        categories = labels.cat.categories.dtype
        if categories.kind in "iufb":
            labels = labels.astype(categories if is_complete else float)
    kind = labels.dtype
    if pd.api.types.is_datetime64_any_dtype(kind):
        return as_numbers(labels, "date")
    if pd.api.types.is_bool_dtype(kind):
        return np.asarray(labels.to_numpy(dtype=bool)) if is_complete else as_texts(labels)
    if not is_complete and pd.api.types.is_integer_dtype(kind):
        known = labels.dropna()
        if len(known) and max(-int(known.min()), int(known.max())) > MAX_EXACT:
            return as_texts(labels)
    if pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_timedelta64_dtype(kind):
        return as_numbers(labels, "number")
    return as_texts(labels)
