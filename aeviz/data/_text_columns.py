"""Turn the columns of text of a table into numbers and booleans where that is what they hold.

Text files hold nothing but text, and other tables often keep numbers as text. All of them come
through here, so the same spelling is the same value in each. Dates and categories stay text,
and what becomes of them is decided in `aeviz.data._column_roles`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._text_numbers import TextNumbers, text_numbers
from aeviz.data.formats.base import ReadOptions

__all__ = ["Reading", "typed_frame"]

_MISSING_TEXTS = (
    *("NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "<NA>", "#N/A", "#NA"),
    *("#N/A N/A", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"),
)
_MAX_CATEGORIES, _MAX_NOTES = 100, 5
# What pandas takes as missing, but for None, which is also the name of a class.
_MARKS = {"point": ".", "comma": ",", "blank": " ", "space": " ", "apostrophe": "'", "none": ""}


@dataclass(frozen=True)
class Reading:
    """How a column of text was read.

    Parameters
    ----------
    reason : str
        What was done to its values, or why they are no numbers; empty where that is plain.
    n_missing : int
        Rows without a value.
    example : str or None
        A value that counts as missing because it is no number.
    is_code : bool
        Whether it looks like numbers but was not read as such.
    """

    reason: str = ""
    n_missing: int = 0
    example: str | None = None
    is_code: bool = False


def typed_frame(
    frame: pd.DataFrame, options: ReadOptions, *, source: str
) -> tuple[pd.DataFrame, dict[str, Reading], list[str]]:
    """Return a table whose columns of text are numbers or booleans where they hold these.

    Parameters
    ----------
    frame : DataFrame
        With strings as names of columns.
    options : ReadOptions
        Columns to leave out are not looked at, and may stay text.
    source : str
        What the table is called in messages.

    Returns
    -------
    frame : DataFrame
        Text that is left is in columns of Python objects, None where it is missing.
    readings : dict of str to Reading
        For the columns that were text.
    notes : list of str
        What marks in numbers were taken for.

    Raises
    ------
    AevizError
        If a column of numbers can be read in two ways.
    """
    texts = {name: cells for name in frame.columns if (cells := _cells(frame[name])) is not None}
    if options.na:
        frame = _without(frame, options.na, [name for name in frame.columns if name not in texts])
    if not texts:
        return frame, {}, []
    cells = {name: _trimmed(one, options.na) for name, one in texts.items()}
    found = {
        name: ""
        if name in options.category
        else text_numbers(one, is_forced=name in options.number)
        for name, one in cells.items()
    }
    numbers = {name: one for name, one in found.items() if isinstance(one, TextNumbers)}
    left_out = {*options.drop} | (
        {*frame.columns} - {*options.columns, *options.label} if options.columns else set()
    )
    decimals = _decimals(numbers, options, left_out=left_out, source=source)
    columns, readings = dict(frame.items()), {}
    for name, one in cells.items():
        columns[name], readings[name] = _read(one, found[name], decimals.get(name))
    left = {name: one for name, one in cells.items() if name not in {*numbers, *left_out}}
    of_marks = _mark_notes(numbers, decimals, is_given=_given_decimal(options) is not None)
    notes = [*of_marks, *_code_notes(left), *_case_notes(left)]
    return pd.DataFrame(columns, index=frame.index), readings, notes


def _cells(values: pd.Series) -> pa.Array | None:
    """Return the texts of a column, or None if it holds anything else."""
    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype) or kind.kind not in "OUT":
        return None
    if kind.kind == "O" and pd.api.types.infer_dtype(values, skipna=True) != "string":
        return None
    cells = pa.array(values, from_pandas=True)
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    return cells.cast(pa.large_string()) if cells.type != pa.null() else None


def _trimmed(cells: pa.Array, na: tuple[str, ...]) -> pa.Array:
    """Return texts without blanks around them, null where nothing is left."""
    cells = pc.utf8_trim_whitespace(cells)
    is_missing = pc.is_in(cells, value_set=pa.array(["", *na], cells.type))
    return pc.if_else(is_missing, pa.scalar(None, cells.type), cells)


def _without(frame: pd.DataFrame, na: tuple[str, ...], names: list[str]) -> pd.DataFrame:
    """Return a table without the numbers that count as missing."""
    numbers = [number for number in map(_number, na) if number is not None]
    for name in names:
        values = frame[name]
        if (
            pd.api.types.is_numeric_dtype(values.dtype)
            and (is_missing := values.isin(numbers)).any()
        ):
            frame = frame.assign(**{name: values.astype("float64").mask(is_missing)})
    return frame


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _decimals(
    columns: Mapping[str, TextNumbers], options: ReadOptions, *, left_out: set[str], source: str
) -> dict[str, str]:
    """Return the decimal mark of every column.

    A column whose values do not show their marks is read as the others of the table are.
    """
    given = _given_decimal(options)
    if given is not None:
        return dict.fromkeys(columns, given)
    own: dict[str, set[str]] = {}
    for name, one in columns.items():
        between = {"," if mark == "." else "." for mark in one.thousands}
        own[name] = {*one.decimals, *between}
    shown = set().union(*own.values()) if own else set()
    decimals = {}
    for name, one in columns.items():
        marks = own[name] or (shown if one.unclear else {"."})
        if len(marks) == 1:
            decimals[name] = next(iter(marks))
        elif not own[name] and one.unclear == "." and one.is_fixed and not shown:
            decimals[name] = "."
        elif not own[name] and name not in left_out:
            raise AevizError(_unclear_words(name, one, source))
    return decimals


def _mark_notes(
    columns: Mapping[str, TextNumbers], decimals: Mapping[str, str], *, is_given: bool
) -> list[str]:
    """Return sentences on marks other than decimal points."""
    commas = [name for name, mark in decimals.items() if mark == "," and columns[name].has(",")]
    grouped = {
        name: "." if mark == "," else ","
        for name, mark in decimals.items()
        if columns[name].has("." if mark == "," else ",")
    }
    notes = ["Decimal commas were read as decimal points."] * bool(commas)
    is_shown = any("." in one.decimals or "," in one.thousands for one in columns.values())
    guessed = [
        quoted(name)
        for name, one in columns.items()
        if one.unclear == "." == decimals.get(name) and not (is_given or is_shown)
    ]
    if guessed:
        notes.append(
            f"Points in {listed(guessed)} were read as decimal points; thousands=point reads "
            "them as marks between thousands."
        )
    for mark, word in ((",", "Commas"), (".", "Points")):
        names = [quoted(name) for name, one in grouped.items() if one == mark]
        if names:
            notes.append(f"{word} in {listed(names)} stand between thousands.")
    return notes


def _code_notes(columns: Mapping[str, pa.Array]) -> list[str]:
    """Return sentences on NA among codes of two letters, such as those of countries."""
    notes = []
    for name, cells in columns.items():
        is_na = pc.equal(cells, "NA")
        n_na = int(pc.sum(is_na).as_py() or 0)
        if not n_na:
            continue
        others = pc.unique(cells.filter(pc.invert(is_na)))
        if len(others) > 1 and pc.all(pc.match_substring_regex(others, "^[A-Z]{2}$")).as_py():
            notes.append(
                f"NA in {quoted(name)} ({plural(n_na, 'row')}) counts as missing; if it is a code "
                "as the others are, write it in another way."
            )
    return notes


def _case_notes(columns: Mapping[str, pa.Array]) -> list[str]:
    """Return sentences on categories that differ only in upper and lower case."""
    notes = []
    for name, cells in columns.items():
        distinct = pc.unique(cells.drop_null())
        if not 1 < len(distinct) <= _MAX_CATEGORIES or 2 * len(distinct) > len(cells):
            continue
        alike: dict[str, list[str]] = {}
        for text in distinct.to_pylist():
            alike.setdefault(text.casefold(), []).append(text)
        notes += [
            f"{listed(map(quoted, texts))} in {quoted(name)} are different categories, for upper "
            "and lower case differ."
            for texts in alike.values()
            if len(texts) > 1
        ]
    return notes[:_MAX_NOTES]


def _unclear_words(name: str, column: TextNumbers, source: str) -> str:
    example = column.unclear_example
    whole = example.replace(column.unclear or "", "")
    part = example.replace(",", ".")
    return (
        f"column {quoted(name)} of {source} holds numbers such as {quoted(example)}, which may be "
        f"{whole} or {part}, and no value of the table shows which; accepted: decimal=point or "
        "decimal=comma, which says what the mark is"
    )


def _given_decimal(options: ReadOptions) -> str | None:
    """Return the decimal mark that the user gave, by itself or by the mark between thousands."""
    decimal = _mark("decimal", options.decimal, (".", ","))
    thousands = _mark("thousands", options.thousands, (".", ",", " ", "'", ""))
    if decimal is None and thousands in (".", ","):
        return "," if thousands == "." else "."
    if decimal is not None and decimal == thousands:
        raise SettingError("thousands", options.thousands, "another mark than that of decimals")
    return decimal


def _mark(name: str, given: str | None, accepted: tuple[str, ...]) -> str | None:
    if given is None:
        return None
    mark = _MARKS.get(given.lower(), given)
    if mark not in accepted:
        words = [word for word, one in _MARKS.items() if one in accepted and word != "space"]
        raise SettingError(name, given, words)
    return mark


def _read(
    cells: pa.Array, found: TextNumbers | str, decimal: str | None
) -> tuple[pd.Series | np.ndarray, Reading]:
    """Return the values of a column and how they were read."""
    if isinstance(found, TextNumbers):
        values = None if decimal is None else found.numbers(decimal)
        if values is not None:
            notes = list(found.notes)
            return values, Reading("; ".join(notes), found.n_missing, found.example)
        found = "marks of decimals and thousands that do not fit together"
    is_missing = pc.is_in(cells, value_set=pa.array(_MISSING_TEXTS, cells.type))
    texts = pc.if_else(is_missing, pa.scalar(None, cells.type), cells)
    lower = pc.unique(pc.utf8_lower(texts.drop_null())).to_pylist()
    if lower and set(lower) <= {"true", "false"}:
        flags = pc.equal(pc.utf8_lower(texts), "true")
        return _objects(flags), Reading(n_missing=texts.null_count)
    return _objects(texts), Reading(found, texts.null_count, is_code=bool(found))


def _objects(values: pa.Array) -> pd.Series:
    """Return a column of Python objects, or of booleans where none is missing."""
    array = values.to_numpy(zero_copy_only=False)
    return pd.Series(array if array.dtype == bool else array.astype(object))
