"""Find out what a column of a table holds: numbers, categories, ids, dates or text.

Every rule is a statement about the column's own values (and for ids its name), so that the
decision does not depend on the other columns, and each is worded where it is made.
"""

from __future__ import annotations

import re
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd

from aeviz.core.wording import plural, quoted
from aeviz.data.columns import TableColumn, is_id_name

__all__ = ["MAX_CATEGORIES", "as_numbers", "as_texts", "column_role"]

MAX_CATEGORIES = 20
"""Most values of a column of text for which it is one-hot encoded, unless the user says so."""

_MIN_READABLE = 0.8
_MAX_UNREADABLE = 3
_MAX_ID_LENGTH = 64
_MAX_ID_WORDS = 3
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( \d{1,2}:\d{2}.*)?"
)


def column_role(
    name: str, values: pd.Series, *, is_chosen: bool, max_categories: int, is_to_fit: bool = True
) -> TableColumn:
    """Return what a column is and what becomes of it, if it is no label.

    Parameters
    ----------
    name : str
    values : Series
        Of any dtype.
    is_chosen : bool
        Whether the user named the column as a feature; then nothing is left out that can be
        made a number.
    max_categories : int
        Most values that are one-hot encoded.
    is_to_fit : bool
        False to keep constant columns.
    """
    kind = values.dtype
    n_missing = int(values.isna().sum())
    if n_missing == len(values):
        return TableColumn(name, "empty", "none", reason="no values", n_missing=n_missing)
    if isinstance(kind, pd.CategoricalDtype):
        role = _category(name, values, max_categories=max_categories, is_chosen=is_chosen)
    elif pd.api.types.is_bool_dtype(kind):
        role = TableColumn(name, "boolean", "feature", n_missing=n_missing)
    elif pd.api.types.is_complex_dtype(kind):
        return TableColumn(name, "other", "none", reason="complex numbers", n_missing=n_missing)
    elif pd.api.types.is_datetime64_any_dtype(kind):
        role = _date(name, n_missing, is_chosen=is_chosen)
    elif pd.api.types.is_timedelta64_dtype(kind):
        role = TableColumn(name, "number", "feature", reason="in seconds", n_missing=n_missing)
    elif pd.api.types.is_numeric_dtype(kind):
        role = _number(name, values, n_missing, is_chosen=is_chosen)
    else:
        role = _of_objects(name, values, max_categories=max_categories, is_chosen=is_chosen)
    if role.use == "feature" and is_to_fit and not is_chosen and _is_constant(values, role):
        return TableColumn(name, "constant", "none", reason="one value only", n_missing=n_missing)
    return role


def as_numbers(values: pd.Series, role: str) -> np.ndarray:
    """Return a column of numbers, booleans or dates as an array, NaN where there is none.

    Booleans stay booleans and whole numbers integers where none is missing. Dates become
    days since 1970-01-01, time spans seconds.
    """
    if role == "date":
        return _days(values)
    if pd.api.types.is_timedelta64_dtype(values.dtype):
        return np.asarray(values.dt.total_seconds().to_numpy(dtype=np.float64))
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if not pd.api.types.is_numeric_dtype(values.dtype):
        values = pd.Series(pd.to_numeric(values.map(_plain), errors="coerce"))
    if values.isna().any():
        return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))
    array = np.asarray(values)
    return array.astype(np.float64) if array.dtype.kind == "O" else array


def as_texts(values: pd.Series) -> np.ndarray:
    """Return a column's values as an array of strings and, where there is none, None.

    Dates that are all midnight are days without a time.
    """
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        known = values.dropna()
        if (known == known.dt.normalize()).all():
            values = values.dt.strftime("%Y-%m-%d")
    is_missing = values.isna().to_numpy()
    texts = [None if gap else _text(v) for v, gap in zip(values, is_missing, strict=True)]
    return np.array(texts, dtype=object)


# -- kinds of columns ------------------------------------------------------------------------


def _number(name: str, values: pd.Series, n_missing: int, *, is_chosen: bool) -> TableColumn:
    is_whole = pd.api.types.is_integer_dtype(values.dtype)
    if is_whole and not n_missing and not is_chosen and is_id_name(name) and values.is_unique:
        return TableColumn(name, "id", "id", reason="unique whole numbers, named like ids")
    return TableColumn(name, "number", "feature", n_missing=n_missing)


def _date(name: str, n_missing: int, *, is_chosen: bool) -> TableColumn:
    if is_chosen:
        return TableColumn(name, "date", "feature", reason="in days", n_missing=n_missing)
    return TableColumn(
        name, "date", "annotation", reason="a date; columns takes it as days", n_missing=n_missing
    )


