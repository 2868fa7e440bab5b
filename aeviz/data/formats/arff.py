"""Read a table from ARFF, the format of Weka: declared columns, dense or sparse rows.

Nominal columns are categories in the order in which their values are declared. In a sparse row
what is not given is 0, or the first value of a nominal column.

Why without a library: scipy reads neither strings nor sparse rows. liac-arff, last released in
2020, cuts off fractions in columns that are declared as integers, and takes exponential
time on a list of values that is not closed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import quoted
from aeviz.data._files import plain_stem, unpacked_text
from aeviz.data._tables import check_unique_names, table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

_CELL_BYTES = 80
_NUMBERS = ("numeric", "real", "integer")
_TEXTS = ("string", "date")
_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_ATTRIBUTE = re.compile(rf"@attribute\s+({_QUOTED}|[^\s'\"]\S*)\s+(\S.*)", re.IGNORECASE)
_NOMINAL = re.compile(rf"\{{((?:{_QUOTED}|[^'\"}}])*)\}}\s*(?:%.*)?")
_VALUE = re.compile(rf"\s*({_QUOTED}|[^,\s'\"{{}}]*)\s*(,|$)?")
_ENTRY = re.compile(rf"\s*(\d{{1,9}})\s+({_QUOTED}|[^,\s'\"{{}}]+)\s*(,|$)")
_FORM_PART = re.compile(r"('[^']*')|(([A-Za-z])\3*)|([^A-Za-z'])")
# Of Java's SimpleDateFormat, as Python's strptime has them.
_DATE_PARTS = {
    **{"yyyy": "%Y", "yy": "%y", "M": "%m", "MM": "%m", "MMM": "%b", "MMMM": "%B"},
    **{"d": "%d", "dd": "%d", "H": "%H", "HH": "%H", "h": "%I", "hh": "%I", "a": "%p"},
    **{"m": "%M", "mm": "%M", "s": "%S", "ss": "%S", "SSS": "%f", "EEE": "%a", "EEEE": "%A"},
}


@dataclass(frozen=True)
class _Attribute:
    """A declared column; `values` are those of a nominal one, `form` is that of dates."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    form: str = ""

    @property
    def default(self) -> str | None:
        """Return what a sparse row that does not name the column has there."""
        if self.kind == "nominal":
            return self.values[0]
        return "0" if self.kind in _NUMBERS else None


def _read(path: Path, options: ReadOptions) -> Dataset:
    frame = _frame(path)
    return table_dataset(frame, name=plain_stem(path), source=str(path), options=options)


def _frame(path: Path) -> pd.DataFrame:
    lines = enumerate(unpacked_text(path, bytes_each=4).split("\n"), start=1)
    attributes = _declared(path, lines)
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    for number, line in lines:
        text = line.strip()
        if not text or text.startswith("%"):
            continue
        row = _sparse(text, attributes) if text.startswith("{") else _dense(text)
        if row is None or len(row) != len(attributes):
            found = "is damaged" if row is None else f"holds {len(row):,} values"
            raise AevizError(
                f"{path}, line {number}, {found}; accepted: a value for each of the "
                f"{len(attributes):,} attributes, or {{place value, …}}"
            )
        rows.append(row)
        numbers.append(number)
        if len(rows) % 1000 == 1:
            check_fits(_CELL_BYTES * len(rows) * len(attributes), what=f"the table of {path}")
    columns = zip(*rows, strict=True) if rows else ((),) * len(attributes)
    return pd.DataFrame(
        {
            attribute.name: _column(path, attribute, list(values), numbers)
            for attribute, values in zip(attributes, columns, strict=True)
        }
    )


def _declared(path: Path, lines: Iterator[tuple[int, str]]) -> list[_Attribute]:
    """Return the attributes, leaving the lines where the data begin."""
    attributes: list[_Attribute] = []
    for number, line in lines:
        text = line.strip()
        word = text.lower()
        if not text or text.startswith("%") or word.startswith("@relation"):
            continue
        if word.startswith("@data"):
            if not attributes:
                break
            check_unique_names([one.name for one in attributes], source=str(path))
            return attributes
        found = _ATTRIBUTE.fullmatch(text)
        attribute = None if found is None else _attribute(_plain(found[1]) or "", found[2].strip())
        if attribute is None:
            raise AevizError(
                f"{path}, line {number}, is {quoted(text)}; accepted: @attribute with a name and "
                "numeric, string, date or {the values of a nominal one}"
            )
        attributes.append(attribute)
    raise AevizError(
        f"{path} is not ARFF: it lacks attributes or @data; accepted: what Weka writes"
    )


