"""Read a table from a sheet of an Excel workbook.

It is the first sheet, or the one that `key` names. Values are those that were stored when the
workbook was saved: formulas are not calculated, and nothing in it is run.

Why rows one by one: a sheet may announce a million rows of sixteen thousand cells, or hold one
cell at such a place, and take memory for all of them; so what was read is counted on the way.
"""

import lzma
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, takewhile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.memory import check_fits
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._extras import needs_extra
from aeviz.data._files import explained
from aeviz.data._object_columns import inferred
from aeviz.data._tables import table_dataset
from aeviz.data._text_header import are_units
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

# A cell is a Python object, and one more while the sheet is parsed.
_CELL_BYTES = 150
_MAX_ROWS = 2**20
_MAX_FORMULA_ROWS = 50
_MAX_BELOW = 100
_ERRORS = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")
_UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(ArithmeticError, NotImplementedError, zipfile.BadZipFile, ParseError, RuntimeError),
    *(zlib.error, lzma.LZMAError),
)


def _read(path: Path, options: ReadOptions) -> Dataset:
    frame, notes = _frame(path, options)
    return table_dataset(frame, name=path.stem, source=str(path), options=options, notes=notes)


def _frame(path: Path, options: ReadOptions) -> tuple[pd.DataFrame, list[str]]:
    """Return a sheet as a table, and notes."""
    with _sheet(path, options.key) as (rows, notes):
        cells = _filled(path, rows)
    first, has_header = _header(path, cells, options.header)
    if first:
        notes.append(f"{plural(first, 'row')} above the table left out.")
    body = cells[first + has_header :]
    if has_header and body:
        under, below = _texts(body[0]), list(map(_texts, body[1 : 1 + _MAX_BELOW]))
        if are_units(under, below):
            words = quoted(" ".join(" ".join(under).split()))
            notes.append(f"1 row under the header, of units or names, no sample: {words}.")
            body = body[1:]
    names = [_name(value, place) for place, value in enumerate(cells[first])]
    if not has_header:
        names = [f"column {place + 1}" for place in range(len(names))]
        notes.append("The first row holds values, so columns are named by their numbers.")
    columns = {place: [row[place] for row in body] for place in range(len(names))}
    is_empty = [all(value is None for value in columns[place]) for place in columns]
    if any(gone and cells[first][place] is not None for place, gone in enumerate(is_empty)):
        notes += _formula_notes(path, options.key)
    kept = [place for place in columns if not (is_empty[place] and cells[first][place] is None)]
    frame = pd.DataFrame(
        {place: inferred(pd.Series(columns[place], dtype=object)) for place in kept}
    )
    frame = frame.set_axis([names[place] for place in kept], axis=1)
    if kept and cells[first][kept[0]] is None:
        frame, more = _without_index(frame)
        notes += more
    return frame, notes


