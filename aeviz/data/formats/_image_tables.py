"""Find the tables of text in a folder of images that name the images.

A cell names an image by its path in the folder or by any end of it, with its suffix or without;
a longer path is cut at its front. An end that several images have names none.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import quoted
from aeviz.data._files import check_readable
from aeviz.data._text_columns import typed_frame
from aeviz.data._text_dialect import dialect_of
from aeviz.data._text_rows import text_table
from aeviz.data.columns import unique_names
from aeviz.data.formats._image_files import SUFFIXES, ImageFiles, printable
from aeviz.data.formats.base import ReadOptions

__all__ = ["NameTable", "name_tables"]

_TABLES = (".csv", ".csv.gz", ".tab", ".tab.gz", ".tsv", ".tsv.gz")
_NONE, _SEVERAL = -1, -2


class NameTable(NamedTuple):
    """Table with a column of names of images.

    Parameters
    ----------
    name : str
        Of its file, printable.
    frame : DataFrame
        All its columns as text.
    key : str
        Name of the column of names.
    rows : ndarray of int of shape (n_rows,)
        The image that each row names; negative where it names none.
    """

    name: str
    frame: pd.DataFrame
    key: str
    rows: np.ndarray

    @property
    def others(self) -> list[str]:
        """Return the names of the other columns."""
        return [column for column in self.frame.columns if column != self.key]

    def values(self, column: str) -> tuple[pd.Series, list[str]]:
        """Return what a column holds, as columns of tables of text are read, and notes."""
        frame, _, notes = typed_frame(self.frame[[column]], ReadOptions(), source=self.name)
        return frame[column], notes


def name_tables(
    files: ImageFiles, names: list[str], options: ReadOptions, *, has_to_be_read: bool
) -> list[NameTable]:
    """Return the tables at the top of a folder that name its images.

    Parameters
    ----------
    files : ImageFiles
    names : list of str
        Of all images.
    options : ReadOptions
        `id` is the column of names, if the user says so, and `label` none of them.
    has_to_be_read : bool
        Whether a table that cannot be read is an error, and not passed over.

    Raises
    ------
    AevizError
        If one cannot be read, or several columns may be the one of names.
    """
    paths = [files.folder / one for one in files.others if one.lower().endswith(_TABLES)]
    if not paths:
        return []
    finder, tables = _Finder(names), []
    for path in paths:
        with suppress(*() if has_to_be_read else (AevizError,)):
            table = _name_table(path, finder, options)
            tables += [] if table is None else [table]
    return tables


class _Finder:
    """What finds an image by its name."""

    def __init__(self, names: list[str]) -> None:
        self.n_images = len(names)
        self._whole: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        for row, name in enumerate(map(_plain, names)):
            for spelling in (name, _stem(name)):
                whole, *ends = _ends(spelling)
                self._add(self._whole, whole, row)
                for end in ends:
                    self._add(self._ends, end, row)

    @staticmethod
    def _add(rows: dict[str, int], key: str, row: int) -> None:
        rows[key] = row if rows.setdefault(key, row) == row else _SEVERAL

    def row(self, cell: str) -> int:
        """Return the image that a cell names, `_NONE`, or `_SEVERAL`."""
        name = _plain(cell)
        if name in self._whole:
            return self._whole[name]
        if name in self._ends:
            return self._ends[name]
        return next((self._whole[end] for end in _ends(name) if end in self._whole), _NONE)


def _plain(name: str) -> str:
    """Return a path in the spelling that is compared."""
    # Systems differ in how they write letters with accents into names of files.
    return unicodedata.normalize("NFC", name.strip()).replace("\\", "/").removeprefix("./")


def _stem(name: str) -> str:
    """Return a path without the suffix of an image."""
    suffix = next((one for one in SUFFIXES if name.lower().endswith(one)), "")
    return name[: len(name) - len(suffix)]


def _ends(name: str) -> Iterator[str]:
    """Yield a path and its ends, from the longest."""
    yield name
    while "/" in name:
        name = name.partition("/")[2]
        yield name


def _name_table(path: Path, finder: _Finder, options: ReadOptions) -> NameTable | None:
    """Return a table, if it has a column of names."""
    check_readable(path)
    frame = _parsed(path, ReadOptions())
    if any(_stem(name) != name and finder.row(name) >= 0 for name in frame.columns):
        frame = _parsed(path, ReadOptions(header="none"))
    found = _name_columns(frame, finder, options)
    if not found:
        return None
    key, rows = next(iter(found.items()))
    name = printable(path.name)
    for column, others in found.items():
        if not np.array_equal(rows, others):
            raise AevizError(
                f"columns {quoted(key)} and {quoted(column)} of {name} both hold names of images; "
                "the option id says which is meant"
            )
    if (rows == _SEVERAL).any():
        cell = frame[key][int(np.argmax(rows == _SEVERAL))]
        raise AevizError(
            f"{quoted(cell)} in column {quoted(key)} of {name} is the name of several images; "
            "accepted: paths in the folder, with their suffixes"
        )
    return NameTable(name, frame, key, rows)


def _name_columns(
    frame: pd.DataFrame, finder: _Finder, options: ReadOptions
) -> dict[str, np.ndarray]:
    """Return the columns that name most images, and of these those with suffixes if there are any.

    Each comes with the images that its cells name. None is returned that names neither half of
    the images nor half of its cells do name one.
    """
    scores: dict[str, tuple[int, int]] = {}
    found: dict[str, np.ndarray] = {}
    for column in frame.columns if options.id is None else {options.id} & set(frame.columns):
        cells = frame[column].fillna("")
        rows = np.array([finder.row(cell) for cell in cells], dtype=np.int64)
        n_found = cells[rows != _NONE].nunique()
        if column in options.label or 2 * n_found < min(finder.n_images, len(rows)) or not n_found:
            continue
        found[column] = rows
        scores[column] = n_found, sum(_stem(cell) != cell for cell in cells)
    best = max(scores.values(), default=None)
    return {column: rows for column, rows in found.items() if scores[column] == best}


def _parsed(path: Path, options: ReadOptions) -> pd.DataFrame:
    """Return a table of text, all cells as they are written."""
    dialect = dialect_of(path, options)
    frame = text_table(path, dialect)[0].to_pandas()
    given = dialect.names or [f"column {number}" for number in range(1, dialect.n_columns + 1)]
    frame.columns = pd.Index(unique_names(name.strip() for name in given), dtype=object)
    return frame
