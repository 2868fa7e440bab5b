"""Detect how a table is written as text: delimiter, quotes, comments, title lines and header.

Each is decided by what the first lines hold, unless the user says it. What was found out against
the usual (commas, UTF-8, a header line) is worded for the notes.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import quoted
from aeviz.data._files import explained
from aeviz.data._text_encoding import encoding_of, head_lines, is_comment
from aeviz.data._text_header import Layout, layout
from aeviz.data.formats.base import ReadOptions

__all__ = ["NAMES", "Dialect", "dialect_of", "rows_of"]

NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "blanks"}
MAX_COLUMNS = 200_000

_HEAD_ROWS = 60
_MIN_SHARE = 0.8
# What a mark loses of its share that leaves quotes within values.
_CUT_QUOTES = 0.1
_DELIMITERS = {
    **{"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t"},
    **{"bar": "|", "pipe": "|", "blank": " ", "space": " "},
}
_QUOTES = {"double": '"', "single": "'", "none": ""}
_SEPARATOR = re.compile(r'"?sep=(?P<mark>.)"?\s*', re.IGNORECASE)
_COMMENT = "#"
_DECIMAL = re.compile(r"[-+−($€£]*\d+([.,]\d+)*([eE][-+]?\d+)?[)%]*[^\W\d]*")


@dataclass(frozen=True)
class Dialect:
    """How a table is written as text.

    Parameters
    ----------
    encoding, delimiter : str
    quote : str
        Character around values that hold a delimiter; empty for none.
    has_comments : bool
        Whether lines that begin with ``#`` are no rows.
    n_skipped : int
        Lines before the first row of values.
    names : tuple of str or None
        What the header says, one per column, or None without a header.
    n_columns : int
    has_row_names : bool
        Whether the first column has no name and the rows one value more than there are names.
    is_loose : bool
        Whether blanks after a delimiter count for nothing.
    cell_bytes : float
        What a value takes in the first lines, with its delimiter.
    size_bytes : int
        What all of the text takes, unpacked.
    notes : tuple of str
        What is unusual, in sentences.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    has_comments: bool = False
    n_skipped: int = 0
    names: tuple[str, ...] | None = None
    n_columns: int = 1
    has_row_names: bool = False
    is_loose: bool = False
    cell_bytes: float = 2.0
    size_bytes: int = 0
    notes: tuple[str, ...] = field(default=())


def dialect_of(path: Path, options: ReadOptions, *, has_to_fit: bool = True) -> Dialect:
    """Return how a table in a text file is written.

    Parameters
    ----------
    path : Path
    options : ReadOptions
        What the user says of it is not detected.
    has_to_fit : bool, default True
        Refuse a text that is larger than memory while its end is not yet seen, for a small
        packed file may go on for hours.

    Raises
    ------
    AevizError
        If the file is no text, has too many columns, or is a packed one that is damaged.
    """
    encoding, size_bytes = encoding_of(path, has_to_fit=has_to_fit)
    notes = []
    if encoding not in ("utf-8", "utf-8-sig"):
        wrong = "" if encoding.startswith("utf") else "; where letters are wrong, save it as UTF-8"
        notes.append(f"The text is not UTF-8 and was read as {encoding}{wrong}.")
    lines = dict(enumerate(head_lines(path, encoding), start=1))
    if options.header and options.header != "none":
        lines = _from_header(lines, options.header)
    lines = {number: line for number, line in lines.items() if line.strip()}
    separator = _separator(lines)
    if separator:
        lines.pop(next(iter(lines)))
        notes.append("The first line, which names the delimiter, left out.")
    comments = {} if options.header else _comments(lines)
    if comments:
        are = "lines that begin" if len(comments) > 1 else "line that begins"
        notes.append(f"{len(comments):,} {are} with {_COMMENT} left out.")
    dialect = Dialect(
        encoding=encoding,
        delimiter=separator or _given("delimiter", options.delimiter, _DELIMITERS) or "",
        quote=_quote(lines.values(), options.quote),
        has_comments=bool(comments),
        size_bytes=size_bytes,
        notes=tuple(notes),
    )
    if not dialect.delimiter:
        dialect = replace(dialect, delimiter=_delimiter(list(lines.values()), dialect))
    return _with_header(path, lines, comments, dialect, options)


