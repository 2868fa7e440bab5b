"""Detect how a table is written as text: encoding, delimiter, header and decimal mark.

Each is decided by what the first lines hold; the encoding by the whole file. What was found
out against the usual (commas, UTF-8, a header line) is worded for the notes.
"""

import codecs
import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from pathlib import Path

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.data._files import unpacked
from aeviz.data._row_sampling import SMALLER_SOURCE

__all__ = ["Dialect", "dialect_of"]

NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
MAX_COLUMNS = 200_000

_HEAD_CHARACTERS = 2**16
_MAX_HEAD_CHARACTERS = 2**24
_MIN_LINES = 6
_HEAD_ROWS = 60
_PIECE_BYTES = 2**20
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Others than tab, line feed, form feed and carriage return are in no text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d*,\d+\s*")


@dataclass(frozen=True)
class Dialect:
    """How a table is written as text.

    The names in the first line may be numbers; `cell_bytes` is what a value takes in the first
    lines, with its delimiter, and `size_bytes` what all of the text does, unpacked.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    has_header: bool = True
    decimal: str = "."
    is_numbered: bool = False
    cell_bytes: float = 2.0
    size_bytes: int = 0

    @property
    def notes(self) -> list[str]:
        """Return what is unusual, in sentences."""
        notes = []
        if self.encoding not in ("utf-8", "utf-8-sig"):
            notes.append(f"The text is not UTF-8 and was read as {self.encoding}.")
        if not self.has_header:
            notes.append("The first line holds values, so columns are named by their numbers.")
        if self.is_numbered:
            notes.append("The first line holds numbers in even steps, taken as names of columns.")
        if self.decimal == ",":
            notes.append("Decimal commas were read as decimal points.")
        return notes


def dialect_of(path: Path, *, has_to_fit: bool = True) -> Dialect:
    """Return how a table in a text file is written.

    Parameters
    ----------
    path : Path
    has_to_fit : bool, default True
        Refuse a text that is larger than memory while its end is not yet seen, for a small
        gzipped file may go on for hours.

    Raises
    ------
    AevizError
        If the file is no text, has too many columns, or is a gzipped one that is damaged.
    """
    encoding, size_bytes = _encoding(path, has_to_fit=has_to_fit)
    with unpacked(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as stream:
        head = stream.read(_HEAD_CHARACTERS)
        while head.count("\n") < _MIN_LINES and len(head) < _MAX_HEAD_CHARACTERS:
            more = stream.read(len(head) or 1)  # lines are long where columns are many
            head += more
            if not more:
                break
        is_whole = not stream.read(1)
    lines = head.splitlines(keepends=True)
    whole = lines if is_whole or len(lines) == 1 else lines[:-1]  # the last is cut off
    lines = [line for line in whole if line.strip()][:_HEAD_ROWS]
    delimiter, rows = _delimiter(lines)
    if rows and len(rows[0]) > MAX_COLUMNS:
        raise AevizError(
            f"{path} has more than {MAX_COLUMNS:,} columns; accepted: fewer, or a .npy array"
        )
    decimal = "," if delimiter != "," and _has_decimal_commas(rows) else "."
    has_header, is_numbered = _header(rows, decimal=decimal)
    n_cells = sum(map(len, rows[1:] or rows))
    n_bytes = len("".join(lines[1:] or lines).encode(encoding, "ignore"))
    cell_bytes = max(1.0, n_bytes / max(1, n_cells))
    return Dialect(encoding, delimiter, has_header, decimal, is_numbered, cell_bytes, size_bytes)


def _encoding(path: Path, *, has_to_fit: bool) -> tuple[str, int]:
    """Return the encoding, and the size of the text in bytes.

    That of its mark, else UTF-8 if all of it is, else that of Windows.
    """
    with unpacked(path) as stream:
        start = stream.read(4)
    marked = [encoding for mark, encoding in _MARKS.items() if start.startswith(mark)]
    for encoding in marked[:1] or ("utf-8", "cp1252", "latin-1"):
        with suppress(UnicodeError):
            return encoding, _size_in(path, encoding, has_to_fit=has_to_fit)
    raise AevizError(f"{path} is not text in {marked[0]}, as its first bytes say; accepted: UTF-8")


def _size_in(path: Path, encoding: str, *, has_to_fit: bool) -> int:
    """Return the size of a text in bytes; raises where it is none, or more than memory holds."""
    size_bytes = 0
    with unpacked(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as stream:
        while piece := stream.read(_PIECE_BYTES):
            size_bytes = raw.tell()
            if has_to_fit:
                check_fits(size_bytes, what=f"the text of {path}", instead=SMALLER_SOURCE)
            if _CONTROL.search(piece):
                raise AevizError(
                    f"{path} is not comma-separated text: it holds control characters; "
                    "accepted: text in UTF-8"
                )
    return size_bytes


def _delimiter(lines: list[str]) -> tuple[str, list[list[str]]]:
    """Return the mark that parts most lines into equally many fields, and the fields."""
    found: list[tuple[float, str, list[list[str]]]] = []
    for mark in ("\t", ";", "|", ","):
        try:
            rows = list(csv.reader(lines, delimiter=mark))
        except csv.Error:  # a field of more than 128 kB
            continue
        widths = [len(row) for row in rows if row]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        if usual > 1 and len(rows[0]) > 1:
            found.append((widths.count(usual) / len(widths), mark, rows))
    if not found:
        return ",", [line.rstrip("\r\n").split(",") for line in lines]
    _, mark, rows = max(found, key=lambda one: one[0])
    return mark, rows


def _has_decimal_commas(rows: list[list[str]]) -> bool:
    """Return whether some column's numbers are written with commas, all of them alike."""
    return any(
        all(_DECIMAL_COMMA.fullmatch(cell) or _number(cell) is not None for cell in cells)
        and any(map(_DECIMAL_COMMA.fullmatch, cells))
        for cells in _columns(rows[1:])
    )