def _of_objects(
    name: str, values: pd.Series, *, max_categories: int, is_chosen: bool
) -> TableColumn:
    """Decide on strings and other Python objects."""
    n_missing = int(values.isna().sum())
    known = values[values.notna()]
    distinct = _distinct(known)
    if distinct is None:
        return TableColumn(
            name, "other", "none", reason="neither numbers nor text", n_missing=n_missing
        )
    if all(isinstance(value, bool | np.bool_) for value in distinct):
        return TableColumn(name, "boolean", "feature", n_missing=n_missing)
    numeric = pd.to_numeric(pd.Series([_plain(v) for v in distinct], dtype=object), errors="coerce")
    counts = known.map(dict(zip(distinct, numeric.notna(), strict=True)))
    n_unreadable = int((~counts.astype(bool)).sum())
    odd = [
        value for value, is_number in zip(distinct, numeric.notna(), strict=True) if not is_number
    ]
    if not n_unreadable:
        return TableColumn(name, "number", "feature", n_missing=n_missing)
    if n_unreadable <= (1 - _MIN_READABLE) * len(known) and len(odd) <= _MAX_UNREADABLE:
        return TableColumn(
            name,
            "number",
            "feature",
            reason=f"{plural(n_unreadable, 'value')} no number, as {quoted(odd[0])}: missing",
            n_missing=n_missing + n_unreadable,
            example=str(odd[0]),
        )
    texts = [_text(value) for value in distinct]
    if all(_DATE.fullmatch(text.strip()) for text in texts):
        return _date(name, n_missing, is_chosen=is_chosen)
    is_few = len(texts) <= max_categories and 2 * len(texts) <= len(known)
    if is_few or is_chosen:
        return _category(name, values, max_categories=max_categories, is_chosen=is_chosen)
    if len(texts) == len(known) == len(values) and _are_ids(texts):
        return TableColumn(name, "id", "id", reason="unique text", n_values=len(texts))
    return _text_column(name, len(texts), n_missing, max_categories)


def _category(name: str, values: pd.Series, *, max_categories: int, is_chosen: bool) -> TableColumn:
    """Decide on categories: one feature per value, unless there are too many."""
    n_missing = int(values.isna().sum())
    if isinstance(values.dtype, pd.CategoricalDtype):
        present = values.cat.remove_unused_categories().cat.categories
        texts = list(dict.fromkeys(_text(value) for value in present))
    else:
        texts = sorted({text for text in as_texts(values) if text is not None})
    if len(texts) <= max_categories:
        return TableColumn(
            name,
            "category",
            "feature",
            values=tuple(texts),
            n_values=len(texts),
            n_missing=n_missing,
        )
    if is_chosen:
        reason = f"{len(texts):,} values, max_categories allows {max_categories}"
        return TableColumn(name, "text", "none", reason=reason, n_values=len(texts))
    return _text_column(name, len(texts), n_missing, max_categories)


def _text_column(name: str, n_values: int, n_missing: int, max_categories: int) -> TableColumn:
    return TableColumn(
        name,
        "text",
        "annotation",
        reason=f"text of {n_values:,} values; encoded are {max_categories} or fewer that repeat",
        n_values=n_values,
        n_missing=n_missing,
    )


def _are_ids(texts: list[str]) -> bool:
    """Return whether unique strings are names of samples, not sentences."""
    return all(len(text) <= _MAX_ID_LENGTH and len(text.split()) <= _MAX_ID_WORDS for text in texts)


def _is_constant(values: pd.Series, role: TableColumn) -> bool:
    if role.n_missing:
        return False
    if role.role == "category":
        return len(role.values) == 1
    numbers = as_numbers(values, role.role)
    return bool(len(numbers)) and bool((numbers == numbers[0]).all())


# -- single values ---------------------------------------------------------------------------


def _distinct(known: pd.Series) -> list[object] | None:
    """Return the distinct values, or None if some are neither text nor plain numbers."""
    try:
        distinct = known.unique().tolist()
    except TypeError:  # what cannot be hashed is no value of a table: lists, mappings
        return None
    accepted = str | bytes | bool | int | float | Decimal | np.generic
    return distinct if all(isinstance(value, accepted) for value in distinct) else None


def _plain(value: object) -> object:
    """Return a value in a form of which pandas knows whether it is a number."""
    if isinstance(value, bytes):
        return _text(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return float(value) if abs(value) < 10**300 else np.inf
    return value


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _days(values: pd.Series) -> np.ndarray:
    """Return dates as days since 1970-01-01, NaN where a text is none."""
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        texts = pd.Series(as_texts(values))
        with warnings.catch_warnings():
            # Which of two numbers is the day is a guess, the same for all rows.
            warnings.simplefilter("ignore", UserWarning)
            values = pd.to_datetime(texts, errors="coerce", format="mixed", utc=True)
    elif values.dt.tz is not None:
        values = values.dt.tz_convert("UTC")
    if getattr(values.dt, "tz", None) is not None:
        values = values.dt.tz_localize(None)
    since = (values - pd.Timestamp(0)) / pd.Timedelta(days=1)
    return np.asarray(since.to_numpy(dtype=np.float64, na_value=np.nan))
