"""Read the values of a text table as text, every row of it.

pyarrow splits the lines. What it cannot do is done here: rows with too few values, blanks
between values, and double quotes without a partner, which would swallow the rows up to the next
one. So the rows that were read are compared with the lines that are there.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural, quoted
from aeviz.data._files import explained
from aeviz.data._text_dialect import NAMES, Dialect, rows_of
from aeviz.data._text_encoding import TextLines

__all__ = ["text_batches", "text_table"]

_BLOCK_BYTES = 2**20
_MAX_BLOCK_BYTES = 2**30
_ROW_CELLS = 64


def text_table(path: Path, dialect: Dialect) -> tuple[pa.Table, list[str]]:
    """Return all values of a table as text, a column each, and notes.

    Raises
    ------
    AevizError
        If a row has too many values, or quotes have no partner and rows cannot be told apart.
    """
    table, bad, lines = _parsed(path, dialect)
    notes = [f"{plural(lines.n_empty, 'row')} without a value left out."] * bool(lines.n_empty)
    if table.num_rows + len(bad) != lines.n_lines and dialect.quote:
        if _are_literal(path, dialect):
            dialect = replace(dialect, quote="")
            table, bad, _ = _parsed(path, dialect)
            table = _without_paired_quotes(table)
            notes.append("Some double quotes have no partner, so they were read as they stand.")
        else:
            _check_quotes(path, dialect)
    table, bad, of_lines = _without_lines(table, bad, dialect)
    table, of_rows = _completed(table, bad, dialect, path)
    table, of_headers = _without_headers(table, dialect)
    return table, [*notes, *of_lines, *of_rows, *of_headers]


def text_batches(path: Path, dialect: Dialect) -> Iterator[pa.Table]:
    """Yield the values of a table as text, some rows at a time.

    Raises
    ------
    AevizError
        If a row has too few or too many values.
    """
    bad: list[_BadRow] = []
    lines = _lines(path, dialect)
    with _explained(path, dialect), _opened(lines, dialect, bad) as reader:
        for batch in reader:
            if bad:
                raise AevizError(_bad_words(bad[0], dialect, path))
            yield pa.Table.from_batches([batch])


@dataclass(frozen=True)
class _BadRow:
    """Row with another number of values than the table has columns."""

    number: int
    cells: list[str]


class _Stream(io.RawIOBase):
    """Lines as a binary file that can be read once from front to back."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = block.encode()
        n_bytes = min(len(buffer), len(self._rest))
        buffer[:n_bytes], self._rest = self._rest[:n_bytes], self._rest[n_bytes:]
        return n_bytes


def _lines(path: Path, dialect: Dialect) -> TextLines:
    return TextLines(
        path,
        dialect.encoding,
        n_skipped=dialect.n_skipped,
        has_comments=dialect.has_comments,
        delimiter=dialect.delimiter,
    )


def _explained(path: Path, dialect: Dialect) -> Any:
    kind = NAMES.get(dialect.delimiter, quoted(dialect.delimiter))
    return explained(f"{path} is not text separated by {kind}", pa.ArrowException, csv.Error)


def _blocks(lines: TextLines, dialect: Dialect) -> Iterator[str]:
    """Yield the text of some lines, tabs between the values where blanks count for nothing."""
    for block in lines.blocks():
        if dialect.is_loose:
            text = io.StringIO()
            csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows_of(block, dialect))
            yield text.getvalue()
        else:
            yield "".join(block)