def _header(rows: list[list[str]], *, decimal: str) -> tuple[bool, bool]:
    """Return whether the first line holds names, and whether these are numbers.

    It does if a text stands over numbers, or if the numbers in it rise in even steps, as years
    and wavelengths do. It does not if a number stands over numbers otherwise, or if there are
    no numbers and every text of it occurs again below it.
    """
    below = [row for row in rows[1:] if len(row) == len(rows[0])]
    if not below:
        return True, False
    over_numbers = []
    is_repeated = []
    for name, cells in zip(rows[0], _columns(below), strict=False):
        if not cells or None in [_number(cell, decimal) for cell in cells]:
            is_repeated.append(name in cells)
        elif name.strip():
            number = _number(name, decimal)
            if number is None:
                return True, False
            over_numbers.append(number)
    if over_numbers:
        # 0, 1, 2 … are names that pandas gives, and no surprise.
        if over_numbers == list(range(len(over_numbers))):
            return True, False
        next_numbers = [_number(cell, decimal) for cell in below[0]]
        rises = _rises_evenly(over_numbers) and not _rises_evenly(
            [number for number in next_numbers if number is not None]
        )
        return rises, rises
    return not (len(below) > 1 and is_repeated and all(is_repeated)), False


def _rises_evenly(numbers: list[float]) -> bool:
    """Return whether there are three numbers or more, each above the last by the same."""
    steps = [after - before for before, after in pairwise(numbers)]
    if len(steps) < 2 or not steps[0] > 0:
        return False
    return all(abs(step - steps[0]) <= 0.01 * steps[0] for step in steps)


def _columns(rows: list[list[str]]) -> list[list[str]]:
    """Return the cells of each column that are not empty."""
    columns = zip_longest(*rows, fillvalue="")
    return [[cell for cell in column if cell.strip()] for column in columns]


def _number(text: str, decimal: str = ".") -> float | None:
    try:
        return float(text.replace(decimal, "."))
    except ValueError:
        return None