def _attribute(name: str, kind: str) -> _Attribute | None:
    if kind.startswith("{"):
        found = _NOMINAL.fullmatch(kind)
        values = _dense(found[1]) if found else _dense(kind[1:-1]) if kind.endswith("}") else None
        given = [one for one in values or () if one is not None]
        return _Attribute(name, "nominal", tuple(dict.fromkeys(given))) if given else None
    word, *rest = kind.split(maxsplit=1)
    if word.lower() == "date" and rest and (form := re.match(_QUOTED, rest[0])):
        return _Attribute(name, "date", form=_plain(form[0]) or "")
    return _Attribute(name, word.lower()) if word.lower() in (*_NUMBERS, *_TEXTS) else None


def _dense(text: str) -> list[str | None] | None:
    """Return the values of a row, with commas or blanks between them; None if it is damaged."""
    if not re.search(r"[\s'\"{}\\]", text):
        return [_plain(one) for one in text.split(",")]
    values: list[str | None] = []
    position = 0
    while position <= len(text):
        found = _VALUE.match(text, position)
        if found is None or (found[2] is None and found.end() == position):
            return None
        values.append(_plain(found[1]))
        if found.end() == len(text) and found[2] != ",":
            return values
        position = found.end()
    return values


def _sparse(text: str, attributes: list[_Attribute]) -> list[str | None] | None:
    """Return the values of a row that names the places of those that are no zeros."""
    row = [one.default for one in attributes]
    inside = text[1:-1].strip()
    if not text.endswith("}"):
        return None
    position = 0
    while position < len(inside):
        found = _ENTRY.match(inside, position)
        if found is None or int(found[1]) >= len(row):
            return None
        row[int(found[1])] = _plain(found[2])
        position = found.end()
    return row


def _plain(value: str) -> str | None:
    """Return a value without its quotes, None where it is missing."""
    if value[:1] in ("'", '"') and len(value) > 1:
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    value = value.strip()
    return None if value in ("?", "") else value


def _column(
    path: Path, attribute: _Attribute, values: list[str | None], numbers: list[int]
) -> pd.Series:
    series = pd.Series(values, dtype=object)
    form = _python_form(attribute.form)
    if attribute.kind in _TEXTS and not form:
        return series
    if form:
        result = pd.to_datetime(series, format=form, errors="coerce")
        is_odd = series.notna() & result.isna()
        accepted = f"a date as {attribute.form}, as declared"
    elif attribute.kind == "nominal":
        is_odd = series.notna() & ~series.isin(attribute.values)
        accepted = "one of the declared values"
        result = pd.Series(pd.Categorical(series.where(~is_odd), categories=attribute.values))
    else:
        result = pd.to_numeric(series, errors="coerce")
        is_odd = series.notna() & result.isna() & (series.str.lower() != "nan")
        accepted = "a number, or ?"
    if is_odd.any():
        row = int(is_odd.to_numpy().argmax())
        raise AevizError(
            f"{path}, line {numbers[row]}, holds {quoted(values[row])} for "
            f"{quoted(attribute.name)}; accepted: {accepted}"
        )
    return result


def _python_form(form: str) -> str:
    """Return a form of dates of Java as that of Python, or nothing if there is none.

    Examples
    --------
    >>> _python_form("yyyy-dd-MM'T'HH:mm")
    '%Y-%d-%mT%H:%M'
    """
    parts = []
    for quoted_text, letters, _, other in _FORM_PART.findall(form):
        if letters and letters not in _DATE_PARTS:
            return ""
        text = quoted_text[1:-1] or "'" if quoted_text else other
        parts.append(_DATE_PARTS[letters] if letters else text.replace("%", "%%"))
    return "".join(parts)


FORMAT = Format(
    suffixes=(".arff",),
    summary="a table as Weka writes it: numbers, categories in their order, text; dense or sparse",
    open=whole_file(_read),
    options=TABLE_OPTIONS,
    unpacks=True,
    column_names=lambda path, _: list(map(str, _frame(path).columns)),
)
