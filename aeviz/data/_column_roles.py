"""Find out what a column of a table holds: numbers, categories, ids, dates or text.

Every rule is a statement about the column's own values (and for ids its name), so that the
decision does not depend on the other columns, and each is worded where it is made.
"""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import numpy as np
import pandas as pd

from aeviz.core.wording import plural, quoted
from aeviz.data._dates import EPOCH, YEAR_FIRST, are_dates, as_days, date_order
from aeviz.data._object_columns import mixture_words
from aeviz.data._text_columns import Reading
from aeviz.data.column_names import name_kind
from aeviz.data.columns import TableColumn
from aeviz.data.formats.base import ReadOptions

__all__ = ["MAX_CATEGORIES", "as_numbers", "as_texts", "category_texts", "column_role"]

MAX_CATEGORIES = 20
"""Most values of a column of text for which it is one-hot encoded, unless the user says so."""

_MIN_COUNTING = 0.5
_MIN_COUNTED = 30
_MIN_READABLE = 0.8
_MAX_UNREADABLE = 3
_MAX_ID_LENGTH = 64
_MAX_ID_WORDS = 3

_Make = partial[TableColumn]  # with the name of the column and its number of missing values


def column_role(
    name: str,
    values: pd.Series,
    options: ReadOptions,
    *,
    reading: Reading | None = None,
    is_first: bool = False,
) -> TableColumn:
    """Return what a column is and what becomes of it, if it is no label.

    Parameters
    ----------
    name : str
    values : Series
        Of any dtype.
    options : ReadOptions
        Nothing is left out of the columns named as features that can be made a number. Without
        `is_to_fit` constant columns are kept.
    reading : Reading or None
        How the column was read if it was text.
    is_first : bool
        Whether it is the first column of its table.
    """
    kind = values.dtype
    is_text = reading is not None
    reading = reading or Reading()
    column = partial(TableColumn, name, n_missing=int(values.isna().sum()))
    is_chosen = name in options.columns or name in options.number
    most = _max_categories(options)
    if values.isna().all():
        return column("empty", "none", reason="no values")
    if name == options.id:
        return _said_id(column, values)
    if name in options.category:
        return _category(column, _as_categories(values), max_categories=len(values), is_chosen=True)
    if isinstance(kind, pd.CategoricalDtype):
        role = _category(column, values, max_categories=most, is_chosen=is_chosen)
    elif pd.api.types.is_bool_dtype(kind):
        role = column("boolean", "feature")
    elif pd.api.types.is_complex_dtype(kind):
        return column("other", "none", reason="complex numbers")
    elif pd.api.types.is_datetime64_any_dtype(kind):
        role = _date(column, is_chosen=is_chosen)
    elif pd.api.types.is_timedelta64_dtype(kind):
        role = column("number", "feature", reason="in seconds")
    elif pd.api.types.is_numeric_dtype(kind):
        found = None if is_chosen else _of_whole_numbers(column, name, values, is_first=is_first)
        if found is not None:
            return found
        role = _number(column, values, reading)
    else:
        role = _of_objects(
            column, values, max_categories=most, is_chosen=is_chosen, is_text=is_text
        )
        if role.use != "feature" and reading.reason:
            reason = f"{reading.reason}; {role.reason}"
            role = replace(role, reason=reason)
        elif role.role == "category" and not is_chosen and _are_ids(name, role.values):
            return column("id", "annotation", reason="named like ids", n_values=role.n_values)
    if role.use == "feature" and options.is_to_fit and not is_chosen and _is_constant(values, role):
        return column("constant", "none", reason="one value only")
    return role


def _max_categories(options: ReadOptions) -> int:
    return MAX_CATEGORIES if options.max_categories is None else options.max_categories


def _said_id(column: _Make, values: pd.Series) -> TableColumn:
    """Return the role of a column that the user named as that of ids."""
    if values.is_unique and not values.isna().any():
        return column("id", "id", reason="as was said")
    return column("id", "annotation", reason="ids that repeat or are missing")


