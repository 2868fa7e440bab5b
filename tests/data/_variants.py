"""Make small tables of known values, and compare with them what a reader returned.

A `Variant` is such a table, written in one of many ways (`_variant_text`, `_variant_files`). Its
values have to be read, or refused in one line where nobody could know them for sure.
"""

from __future__ import annotations

import datetime
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import numpy as np

from aeviz import AevizError
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions
from aeviz.data.sources import read_dataset

__all__ = ["Column", "Variant", "outcome_of_variant", "random_table"]

NUMBERS = ("float", "int", "constant")
NO_FEATURES = ("label", "id", "repeated", "row")
_TOLD = ("were read as decimal points; thousands=", "The first line holds values, so columns")
_WORDS = {
    "float": ["weight", "Length (cm)", "f1", "CRP", "temp.", "β", "größe", "x,y", "price"],
    "int": ["age", "n rooms", "width", "score", "beds", "count_a", "Höhe"],
    "category": ["kind", "type of cell", "colour", "état"],
    "flag": ["smoker", "ok"],
    "label": ["species", "class", "the label"],
    "date": ["date", "visit day"],
    "constant": ["site", "version"],
    "id": ["sample_id", "ID", "PassengerId", "patient id", "cellId"],
    "repeated": ["subject", "patient_id", "mouse"],
    "row": ["", "Unnamed: 0", "index", "row", "S.No", "rownames", "nr"],
}
_TEXTS = (
    ("a", "b", "c"),
    ("red", "dark blue", "green"),
    ("naïve", "für", "ça"),
    ("O'Brien", "Smith", "Li"),
    ("None", "mild", "severe"),
    ("007", "013", "100"),
    ("a, b", "c; d", "e"),
    ('5" nail', "screw", "bolt"),
    ("yes", "no"),
    ("M", "F"),
    ("A+", "A-", "0+"),
    ("two\nlines", "one", "other"),
    ("<5", "5-10", ">10"),
)


@dataclass(frozen=True)
class Column:
    """Column of a table: what it is, and its values, None where there is none.

    Values are decimal numbers, dates or texts.
    """

    name: str
    kind: str
    values: tuple[Any, ...]
    texts: tuple[str, ...] = ()  # how dates and ids are written

    def at(self, rows: Sequence[int]) -> Self:
        """Return some rows of it."""
        values, texts = (tuple(part[i] for i in rows if part) for part in (self.values, self.texts))
        return replace(self, values=values, texts=texts)


@dataclass(frozen=True)
class Variant:
    """A table as a file: its name, its content, how it is to be read, and what it holds.

    The content of a folder is a dictionary. `has_to_be` is ``"read"``, or ``"refused"`` where
    its values can be read in two ways; ``"told"`` where a note may say which was taken.
    """

    name: str
    content: bytes | dict[str, bytes]
    columns: tuple[Column, ...]
    options: dict[str, Any] = field(default_factory=dict)
    has_to_be: str = "read"
    words: str = ""


def random_table(rng: random.Random) -> list[Column]:
    """Return a table of 30 to 50 rows with one column or more of most kinds."""
    n_rows = rng.randint(30, 50)
    names = {kind: rng.sample(words, len(words)) for kind, words in _WORDS.items()}
    kinds = ["float"] * rng.randint(1, 3) + ["int"] * rng.randint(1, 2)
    for kind, share in (("category", 0.6), ("flag", 0.2), ("label", 0.8), ("date", 0.4)):
        kinds += [kind] * (rng.random() < share)
    kinds += ["constant"] * (rng.random() < 0.2) + ["repeated"] * (rng.random() < 0.1)
    kinds += rng.choice((["id"], ["row"], []))
    rng.shuffle(kinds)
    table = [_column(rng, names[kind].pop(), kind, n_rows) for kind in kinds]
    if rng.random() < 0.4:  # most programs write numbers of rows first
        table.sort(key=lambda one: one.kind != "row")
    # A row without any value is no sample, and left out with a note.
    rows = [i for i in range(n_rows) if any(one.values[i] is not None for one in table)]
    return [one.at(rows) for one in table]


