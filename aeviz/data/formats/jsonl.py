"""Read a table from JSON: a record a line, or a file of records or of columns.

A record is an object; its names are columns, and what is nested in it has the names joined by
dots. A list of numbers, of one length in all records, is as many features.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import first_line, plural, quoted
from aeviz.data._files import plain_stem, unpacked_text
from aeviz.data._object_columns import inferred
from aeviz.data._tables import table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.formats.arrow import element_names, list_elements, list_lengths, reading_arrow
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

# Of Python's objects for a byte of text.
_TEXT_BYTES = 12
_CELL_BYTES = 16
_LAYOUTS = "a record (an object) a line, a list of records, or an object of columns of one length"


def _table(path: Path) -> pd.DataFrame:
    """Return the table of a file."""
    text = unpacked_text(path, bytes_each=_TEXT_BYTES)
    columns: dict[str, list[Any]] = {}
    n_rows = 0
    for n_rows, record in enumerate(_records(path, text), start=1):
        for name, value in _flat(record):
            values = columns.setdefault(name, [])
            if len(values) == n_rows:
                raise AevizError(
                    f"{path} holds {quoted(name)} twice in record {n_rows:,}, as names in objects "
                    "are joined by dots; accepted: names that differ then"
                )
            values.extend([None] * (n_rows - 1 - len(values)))
            values.append(value)
        if n_rows % 1000 == 0:
            check_fits(_CELL_BYTES * n_rows * len(columns), what=f"the table of {path}")
    check_fits(_CELL_BYTES * n_rows * len(columns), what=f"the table of {path}")
    for values in columns.values():
        values.extend([None] * (n_rows - len(values)))
    return _frame(columns, source=str(path))


def _read(path: Path, options: ReadOptions) -> Dataset:
    name, source = plain_stem(path), str(path)
    return table_dataset(_table(path), name=name, source=source, options=options)


def _records(path: Path, text: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a file, told by its first value."""
    start = text.lstrip()[:1]
    first = text.lstrip().partition("\n")[0].strip()
    if start == "[" or (start == "{" and not first.endswith("}")):
        content = _parsed(path, text, "")
        if isinstance(content, dict):
            yield from _of_columns(path, content)
            return
        for number, one in enumerate(content, start=1):
            yield _record(path, one, f"entry {number}")
        return
    lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(lines) == 1:
        yield from _of_columns(path, _record(path, _parsed(path, lines[0][1], ""), "line 1"))
        return
    for number, line in lines:
        yield _record(path, _parsed(path, line, f", line {number}"), f"line {number}")


def _parsed(path: Path, text: str, where: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise AevizError(
            f"{path}{where} is not JSON: {first_line(error)}; accepted: {_LAYOUTS}"
        ) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name occurs twice in an object")
    return found


def _record(path: Path, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise AevizError(
            f"{path} holds {type(value).__name__} in {where}, no object; accepted: {_LAYOUTS}"
        )
    return value


def _of_columns(path: Path, content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the records of an object of columns: lists, or objects by row number."""
    columns = {}
    for name, values in content.items():
        if isinstance(values, dict) and [*values] == [str(row) for row in range(len(values))]:
            values = [*values.values()]
        columns[name] = values
    lists = [values for values in columns.values() if isinstance(values, list)]
    if not lists or len(lists) < len(columns) or len({len(values) for values in lists}) > 1:
        raise AevizError(
            f"{path} holds an object of {plural(len(content), 'name')}, no columns of one length; "
            f"accepted: {_LAYOUTS}"
        )
    for row in zip(*lists, strict=True):
        yield dict(zip(columns, row, strict=True))


def _flat(record: dict[str, Any], inside: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a record by name, those of objects in it by names joined by dots."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{inside}{name}.")
        else:
            yield f"{inside}{name}", value


def _frame(columns: dict[str, list[Any]], *, source: str) -> pd.DataFrame:
    """Return columns as a data frame, of lists of numbers a column for each element."""
    parts: list[pd.DataFrame | pd.Series] = []
    for name, values in columns.items():
        if any(isinstance(value, list) for value in values):
            with reading_arrow(source, f"has lists of several kinds in {quoted(name)}"):
                table = pa.table({name: pa.array(values)})
            for length in list_lengths(table).values():
                elements = list_elements(table, name, length, source=source)
                parts.append(pd.DataFrame(elements, columns=element_names(name, length)))
            if list_lengths(table):
                continue
        parts.append(inferred(pd.Series(values, name=name, dtype=object)))
    return pd.concat(parts, axis=1) if parts else pd.DataFrame()


FORMAT = Format(
    suffixes=(".jsonl", ".ndjson", ".json"),
    summary="a table as JSON: a record a line, a list of records, or columns",
    open=whole_file(_read),
    options=TABLE_OPTIONS,
    unpacks=True,
    read_frame=lambda path, _options: (_table(path), []),
    column_names=lambda path, _: list(map(str, _table(path).columns)),
)