def _texts(row: list[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in row]


def _formula_notes(path: Path, key: str | None) -> list[str]:
    """Return a sentence on formulas, if there are any: a program that saved them left no values."""
    with _sheet(path, key, only_values=False) as (rows, _):
        for row in islice(rows, _MAX_FORMULA_ROWS):
            for cell in row:
                if isinstance(cell, str) and cell.startswith("="):
                    return [
                        f"Cells with formulas, as {quoted(cell)}, may have no value: the workbook "
                        "was not saved by Excel; open it there and save it."
                    ]
    return []


def _without_index(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return a table whose first column has no name without it: row numbers, or the index."""
    values = frame.iloc[:, 0]
    if values.dtype.kind == "i" and (values == values.iloc[0] + np.arange(len(values))).all():
        note = "The first column, row numbers without a name, left out."
        return frame.iloc[:, 1:], [note]
    if values.dtype.kind == "O" and values.notna().all() and values.is_unique:
        return frame.iloc[:, 1:].set_axis(values.astype(str).tolist(), axis=0), []
    return frame, []


@contextmanager
def _sheet(
    path: Path, key: str | None, *, only_values: bool = True
) -> Iterator[tuple[Iterator[tuple[Any, ...]], list[str]]]:
    """Give the rows of a sheet, and notes on the others."""
    with needs_extra("excel", path=path):
        import openpyxl
    damaged = explained(f"{path} is not an Excel workbook or is damaged", *_UNREADABLE)
    with damaged, path.open("rb") as stream:  # which openpyxl leaves open where it fails
        with zipfile.ZipFile(stream) as archive:
            # All but the sheets is parsed whole; Python's reader gives no more than is announced.
            sizes = (one.file_size for one in archive.infolist() if "sheets/" not in one.filename)
            check_fits(20 * sum(sizes), what=f"the workbook {path}")
        with warnings.catch_warnings():  # of styles and extensions that do not matter here
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(stream, read_only=True, data_only=only_values)
        try:
            names = [sheet.title for sheet in book.worksheets]
            if not names:
                raise AevizError(f"{path} has no sheet of cells; accepted: at least one")
            if key is not None and key not in names:
                message = (
                    f"key {quoted(key)} names no sheet of {path}; its sheets are "
                    f"{listed(map(quoted, names))}"
                )
                raise SettingError("key", key, "the name of a sheet", message)
            taken = names[0] if key is None else key
            notes = []
            if key is None and len(names) > 1:
                others = listed(map(quoted, names[1:]))
                notes.append(
                    f"The table is that of the first sheet, {quoted(taken)}; others are "
                    f"{others}, which key can name."
                )
            sheet = book[taken]
            sheet.reset_dimensions()  # what the sheet says of its size need not be true
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield sheet.iter_rows(values_only=True), notes
        finally:
            book.close()


def _filled(path: Path, rows: Iterator[tuple[Any, ...]]) -> list[list[Any]]:
    """Return the rows that hold a value, all of one length."""
    kept, n_cells, width = [], 0, 0
    for number, row in enumerate(rows):
        if number >= _MAX_ROWS:
            raise AevizError(f"{path} has more than {_MAX_ROWS:,} rows; accepted: fewer")
        cells = [_value(one) for one in row]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        kept.append(cells)
        n_cells, width = n_cells + len(cells), max(width, len(cells))
        if number % 1000 == 0:
            check_fits(_CELL_BYTES * n_cells, what=f"the table of {path}")
    check_fits(_CELL_BYTES * width * len(kept), what=f"the table of {path}")
    if len(kept) < 2:
        raise AevizError(f"{path} holds no table; accepted: a row of names and rows of values")
    return [cells + [None] * (width - len(cells)) for cells in kept]


def _value(cell: Any) -> Any:
    """Return the value of a cell, None for blanks and for what Excel writes of errors."""
    if not isinstance(cell, str):
        return cell
    return None if not cell.strip() or cell in _ERRORS else cell


def _header(path: Path, cells: list[list[Any]], asked: str | None) -> tuple[int, bool]:
    """Return how many rows stand above the table, and whether its first holds names.

    Titles are rows of one value above rows of more. `asked` counts the rows that hold values.
    """
    if asked is not None and asked != "none":
        if not (asked.isdigit() and 1 <= int(asked) < len(cells)):
            accepted = f"a row from 1 to {len(cells) - 1:,}, or none"
            message = f"header must be {accepted} of those in {path} that hold values, got {asked}"
            raise SettingError("header", asked, accepted, message)
        return int(asked) - 1, True
    n_values = [sum(value is not None for value in row) for row in cells]
    is_wide = max(n_values) > 1
    n_titles = len(list(takewhile(lambda n: is_wide and n == 1, n_values)))
    if n_titles == len(cells) - 1:
        n_titles = 0
    named = [value for value in cells[n_titles] if value is not None]
    is_header = any(isinstance(value, str) for value in named)
    return n_titles, asked is None and is_header


def _name(value: Any, place: int) -> str:
    if value is None:
        return f"Unnamed: {place}"
    return str(value).strip()


def _column_names(path: Path, options: ReadOptions) -> list[str]:
    return [str(name) for name in _frame(path, options)[0].columns]


FORMAT = Format(
    suffixes=(".xlsx", ".xlsm"),
    summary="a table in a sheet of an Excel workbook, the first or that of key",
    open=whole_file(_read),
    options=TABLE_OPTIONS | {"key", "header"},
    column_names=_column_names,
)