def _column(rng: random.Random, name: str, kind: str, n_rows: int) -> Column:
    share = rng.choice((0, 0, 0.05, 0.15))
    if kind == "float":
        values = _floats(rng, n_rows)
    elif kind == "int":
        high = 10 ** rng.randint(1, 7)
        low = rng.choice((0, -high))
        values = [Decimal(rng.randint(low, high)) for _ in range(n_rows)]
        values[:2] = [Decimal(high), Decimal(high - 3)]  # not in the order of counting
    elif kind == "constant":
        values, share = [Decimal(rng.choice(("3", "0.5", "2021")))] * n_rows, 0
    elif kind == "date":
        return _dates(rng, name, n_rows, share)
    elif kind == "id":
        return Column(name, kind, _ids(rng, n_rows))
    elif kind == "row":
        start = rng.choice((0, 1))
        return Column(name, kind, tuple(Decimal(start + i) for i in range(n_rows)))
    elif kind == "repeated":
        return Column(name, kind, tuple(f"P{rng.randint(10, 25)}" for _ in range(n_rows)))
    elif kind == "flag":
        values = [rng.choice(("true", "false")) for _ in range(n_rows)]
        values[:2] = ["true", "false"]
    elif kind == "label" and rng.random() < 0.3:
        values = [rng.choice("0123") for _ in range(n_rows)]
        values[-6:] = "012012"
    else:
        texts = rng.choice(_TEXTS)
        values = [rng.choice(texts) for _ in range(n_rows)]
        values[-6:] = [*texts, *texts, *texts][:6]
    head, tail = (0, -6) if kind in ("category", "label") else (2, n_rows)
    gaps = {i for i in range(n_rows)[head:tail] if rng.random() < share}
    return Column(name, kind, tuple(None if i in gaps else v for i, v in enumerate(values)))


def _floats(rng: random.Random, n_rows: int) -> list[Decimal]:
    """Return numbers of one magnitude or of several, with some digits behind the point."""
    n_digits, low = rng.randint(1, 8), rng.randint(-4, 4)
    spread = rng.choice((0, 0, 3))
    if rng.random() < 0.1:  # as programs write all digits of them
        numbers = [rng.gauss(0, 1) * 10 ** rng.randint(-30, 12) for _ in range(n_rows)]
        return [Decimal(repr(one)) for one in numbers]
    numbers = []
    for _ in range(n_rows):
        size = rng.uniform(-1, 1) * 10 ** (low + rng.uniform(0, spread))
        size = abs(size) if n_digits % 2 else size
        numbers.append(Decimal(f"{size:.{max(n_digits, 1 - low)}f}"))
    return numbers


def _ids(rng: random.Random, n_rows: int) -> tuple[Any, ...]:
    numbers = rng.sample(range(100, 999), n_rows)
    pattern = rng.choice(("S{}", "AC-{}", "{}", "00{}", "{}E03", "P {}", "#{}", "GSM{}.CEL"))
    return tuple(pattern.format(number) for number in numbers)