def _of_whole_numbers(
    column: _Make, name: str, values: pd.Series, *, is_first: bool
) -> TableColumn | None:
    """Return the role of whole numbers that are row numbers, ids or codes, or None."""
    known = values.dropna().to_numpy()
    if known.dtype.kind not in "iuf" or not (known == np.floor(known)).all():
        return None
    kind, n_distinct = name_kind(name), len(np.unique(known))
    is_complete = len(known) == len(values)
    steps = np.diff(known.astype(np.float64))
    # Rows that were left out leave gaps, tables put together count again.
    is_counting = len(steps) > 0 and float(np.mean(steps == 1)) >= _MIN_COUNTING
    is_exact = is_complete and bool((steps == 1).all()) and known[0] in (0, 1)
    is_first &= len(values) >= _MIN_COUNTED
    is_unique = is_complete and n_distinct == len(values)
    if kind == "row" or (kind == "count" and is_counting) or (is_first and is_exact):
        # Those of a table of which rows were left out or moved still say which is which.
        use = "id" if kind == "row" and is_unique and not is_exact else "none"
        return column("id", use, reason="row numbers")
    if is_unique and kind in ("id", "key", "person"):
        return column("id", "id", reason="unique whole numbers, named like ids")
    if kind in ("id", "person"):
        return column("id", "annotation", reason="named like ids", n_values=n_distinct)
    if kind == "code":
        return column("id", "annotation", reason="named like codes", n_values=n_distinct)
    return None


def _number(column: _Make, values: pd.Series, reading: Reading) -> TableColumn:
    reason = reading.reason or _dates_words(values)
    return column("number", "feature", reason=reason, example=reading.example)


def _dates_words(values: pd.Series) -> str:
    """Return that whole numbers look like dates as 20241231, or nothing."""
    known = values.dropna().to_numpy()
    if known.dtype.kind not in "iuf" or known.dtype.itemsize < 4:
        return ""  # that many digits are not in it
    if not len(known) or known.min() < 19_000_101 or known.max() > 21_001_231:
        return ""
    days, months = known % 100, known // 100 % 100
    are_dates = (known % 1 == 0) & (days >= 1) & (days <= 31) & (months >= 1) & (months <= 12)
    if not are_dates.all() or len(np.unique(known)) < 2:
        return ""
    example = int(known[0])
    return f"numbers that look like dates, as {example}, and were read as numbers"


def _as_categories(values: pd.Series) -> pd.Series:
    """Return values as categories; whole numbers without a point."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values
    return pd.Series(category_texts(values), dtype="category")


def as_numbers(values: pd.Series, role: str = "number", form: str = "") -> np.ndarray:
    """Return a column of numbers, booleans or dates as an array, NaN where there is none.

    Booleans stay booleans and whole numbers integers where none is missing. Dates become
    days since 1970-01-01, time spans seconds; `form` is the order of dates in texts.
    """
    if role == "date":
        return _days(values, form)
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


def category_texts(values: pd.Series) -> np.ndarray:
    """Return a column's values as `as_texts` does, whole numbers without a point."""
    if pd.api.types.is_float_dtype(values.dtype):
        known = values.dropna()
        if (known == np.floor(known)).all():
            values = values.astype("Int64")
    return as_texts(values)


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


def _date(column: _Make, *, is_chosen: bool, form: str = "") -> TableColumn:
    if is_chosen:
        reason = f"in days, {form}" if form and form != YEAR_FIRST else "in days"
        return column("date", "feature", reason=reason, form=form)
    return column("date", "annotation", reason="a date; columns takes it as days")