def rows_of(
    lines: Iterable[str], dialect: Dialect, *, is_strict: bool = False, keeps_blanks: bool = False
) -> Any:
    """Return a reader of the values in some lines, one list per row."""
    if dialect.delimiter == " ":
        # One blank for several, but for those in quotes.
        quotes = f"{dialect.quote}[^{dialect.quote}]*{dialect.quote}" if dialect.quote else "^$"
        runs = re.compile(rf"({quotes})|[ \t]+")
        lines = (
            runs.sub(lambda run: run[1] or " ", line.strip(" \t\r\n")) + "\n" for line in lines
        )
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        skipinitialspace=not keeps_blanks,
        strict=is_strict,
    )


def _given(name: str, given: str | None, words: Mapping[str, str]) -> str | None:
    """Return the character that a user named or gave."""
    if given is None:
        return None
    mark = words.get(given.lower(), given)
    if len(mark) > 1 or mark in ("\n", "\r"):
        raise SettingError(name, given, f"one character, or one of {', '.join(words)}")
    return mark


def _from_header(lines: dict[int, str], header: str) -> dict[int, str]:
    """Return the lines from that of the header on."""
    if not header.isdecimal() or not 1 <= int(header) <= len(lines):
        raise SettingError("header", header, f"none, or a line from 1 to {len(lines):,}")
    return {number: line for number, line in lines.items() if number >= int(header)}


def _separator(lines: Mapping[int, str]) -> str | None:
    found = _SEPARATOR.fullmatch(next(iter(lines.values()), ""))
    return found["mark"] if found else None


def _comments(lines: dict[int, str]) -> dict[int, str]:
    """Take the lines of comments out and return them, where the first line is one."""
    found = {number: line for number, line in lines.items() if is_comment(line)}
    if next(iter(found), 0) != next(iter(lines), 1) or 2 * len(found) > len(lines):
        return {}
    for number in found:
        lines.pop(number)
    return found


def _quote(lines: Iterable[str], given: str | None) -> str:
    """Return the quotes: single ones where all text stands in them and there are no double ones."""
    mark = _given("quote", given, _QUOTES)
    if mark is not None:
        return mark
    text = "".join(list(lines)[:_HEAD_ROWS])
    words = re.findall(r"[^\s,;|\t]*[A-Za-z][^,;|\t\n]*", text)
    is_single = len(words) > 2 and all(len(w) > 1 and w[0] == w[-1] == "'" for w in words)
    return "'" if is_single and '"' not in text else '"'


def _delimiter(lines: list[str], dialect: Dialect) -> str:
    """Return the mark that parts most lines into equally many fields.

    Blanks also stand in values of other tables, so they are the mark where no other parts most
    lines, or where commas part values but not the first line, as decimal commas do.
    """
    shares, rows_by = {"": 0.0}, dict[str, list[list[str]]]()
    for mark in ("\t", ";", "|", ",", " "):
        try:
            rows = list(rows_of(lines[:_HEAD_ROWS], replace(dialect, delimiter=mark)))
        except csv.Error:  # a field of more than 128 kB
            continue
        width, share = _usual_width(rows)
        if width > 1:
            n_cut = sum(any(dialect.quote in cell for cell in row) for row in rows)
            shares[mark] = share - (_CUT_QUOTES * n_cut / len(rows) if dialect.quote else 0.0)
            rows_by[mark] = rows
    blanks = shares.pop(" ", 0.0)
    best = max(shares, key=lambda mark: shares[mark])
    if blanks > shares[best] and shares[best] < _MIN_SHARE:
        return " "
    if best == "," and blanks >= shares[","]:
        return _blank_or_comma(rows_by[" "], rows_by[","], dialect.quote)
    return best or ","