def _dates(rng: random.Random, name: str, n_rows: int, share: float) -> Column:
    patterns = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d")
    patterns += ("%d/%m/%y", "%m/%d/%y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
    pattern = rng.choice(patterns)
    last = rng.choice((12, 28, 28))
    values: list[datetime.date | None] = []
    for _ in range(n_rows):
        day = datetime.date(rng.randint(1990, 2025), rng.randint(1, 12), rng.randint(1, last))
        values.append(None if rng.random() < share else day)
    values[0] = datetime.date(2020, 3, 5)
    texts = tuple("" if day is None else day.strftime(pattern) for day in values)
    if "-%d" not in pattern and rng.random() < 0.2:
        texts = tuple(text.removeprefix("0") for text in texts)
    return Column(name, "date", tuple(values), texts)


def may_be_values(columns: Sequence[Column]) -> bool:
    """Return whether years, as names of columns, may be values of half of these or more."""
    known = [[v for v in one.values if v is not None] for one in columns if one.kind in NUMBERS]
    is_within = [
        min(one) < 2020 and max(one) > 1990 and all(v % 1 == 0 for v in one) for one in known
    ]
    return 2 * sum(is_within) >= len(known)


def are_ambiguous(dates: Column) -> bool:
    """Return whether dates as they are written do not show which number is the day."""
    first = next(text for text in dates.texts if text)
    known = [day for day in dates.values if day is not None]
    is_shown = any(day.day > 12 for day in known)
    return not is_shown and "." not in first and not first[:4].isdigit()


# -- comparing --------------------------------------------------------------------------------


def outcome_of_variant(variant: Variant, folder: Path) -> tuple[str, str]:
    """Return what became of a variant, and in which words.

    Returns
    -------
    {"read", "refused", "left out", "wrong", "crashed", "refused as it must", "told", "not refused"}
        What has to be refused may be read with a note that says what was taken: it is told. Of a
        variant that is left out, no value is wrong, but a column is no feature, with a note.
    str
        What is wrong, or the message.
    """
    path = folder / variant.name
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = variant.content if isinstance(variant.content, dict) else {"": variant.content}
    for name, content in parts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    has_to_be_read = variant.has_to_be == "read"
    try:
        dataset = read_dataset(path, ReadOptions.of(**variant.options))
    except AevizError as error:
        message = str(error)
        if len(message.splitlines()) != 1:
            return "crashed", f"not one line: {message!r}"
        return "refused" if has_to_be_read else "refused as it must", message
    except Exception as error:  # noqa: BLE001 - whatever it is, it is counted and shown
        return "crashed", f"{type(error).__name__}: {error}"
    wrong, left_out = _compared(dataset, variant)
    if not has_to_be_read:
        if variant.has_to_be == "told" and not wrong:
            return "read", ""
        is_told = any(words in one for one in dataset.notes for words in _TOLD)
        return "told" if is_told else "not refused", " ".join(dataset.notes)
    if wrong:
        return "wrong", "; ".join(wrong)
    return ("left out", "; ".join(left_out)) if left_out else ("read", "")


def _compared(dataset: Dataset, variant: Variant) -> tuple[list[str], list[str]]:
    """Return what is wrong with a data set, and which columns were left out with a note."""
    n_rows = len(variant.columns[0].values)
    if dataset.n_samples != n_rows:
        return [f"{dataset.n_samples} rows for {n_rows}"], []
    wrong, left_out = [], []
    names = dataset.feature_names or [c.name for c in variant.columns if c.kind != "label"]
    features = dict(zip(names, np.asarray(dataset.X, dtype=np.float64).T, strict=False))
    chosen = variant.options.get("columns")
    for column in variant.columns:
        expected = _expected(column, is_chosen=bool(chosen))
        if column.kind == "label":
            wrong += _wrong_labels(dataset, column)
        for name, values in expected.items():
            found = features.pop(name, None)
            if found is None:
                told = any(f"'{column.name}'" in note for note in dataset.notes)
                (left_out if told else wrong).append(f"{name!r} is no feature")
            elif not np.allclose(found, values, rtol=1e-12, atol=0, equal_nan=True):
                row = int(np.flatnonzero(~np.isclose(found, values, 1e-12, 0, equal_nan=True))[0])
                wrong.append(f"{name!r} has {found[row]} in row {row + 1}, not {values[row]}")
        wrong += _wrong_texts(dataset, column)
    wrong += [f"{name!r} is a feature" for name in features]
    return wrong, left_out


def _expected(column: Column, *, is_chosen: bool) -> dict[str, Sequence[float]]:
    """Return the features that a column becomes."""
    values = column.values
    if column.kind in ("float", "int") or (column.kind == "constant" and is_chosen):
        return {column.name: [math.nan if v is None else float(v) for v in values]}
    if column.kind == "flag":
        return {column.name: [math.nan if v is None else float(v == "true") for v in values]}
    if column.kind == "category":
        texts = sorted({text for text in values if text is not None})
        return {
            f"{column.name}={text}": [math.nan if v is None else float(v == text) for v in values]
            for text in texts
        }
    if column.kind == "date" and is_chosen:
        first = datetime.date(1970, 1, 1)
        return {column.name: [math.nan if v is None else (v - first).days for v in values]}
    return {}


def _wrong_labels(dataset: Dataset, column: Column) -> list[str]:
    if dataset.y is None:
        return ["no labels"]
    found = [_label(value) for value in dataset.y.tolist()]
    wrong = [i for i, value in enumerate(column.values) if found[i] != value]
    return [f"label {found[i]!r} in row {i + 1}, not {column.values[i]!r}" for i in wrong[:1]]


def _label(value: object) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _wrong_texts(dataset: Dataset, column: Column) -> list[str]:
    """Return which dates or ids that are shown are not those that were written."""
    shown = dataset.annotations.get(column.name)
    if column.kind == "date" and shown is not None:
        wrong = [i for i, one in enumerate(column.texts) if (shown[i] or "") != one]
        return [f"date {shown[i]!r} in row {i + 1}, not {column.texts[i]!r}" for i in wrong[:1]]
    if column.kind == "id" and shown is None and dataset.sample_ids is not None:
        found = [str(one) for one in dataset.sample_ids.tolist()]
        return [] if found == [str(v) for v in column.values] else [f"ids {found[:2]}"]
    return []


def renamed(columns: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """Return columns with other names."""
    return [replace(one, name=name) for one, name in zip(columns, names, strict=True)]