def _with_impossible(role: TableColumn, texts: pd.Series, form: str) -> TableColumn:
    """Return the role of dates, which says how many are none, such as 2021-02-30."""
    is_none = np.isnan(as_days(texts, form))
    if not is_none.any():
        return role
    example, n_none = str(texts[is_none].iloc[0]), int(is_none.sum())
    reason = f"{role.reason}; {plural(n_none, 'value')} no date, as {quoted(example)}: missing"
    return replace(role, reason=reason, n_missing=role.n_missing + n_none, example=example)


def _of_objects(
    column: _Make, values: pd.Series, *, max_categories: int, is_chosen: bool, is_text: bool
) -> TableColumn:
    """Decide on Python objects; `is_text` where all are strings and no numbers."""
    known = values[values.notna()]
    distinct = _distinct(known)
    if distinct is None:
        reason = mixture_words(known.tolist()) or "neither numbers nor text"
        return column("other", "none", reason=reason)
    if all(isinstance(value, bool | np.bool_) for value in distinct):
        return column("boolean", "feature")
    if not is_text and (role := _of_plain_objects(column, values, known, distinct)) is not None:
        return role
    texts = [_text(value) for value in distinct]
    if are_dates(texts):
        if not is_chosen:
            return _date(column, is_chosen=False)
        form = date_order(texts, name=column.args[0])
        role = _date(column, is_chosen=True, form=form)
        return _with_impossible(role, known.map(_text), form)
    is_few = len(texts) <= max_categories and 2 * len(texts) <= len(known)
    if is_few or is_chosen:
        return _category(column, values, max_categories=max_categories, is_chosen=is_chosen)
    # Unique strings are names of samples if they are no sentences.
    is_name = [len(one) <= _MAX_ID_LENGTH and len(one.split()) <= _MAX_ID_WORDS for one in texts]
    if len(texts) == len(values) and all(is_name):
        return column("id", "id", reason="unique text", n_values=len(texts))
    return _text_column(column, len(texts), max_categories)


def _of_plain_objects(
    column: _Make, values: pd.Series, known: pd.Series, distinct: list[object]
) -> TableColumn | None:
    """Return the role of Python objects that are numbers, or None."""
    plain = pd.Series([_plain(value) for value in distinct], dtype=object)
    is_odd = pd.to_numeric(plain, errors="coerce").isna()
    odd = [value for value, is_one in zip(distinct, is_odd, strict=True) if is_one]
    n_odd = int(known.map(dict(zip(distinct, is_odd, strict=True))).astype(bool).sum())
    if not odd:
        n_flags = sum(isinstance(value, bool | np.bool_) for value in known)
        are = "booleans" if n_flags != 1 else "boolean"
        reason = f"{n_flags:,} {are} among numbers, read as 1 and 0" if n_flags else ""
        return column("number", "feature", reason=reason)
    if n_odd <= (1 - _MIN_READABLE) * len(known) and len(odd) <= _MAX_UNREADABLE:
        return column(
            "number",
            "feature",
            reason=f"{plural(n_odd, 'value')} no number, as {quoted(odd[0])}: missing",
            n_missing=len(values) - len(known) + n_odd,
            example=str(odd[0]),
        )
    return None


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


def _days(values: pd.Series, form: str) -> np.ndarray:
    """Return dates as days since 1970-01-01, NaN where a text is none."""
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        texts = as_texts(values)
        known = {text for text in texts if text is not None}
        return as_days(pd.Series(texts), form or date_order(known, name=str(values.name)))
    if values.dt.tz is not None:
        values = values.dt.tz_convert(None)  # in UTC
    since = (values - EPOCH) / pd.Timedelta(days=1)
    return np.asarray(since.to_numpy(dtype=np.float64, na_value=np.nan))


def _are_ids(name: str, texts: tuple[str, ...]) -> bool:
    """Return whether texts are ids that repeat, by their column's name and digits in all."""
    has_digits = all(any(letter.isdigit() for letter in text) for text in texts)
    return has_digits and name_kind(name) in ("id", "person")