def _opened(lines: TextLines, dialect: Dialect, bad: list[_BadRow]) -> Any:
    delimiter = "\t" if dialect.is_loose else dialect.delimiter
    quote = '"' if dialect.is_loose else dialect.quote

    def note(row: Any) -> str:
        written = replace(dialect, delimiter=delimiter, quote=quote, is_loose=False)
        bad.append(_BadRow(row.number, next(rows_of([row.text], written), [])))
        return "skip"

    names = [str(number) for number in range(dialect.n_columns)]
    row_bytes = int(_ROW_CELLS * dialect.n_columns * max(dialect.cell_bytes, 16))
    return arrow_csv.open_csv(
        io.BufferedReader(_Stream(_blocks(lines, dialect)), _BLOCK_BYTES),
        read_options=arrow_csv.ReadOptions(
            column_names=names,
            block_size=min(max(_BLOCK_BYTES, row_bytes), _MAX_BLOCK_BYTES),
            use_threads=False,
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter,
            quote_char=quote or False,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=note,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _parsed(path: Path, dialect: Dialect) -> tuple[pa.Table, list[_BadRow], TextLines]:
    """Return the rows of the usual width, the others, and the lines, which were counted."""
    bad: list[_BadRow] = []
    lines = _lines(path, dialect)
    if not next(iter(lines), ""):
        names = [str(number) for number in range(dialect.n_columns)]
        return pa.table([pa.array([], pa.string())] * len(names), names=names), [], lines
    with _explained(path, dialect), _opened(lines, dialect, bad) as reader:
        table = reader.read_all()
    return table, bad, lines


def _without_lines(
    table: pa.Table, bad: list[_BadRow], dialect: Dialect
) -> tuple[pa.Table, list[_BadRow], list[str]]:
    """Return a table without the lines in and below it that have no delimiter, and notes."""
    texts = [row for row in bad if len(row.cells) == 1] if dialect.n_columns > 2 else []
    if not texts:
        return table, bad, []
    kept = []
    for row in bad:
        n_before = sum(text.number < row.number for text in texts)
        kept += [replace(row, number=row.number - n_before)] if row not in texts else []
    is_below = texts[0].number > table.num_rows + len(kept)
    words = quoted(" ".join(text.cells[0] for text in texts))
    place = "below" if is_below else "in"
    return table, kept, [f"{plural(len(texts), 'line')} {place} the table left out: {words}."]


def _without_headers(table: pa.Table, dialect: Dialect) -> tuple[pa.Table, list[str]]:
    """Return a table without the rows that repeat its header, and notes."""
    names = dialect.names
    if (
        names is None
        or len(names) != table.num_columns
        or not any(map(str.isalpha, "".join(names)))
    ):
        return table, []
    is_header: Any = None
    for column, name in zip(table.columns, names, strict=True):
        is_name = pc.equal(column, name)
        is_header = is_name if is_header is None else pc.and_(is_header, is_name)
        if not pc.any(is_header).as_py():
            return table, []
    note = (
        f"The header occurs {plural(pc.sum(is_header).as_py(), 'time')} more, which is no sample."
    )
    return table.filter(pc.invert(is_header)), [note]


def _completed(
    table: pa.Table, bad: list[_BadRow], dialect: Dialect, path: Path
) -> tuple[pa.Table, list[str]]:
    """Return a table with its short rows where they were, and notes."""
    n_columns, n_rows = dialect.n_columns, table.num_rows + len(bad)
    if not bad:
        return table, []
    rows = []
    for row in bad:
        if any(cell.strip() for cell in row.cells[n_columns:]):
            raise AevizError(_bad_words(row, dialect, path))
        rows.append((row.cells + [""] * n_columns)[:n_columns])
    short = [row for row in bad if len(row.cells) < n_columns]
    notes = []
    if short:
        notes = [
            f"{plural(len(short), 'row')} with fewer values than columns, the first is row "
            f"{short[0].number:,}: the others are missing.",
        ]
    columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    added = pa.table(columns, names=table.column_names)
    places = np.array([row.number - 1 for row in bad])
    order = np.empty(n_rows, dtype=np.int64)
    order[places] = table.num_rows + np.arange(len(bad))
    order[np.setdiff1d(np.arange(n_rows), places)] = np.arange(table.num_rows)
    return pa.concat_tables([table, added]).take(order), notes


def _bad_words(row: _BadRow, dialect: Dialect, path: Path) -> str:
    values = "more values" if len(row.cells) > dialect.n_columns else "fewer values"
    return (
        f"{path} has {values} in row {row.number:,} than columns: {len(row.cells):,} and "
        f"{dialect.n_columns:,}; accepted: one value per column, quotes around values that hold "
        "a delimiter"
    )


# -- quotes -----------------------------------------------------------------------------------


def _are_literal(path: Path, dialect: Dialect) -> bool:
    """Return whether every line has a value per column where quotes are read as they stand."""
    plain = replace(dialect, quote="")
    return all(len(row) == dialect.n_columns for row in rows_of(_lines(path, dialect), plain))


def _check_quotes(path: Path, dialect: Dialect) -> None:
    """Refuse quotes that swallow rows.

    They do if they do not end before a delimiter, or if a line within them is itself a row.
    """
    lines = _lines(path, dialect)
    strict = rows_of(lines, dialect, is_strict=True)
    plain = replace(dialect, quote="")
    hint = "accepted: quotes in pairs, or quote=none, which reads them as they stand"
    try:
        for number, row in enumerate(strict, start=1):
            inner = [line for cell in row if "\n" in cell for line in cell.split("\n")[1:-1]]
            if any(len(one) == dialect.n_columns for one in rows_of(inner, plain)):
                raise AevizError(f"{path} has a quote in row {number:,} that takes in rows; {hint}")
    except csv.Error as error:
        raise AevizError(
            f"{path} has a quote without a partner before line {strict.line_num:,} "
            f"({error}); {hint}"
        ) from error


def _without_paired_quotes(table: pa.Table) -> pa.Table:
    """Return a table without the quotes around whole values."""
    columns = [pc.replace_substring_regex(one, r'^"([^"]*)"$', r"\1") for one in table.columns]
    return pa.table(columns, names=table.column_names)
