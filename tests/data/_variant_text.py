"""Write a table as text, in one of the many ways that people and programs do."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from tests.data._variants import (
    NO_FEATURES,
    NUMBERS,
    Column,
    Variant,
    are_ambiguous,
    may_be_values,
    renamed,
)

__all__ = ["number_texts", "text_variant", "undecidable_variant"]

_THOUSANDS = {".": (",", " ", "'", "\u00a0", "\u202f", "_"), ",": (".", " ", "\u00a0")}
_NO_NUMBER = ("NA", "N/A", "nan", "NaN", "null", "NULL", "-", "n.d.", "?", "missing", "None", ".")
_NO_NUMBER += ("#N/A", "--", "n/a", "not detected", "<NA>", "")
_NO_TEXT = ("", "NA", "N/A", "NaN", "null", "NULL", "<NA>", "#N/A")
_UNITS = ("cm", "%", "°C", "µg/m3", "kg", "mmHg", "mg/dL", "s")
_CURRENCIES = ("$", "€", "£", "USD ", "CHF ", "US$")


@dataclass
class _Look:
    """How a table is written."""

    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    quoting: str = "minimal"
    quote: str = '"'
    blanks: str = ""
    header: str = "names"
    trailing: str = ""
    end: str = "\n"
    encoding: str = "utf-8"


def text_variant(rng: random.Random, columns: Sequence[Column]) -> Variant:
    """Return a table as a text file."""
    look, columns = _look(rng), list(columns)
    columns, look = _fitted(rng, columns, look)
    digits: dict[str, list[str]] = {}
    cells = []
    for column in columns:
        if column.kind in NUMBERS:
            texts, digits[column.name] = number_texts(rng, column, look.decimal, look.thousands)
        else:
            texts = _other_texts(rng, column, look.delimiter == " ")
        if look.delimiter == " " or rng.random() < 0.8:
            cells.append(texts)
        else:  # of one width, as programs in Fortran write them
            width = max(map(len, texts))
            cells.append([text.rjust(width) for text in texts])
    options, has_to_be = _options(rng, columns, look, digits)
    lines = [_line(row, columns, look) for row in zip(*cells, strict=True)]
    above = _above(rng, columns, look)
    if above[:1] and above[0].startswith("#") and rng.random() < 0.3:
        lines.insert(rng.randint(3, len(lines)), "# a pause, of 5 minutes")
    if rng.random() < 0.1 and not any("\n" in line for line in lines):
        lines.insert(rng.randint(0, len(lines)), "")
    if rng.random() < 0.05 and len(columns) > 2 and look.delimiter != " ":
        lines.append(f"Total: {len(lines)} rows")
    text = look.end.join([*above, *lines])
    text += look.end * (rng.random() < 0.9)
    suffix = ".tsv" if look.delimiter == "\t" and rng.random() < 0.5 else ".csv"
    try:
        content = text.encode(look.encoding)
    except UnicodeEncodeError:
        content = text.encode()
    name, content = packed(rng, f"t{suffix}", content)
    words = str({k: v for k, v in vars(look).items() if v != getattr(_Look, k)})
    return Variant(name, content, tuple(columns), options, has_to_be, words)


def _look(rng: random.Random) -> _Look:
    look = _Look(delimiter=rng.choice((",", ",", ";", ";", "\t", "\t", "|", " ")))
    look.decimal = "," if rng.random() < (0.6 if look.delimiter == ";" else 0.1) else "."
    if rng.random() < 0.3:
        look.thousands = rng.choice(_THOUSANDS[look.decimal])
    look.quoting = rng.choice(("minimal", "minimal", "minimal", "none", "all", "text"))
    if look.quoting == "text" and rng.random() < 0.3:
        look.quote = "'"
    if look.delimiter != " ":
        look.blanks = rng.choice(("", "", "", "", " ", "  "))
    look.header = rng.choice(("names",) * 8 + ("none", "none", "R", "numbers"))
    if look.delimiter != " " and look.header != "R":
        look.trailing = rng.choice(("",) * 8 + ("all", "rows"))
    look.end = rng.choice(("\n", "\n", "\n", "\r\n", "\r\n", "\r"))
    look.encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"))
    return look


def _fitted(rng: random.Random, columns: list[Column], look: _Look) -> tuple[list[Column], _Look]:
    """Return columns that can be written like this, with the names that the file gives them."""
    if look.quote == "'":
        columns = [one for one in columns if not _holds(one, "'\"")]
        look.thousands = "" if look.thousands == "'" else look.thousands
    if look.end == "\r" or look.header == "none":
        columns = [one for one in columns if not _holds(one, "\n")]
    if look.header in ("none", "R"):
        is_first = rng.random() < 0.5 and look.header == "none"
        columns = [one for one in columns if one.kind not in ("row", "id", "repeated")]
        if look.header == "R" or is_first:
            row = Column("", "row", tuple(Decimal(i + 1) for i in range(len(columns[0].values))))
            columns = [row, *columns]
    if look.quoting == "none":
        marks = f"{look.delimiter}\n" + '"' * (look.delimiter == " ")
        columns = [
            one for one in columns if one.kind in (*NUMBERS, "row") or not _holds(one, marks)
        ]
        look.quoting = "minimal"
    if not any(one.kind in ("float", "int") for one in columns):
        columns.append(
            Column("f", "float", tuple(map(Decimal, range(len(columns[0].values), 0, -1))))
        )
    if look.header == "none":
        columns = renamed(columns, [f"column {i + 1}" for i in range(len(columns))])
    if look.header == "numbers":
        columns = sorted(columns, key=lambda one: one.kind in NUMBERS)
        years = iter(range(1990, 2020))
        names = [str(next(years)) if one.kind in NUMBERS else one.name for one in columns]
        if sum(one.kind in NUMBERS for one in columns) < 3:
            look.header = "names"
        else:
            columns = renamed(columns, names)
    return columns, look


def _holds(column: Column, marks: str) -> bool:
    return any(mark in str(one) for one in (column.name, *column.values) for mark in marks)


def number_texts(
    rng: random.Random, column: Column, decimal: str, thousands: str
) -> tuple[list[str], list[str]]:
    """Return numbers as text, and the same without signs and units, for what they show."""
    style = rng.choice(("plain",) * 7 + ("unit", "currency", "brackets", "power", "plus", "short"))
    if column.kind == "constant":
        style = "plain"
    is_grouped = bool(thousands) and rng.random() < 0.7 and style != "power"
    gaps = rng.sample(_NO_NUMBER, rng.randint(1, 3))
    if rng.random() < 0.1:
        gaps = [f"{rng.choice('<>')}{rng.choice(('', ' '))}0{decimal}05"]
    is_indian = thousands == "," and rng.random() < 0.1
    minus = rng.choice(("-",) * 6 + ("−",))
    unit, blank = rng.choice(_UNITS), rng.choice(("", " "))
    money, is_before = rng.choice(_CURRENCIES), rng.random() < 0.6
    texts, digits = [], []
    for value in column.values:
        if value is None:
            texts.append(rng.choice(gaps))
            continue
        text = f"{abs(value):{rng.choice('eE')}}" if style == "power" else f"{abs(value):f}"
        whole, point, rest = text.partition(".")
        if is_grouped:
            whole = f"{int(whole):,}".replace(",", thousands)
            if is_indian and len(whole) > 7:
                head, tail = whole.replace(",", "")[:-3], whole[-4:]
                head = head[len(head) % 2 :] and re.sub(r"(?<=\d)(?=(\d\d)+$)", ",", head)
                whole = head + tail
        if style == "short" and point and whole == "0":
            whole = ""
        text = f"{whole}{point and decimal}{rest}"
        digits.append(text)
        is_negative = value < 0
        sign = minus * is_negative
        if style == "brackets" and is_negative:
            text = f"({text})"
        elif style == "currency":
            text = f"{sign}{money}{text}" if is_before else f"{sign}{text}{blank}{money.strip()}"
        else:
            sign = sign or "+" * (style == "plus")
            text = f"{sign}{text}" + f"{blank}{unit}" * (style == "unit")
        texts.append(text)
    return texts, digits


def _other_texts(rng: random.Random, column: Column, needs_text: bool) -> list[str]:
    if column.kind == "row":
        return [str(value) for value in column.values]
    gap = rng.choice(_NO_TEXT[1:] if needs_text else _NO_TEXT)
    change = rng.choice((str.lower, str.upper, str.title)) if column.kind == "flag" else str
    values = column.texts or column.values
    return [gap if one in (None, "") else change(str(one)) for one in values]


def _line(
    cells: Sequence[str], columns: Sequence[Column], look: _Look, is_header: bool = False
) -> str:
    """Return a line, with quotes around the values that need them, or that are text."""
    written = []
    for cell, column in zip(cells, columns, strict=True):
        is_text = (
            is_header or column.kind not in (*NUMBERS, "row") or look.header == "R" == column.name
        )
        needs = any(mark in cell for mark in (look.delimiter, "\n", "\r"))
        needs |= cell[:1] == look.quote or (look.delimiter == " " and (not cell or " " in cell))
        if needs or look.quoting == "all" or (look.quoting == "text" and is_text):
            cell = look.quote + cell.replace(look.quote, 2 * look.quote) + look.quote
        written.append(cell)
    if look.header == "R" and is_header:
        written = written[1:]
    ends = look.trailing == "all" or (look.trailing == "rows" and not is_header)
    return (look.delimiter + look.blanks).join(written) + look.delimiter * ends


def _above(rng: random.Random, columns: Sequence[Column], look: _Look) -> list[str]:
    """Return the lines above the rows of values: comments, titles, names."""
    lines = []
    kind = rng.choice(("",) * 6 + ("comments", "title", "sep"))
    if kind == "comments":
        lines = [
            f"# {text}" for text in rng.sample(("Instrument: XYZ", "a, b; c", "2020-01-01"), 2)
        ]
    if kind == "title" and len(columns) > 2 and look.header == "names":
        title = "Results" if look.delimiter == " " else "Report by LabSoft 3.1"
        lines = [title] + [""] * rng.randint(0, 1)
    if kind == "sep" and look.delimiter != " ":
        lines = [f"sep={look.delimiter}"]
    if look.header != "none":
        lines.append(_line([one.name for one in columns], columns, look, is_header=True))
    return lines


def _options(
    rng: random.Random, columns: Sequence[Column], look: _Look, digits: dict[str, list[str]]
) -> tuple[dict[str, object], str]:
    """Return how the file is to be read, and whether that can be known for sure."""
    options: dict[str, object] = {}
    has_to_be = "told" if look.header == "numbers" and may_be_values(columns) else "read"
    for column in columns:
        if column.kind == "label":
            options["label"] = column.name
    dates = [one for one in columns if one.kind == "date"]
    if rng.random() < 0.3:
        options["columns"] = [one.name for one in columns if one.kind not in NO_FEATURES]
        if any(are_ambiguous(one) for one in dates):
            has_to_be = "refused"
    if rng.random() < 0.1:
        options["decimal"] = "comma" if look.decimal == "," else "point"
    elif not is_shown(digits, look.decimal):
        has_to_be = "refused"
    if look.quote == "'":
        options["quote"] = "single"
    if rng.random() < 0.1:
        options["delimiter"] = look.delimiter
    return options, has_to_be


def is_shown(digits: dict[str, list[str]], decimal: str) -> bool:
    """Return whether some number of a table shows its decimal mark, where that matters."""
    other = "," if decimal == "." else "."
    matters, shows = False, False
    for texts in digits.values():
        own = [_value(text, decimal) for text in texts]
        others = [_value(text, other) for text in texts]
        if None in others:
            shows = True
        elif own != others:
            matters = True
    return shows or not matters


def _value(text: str, decimal: str) -> Decimal | None:
    """Return a number as it is with this decimal mark, None where it is none."""
    text, other = re.sub(r"[' _\u00a0\u202f]", "", text), "," if decimal == "." else "."
    mark, mark_of_thousands = re.escape(decimal), re.escape(other)
    whole = rf"([1-9]\d{{0,2}}({mark_of_thousands}\d{{3}})+|\d*)"
    if not re.fullmatch(rf"{whole}({mark}\d*)?([eE][+-]?\d+)?", text):
        return None
    if other in text and "e" in text.lower():
        return None
    return Decimal(text.replace(other, "").replace(decimal, "."))


def packed(rng: random.Random, name: str, content: bytes) -> tuple[str, bytes]:
    """Return a file, packed now and then."""
    suffix = rng.choice(("",) * 15 + ("gz", "bz2", "xz", "zst", "zip"))
    if suffix == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return f"{name}.zip", stream.getvalue()
    packers = {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zst": lambda one: pa.compress(one, codec="zstd", asbytes=True),
    }
    return (f"{name}.{suffix}", packers[suffix](content)) if suffix else (name, content)


# -- what can be read in two ways -------------------------------------------------------------


def undecidable_variant(rng: random.Random) -> Variant:
    """Return a text of which nobody knows for sure what it holds."""
    n_rows, kind = rng.randint(30, 50), rng.choice(_UNDECIDABLE)
    mark = rng.choice((",", ";", "\t"))
    if mark == "," and kind in ("thousands", "marks"):
        mark = ";"
    rows = [[f"s{i}", str(rng.randint(0, 99)), rng.choice("abc")] for i in range(n_rows)]
    name, other, options = "value", rng.choice((".", ",")), {"columns": ["value", "n"]}
    if kind == "thousands":
        cells = [f"{rng.randint(1, 99)}{other}{rng.randint(100, 999)}" for _ in rows]
        cells[rng.randrange(n_rows)] = "7"
    elif kind == "marks":
        cells = [f"{rng.randint(1, 99)}{'.,'[i % 2]}{rng.randint(10, 99)}" for i in range(n_rows)]
    elif kind == "units":
        cells = [f"{rng.randint(1, 99)} {('kg', 'lb')[i % 2]}" for i in range(n_rows)]
    elif kind in ("dates", "two orders"):
        last, between = (12 if kind == "dates" else 28), rng.choice("/-")
        days = [(rng.randint(1, last), rng.randint(1, 12)) for _ in rows]
        if kind == "two orders":
            days[:2] = [(13, 1), (1, 13)]
        cells = [f"{day:02d}{between}{month:02d}{between}2021" for day, month in days]
    else:
        cells = [f"{rng.random():.4f}" for _ in rows]
    table = [[row[0], cell, *row[1:]] for row, cell in zip(rows, cells, strict=True)]
    if kind == "quotes":
        for place, text in zip((4, 17, 25), ('"film', 'film"', f'"a{mark}b"'), strict=True):
            table[place][0] = text
    if kind == "values":
        table[rng.randint(3, n_rows - 1)].append("7")
    lines = [mark.join([rng.choice(("name", "title")), name, "n", "kind"]), *map(mark.join, table)]
    content = rng.choice(("\n", "\r\n")).join(lines).encode()
    column = Column(name, "float", tuple([None] * n_rows))
    return Variant("t.csv", content, (column,), options, "refused", kind)


_UNDECIDABLE = ("thousands", "marks", "units", "dates", "two orders", "quotes", "values")
