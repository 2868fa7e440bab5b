"""Make columns whose cells are vectors into one column a number.

Sentence vectors and other codes often lie in one column of a table: as lists or arrays of a data
frame, or as text in a CSV file, written as JSON (``[0.1, 0.2]``) or as NumPy prints arrays
(``[0.1 0.2]``, over several lines). The number at position 3 of column ``v`` becomes ``v[3]``, as
lists of Arrow tables do.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import plural, quoted
from aeviz.data.formats.base import ReadOptions

__all__ = ["expanded"]

_TEXT = re.compile(r"\s*(?:array\(|tensor\()?\s*\[([^\[\]]*)\]\s*(?:\)|,.*\))?\s*", re.DOTALL)
_HEAD_ROWS = 20
_MISSING = {"null": "nan", "none": "nan", "na": "nan"}


def expanded(
    frame: pd.DataFrame, options: ReadOptions, *, source: str
) -> tuple[pd.DataFrame, ReadOptions, list[str]]:
    """Return a table with one column for each number of its vectors.

    Parameters
    ----------
    frame : DataFrame
        Names of columns are strings.
    options : ReadOptions
    source : str
        What the table is called in messages.

    Returns
    -------
    DataFrame
        A missing vector is NaN in all of its columns.
    ReadOptions
        Where `columns` and `drop` name a column of vectors, they name all of its columns.
    list of str
        Notes.

    Raises
    ------
    AevizError
        If vectors of a column are of several lengths, or do not fit in memory.
    """
    found: dict[str, pd.DataFrame] = {}
    notes = []
    for name in frame.columns:
        if name in options.label or name in options.drop:
            continue
        vectors = _vectors(frame[name])
        if vectors is not None:
            part = _elements(name, vectors, index=frame.index, source=source)
            found[name] = part
            count = plural(part.shape[1], "column")
            notes.append(f"The vectors in {quoted(name)} became {count} of numbers.")
        elif _are_cut_short(frame[name]):
            notes.append(
                f"The vectors in {quoted(name)} are no features: whatever wrote them cut them "
                "short with dots."
            )
    if not found:
        return frame, options, notes
    parts = [found.get(name, frame[[name]]) for name in frame.columns]
    columns = (found[name].columns if name in found else [name] for name in options.columns)
    chosen = tuple(one for names in columns for one in names)
    return pd.concat(parts, axis=1), replace(options, columns=chosen), notes


def _are_cut_short(values: pd.Series) -> bool:
    """Return whether the first cell is text that NumPy made of a long array, with dots in it."""
    first = next((cell for cell in values if not _is_missing(cell)), None)
    return isinstance(first, str) and "..." in first and _TEXT.fullmatch(first) is not None


def _vectors(values: pd.Series) -> list[np.ndarray | None] | None:
    """Return the vectors of a column, None where a cell is missing; None if it holds others."""
    if values.dtype.kind in "biufcMm" or isinstance(values.dtype, pd.CategoricalDtype):
        return None
    cells: list[Any] = values.tolist()
    known = [cell for cell in cells if not _is_missing(cell)]
    if not known or any(_vector(cell) is None for cell in known[:_HEAD_ROWS]):
        return None
    vectors = [None if _is_missing(cell) else _vector(cell) for cell in cells]
    if sum(one is None for one in vectors) > len(cells) - len(known):
        return None
    return vectors


def _is_missing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell))


def _vector(cell: Any) -> np.ndarray | None:
    """Return a cell's numbers, at least two where they are text; None if it is no vector."""
    if isinstance(cell, str):
        return _of_text(cell)
    if not isinstance(cell, list | tuple | np.ndarray):
        return None
    try:
        vector = np.asarray(cell)
        if vector.dtype.kind == "O":
            vector = np.asarray([np.nan if one is None else one for one in cell])
    except ValueError:  # lists of lists of several lengths
        return None
    is_vector = vector.ndim == 1 and vector.size > 0 and vector.dtype.kind in "biuf"
    return vector if is_vector else None


def _of_text(text: str) -> np.ndarray | None:
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    inside = found[1]
    numbers = inside.split(",") if "," in inside else inside.split()
    numbers = [_MISSING.get(one.strip().lower(), one) for one in numbers]
    try:
        vector = np.array(list(map(float, numbers)))
    except ValueError:  # words, or an array that was cut short with dots
        return None
    return vector if vector.size > 1 else None


def _elements(
    name: str, vectors: Sequence[np.ndarray | None], *, index: pd.Index, source: str
) -> pd.DataFrame:
    """Return the numbers of a column's vectors, one column each."""
    lengths = {row: len(one) for row, one in enumerate(vectors) if one is not None}
    length = next(iter(lengths.values()))
    other = next((row for row, one in lengths.items() if one != length), None)
    if other is not None:
        raise AevizError(
            f"column {quoted(name)} of {source} has vectors of {length:,} numbers, and of "
            f"{lengths[other]:,} in row {other:,}; accepted: vectors of one length, or "
            f"drop={quoted(name)} to leave them out"
        )
    check_fits(8 * len(vectors) * length, what=f"the vectors of {source}")
    gap = np.full(length, np.nan)
    matrix = np.array([gap if one is None else one for one in vectors])
    return pd.DataFrame(matrix, index=index, columns=[f"{name}[{i}]" for i in range(length)])
