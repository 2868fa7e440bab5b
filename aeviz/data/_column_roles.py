"""Find out what a column of a table holds: numbers, categories, ids, dates or text.

Every rule is a statement about the column's own values (and for ids its name), so that the
decision does not depend on the other columns, and each is worded where it is made.
"""

import re
import warnings
from collections.abc import Callable
from decimal import Decimal
from functools import partial

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
    column = partial(TableColumn, name, n_missing=n_missing)
    if n_missing == len(values):
        return column("empty", "none", reason="no values")
    if isinstance(kind, pd.CategoricalDtype):
        role = _category(column, values, max_categories=max_categories, is_chosen=is_chosen)
    elif pd.api.types.is_bool_dtype(kind):
        role = column("boolean", "feature")
    elif pd.api.types.is_complex_dtype(kind):
        return column("other", "none", reason="complex numbers")
    elif pd.api.types.is_datetime64_any_dtype(kind):
        role = _date(column, is_chosen=is_chosen)
    elif pd.api.types.is_timedelta64_dtype(kind):
        role = column("number", "feature", reason="in seconds")
    elif pd.api.types.is_numeric_dtype(kind):
        may_be_ids = pd.api.types.is_integer_dtype(kind) and not n_missing and not is_chosen
        if may_be_ids and is_id_name(name) and values.is_unique:
            return column("id", "id", reason="unique whole numbers, named like ids")
        role = column("number", "feature")
    else:
        role = _of_objects(column, values, max_categories=max_categories, is_chosen=is_chosen)
    if role.use == "feature" and is_to_fit and not is_chosen and _is_constant(values, role):
        return column("constant", "none", reason="one value only")
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


_Make = Callable[..., TableColumn]


def _date(column: _Make, *, is_chosen: bool) -> TableColumn:
    if is_chosen:
        return column("date", "feature", reason="in days")
    return column("date", "annotation", reason="a date; columns takes it as days")


def _of_objects(
    column: _Make, values: pd.Series, *, max_categories: int, is_chosen: bool
) -> TableColumn:
    """Decide on strings and other Python objects."""
    known = values[values.notna()]
    distinct = _distinct(known)
    if distinct is None:
        return column("other", "none", reason="neither numbers nor text")
    if all(isinstance(value, bool | np.bool_) for value in distinct):
        return column("boolean", "feature")
    plain = pd.Series([_plain(value) for value in distinct], dtype=object)
    is_odd = pd.to_numeric(plain, errors="coerce").isna()
    odd = [value for value, is_one in zip(distinct, is_odd, strict=True) if is_one]
    n_odd = int(known.map(dict(zip(distinct, is_odd, strict=True))).astype(bool).sum())
    if not odd:
        return column("number", "feature")
    if n_odd <= (1 - _MIN_READABLE) * len(known) and len(odd) <= _MAX_UNREADABLE:
        return column(
            "number",
            "feature",
            reason=f"{plural(n_odd, 'value')} no number, as {quoted(odd[0])}: missing",
            n_missing=len(values) - len(known) + n_odd,
            example=str(odd[0]),
        )
    texts = [_text(value) for value in distinct]
    if all(_DATE.fullmatch(text.strip()) for text in texts):
        return _date(column, is_chosen=is_chosen)
    is_few = len(texts) <= max_categories and 2 * len(texts) <= len(known)
    if is_few or is_chosen:
        return _category(column, values, max_categories=max_categories, is_chosen=is_chosen)
    # Unique strings are names of samples if they are no sentences.
    is_name = [len(one) <= _MAX_ID_LENGTH and len(one.split()) <= _MAX_ID_WORDS for one in texts]
    if len(texts) == len(values) and all(is_name):
        return column("id", "id", reason="unique text", n_values=len(texts))
    return _text_column(column, len(texts), max_categories)


def _category(
    column: _Make, values: pd.Series, *, max_categories: int, is_chosen: bool
) -> TableColumn:
    """Decide on categories: one feature per value, unless there are too many."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        present = values.cat.remove_unused_categories().cat.categories
        texts = list(dict.fromkeys(_text(value) for value in present))
    else:
        texts = sorted({text for text in as_texts(values) if text is not None})
    if len(texts) <= max_categories:
        return column("category", "feature", values=tuple(texts), n_values=len(texts))
    if is_chosen:
        reason = f"{len(texts):,} values, max_categories allows {max_categories}"
        return column("text", "none", reason=reason, n_values=len(texts))
    return _text_column(column, len(texts), max_categories)


def _text_column(column: _Make, n_values: int, max_categories: int) -> TableColumn:
    reason = f"text of {n_values:,} values; encoded are {max_categories} or fewer that repeat"
    return column("text", "annotation", reason=reason, n_values=n_values)


def _is_constant(values: pd.Series, role: TableColumn) -> bool:
    if role.n_missing:
        return False
    if role.role == "category":
        return len(role.values) == 1
    numbers = as_numbers(values, role.role)
    return bool(len(numbers)) and bool((numbers == numbers[0]).all())


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
    if values.dt.tz is not None:
        values = values.dt.tz_convert(None)  # in UTC
    since = (values - pd.Timestamp(0)) / pd.Timedelta(days=1)
    return np.asarray(since.to_numpy(dtype=np.float64, na_value=np.nan))