def _blank_or_comma(of_blanks: list[list[str]], of_commas: list[list[str]], quote: str) -> str:
    """Return which of two marks parts the values; the other stands in them.

    Blanks do if commas part values within quotes, or values but no names: those are decimal commas.

    Raises
    ------
    SettingError
        If nothing shows it, as in lines such as ``1 2,5``.
    """
    if any(cell.endswith(",") for row in of_blanks for cell in row):
        return ","
    n_cut = [sum(quote in cell for row in rows for cell in row) for rows in (of_blanks, of_commas)]
    if quote and n_cut[0] < n_cut[1]:
        return " "
    width, _ = _usual_width(of_blanks)
    parted = zip(of_commas, of_blanks, strict=False)
    if next((len(one) for one, row in parted if len(row) == width), 0) == 1:
        return " "
    with_commas = [cell for row in of_blanks for cell in row if "," in cell]
    if all(map(_DECIMAL.fullmatch, with_commas)):
        message = (
            f"lines such as {quoted(' '.join(of_blanks[0]))} may be parted by commas or by blanks; "
            "accepted: delimiter=comma or delimiter=blank, which says by which"
        )
        raise SettingError("delimiter", None, "comma or blank", message)
    return ","


def _usual_width(rows: list[list[str]]) -> tuple[int, float]:
    """Return the most usual number of fields per row, and in which share of the rows it is."""
    widths = [len(row) for row in rows if row]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
    return usual, widths.count(usual) / max(1, len(widths))


def _with_header(
    path: Path,
    lines: dict[int, str],
    comments: dict[int, str],
    dialect: Dialect,
    options: ReadOptions,
) -> Dialect:
    """Return a dialect with what is above the rows of values: titles and names."""
    numbers, texts = list(lines), list(lines.values())
    rows, ends = [], [0]
    reader = rows_of(texts, dialect)
    kind = NAMES.get(dialect.delimiter, quoted(dialect.delimiter))
    with explained(f"{path} is not text separated by {kind}", csv.Error):
        for row in islice(reader, _HEAD_ROWS):
            rows.append(row)
            ends.append(reader.line_num)
    n_columns, _ = _usual_width(rows)
    if n_columns > MAX_COLUMNS:
        raise AevizError(
            f"{path} has more than {MAX_COLUMNS:,} columns; accepted: fewer, or a .npy array"
        )
    found = layout(rows, n_columns, options.header, source=str(path)) if rows else Layout()
    notes = list(found.notes)
    above = [line for number, line in comments.items() if not numbers or number < numbers[0]]
    if found.names is None and above:
        names = next(rows_of([above[-1].removeprefix(_COMMENT)], dialect))
        if len(names) == n_columns and not options.header:
            found = replace(found, names=tuple(names))
            notes = ["The names of the columns are those in the last line of comments."]
    n_read = ends[found.n_above]
    body = texts[n_read:]
    as_is = rows_of(body[:5], dialect, keeps_blanks=True)
    if dialect.delimiter != " " and any(cell[:1] == " " for row in as_is for cell in row[1:]):
        notes.append("Blanks after the delimiters were passed over.")
    quoted_late = re.compile(f"{re.escape(dialect.delimiter)} +{dialect.quote}")
    n_bytes = len("".join(body).encode(dialect.encoding, "ignore"))
    return replace(
        dialect,
        n_skipped=numbers[n_read] - 1 if n_read < len(numbers) else max(numbers, default=0),
        names=found.names,
        n_columns=n_columns,
        has_row_names=found.has_row_names,
        is_loose=dialect.delimiter == " "
        or bool(dialect.quote and any(map(quoted_late.search, body))),
        cell_bytes=max(1.0, n_bytes / max(1, n_columns * len(body))),
        notes=(*dialect.notes, *notes),
    )
