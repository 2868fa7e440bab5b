"""Write a table in the formats that are no text: the same values, another file."""

from __future__ import annotations

import io
import json
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import h5py
import numpy as np
import pandas as pd
import scipy.sparse

from tests.data._table_files import arff_text, fcs_bytes, mat_bytes, mtx_bytes, workbook_bytes
from tests.data._variant_text import number_texts, text_variant, undecidable_variant
from tests.data._variants import (
    NO_FEATURES,
    NUMBERS,
    Column,
    Variant,
    are_ambiguous,
    random_table,
    renamed,
)

__all__ = ["random_variant"]


def random_variant(rng: random.Random) -> Variant:
    """Return a table of known values, as text in most cases."""
    if rng.random() < 0.04:
        return undecidable_variant(rng)
    table = random_table(rng)
    if rng.random() < 0.75:
        return text_variant(rng, table)
    return rng.choice(_WRITERS)(rng, table)


def _options(rng: random.Random, columns: Sequence[Column]) -> dict[str, Any]:
    labels = [one.name for one in columns if one.kind == "label"]
    options: dict[str, Any] = {"label": labels[0]} if labels else {}
    if rng.random() < 0.3:
        options["columns"] = [one.name for one in columns if one.kind not in NO_FEATURES]
    return options


def _frame(rng: random.Random, columns: Sequence[Column], *, is_typed: bool) -> pd.DataFrame:
    """Return a data frame, its dates as dates where the format has these."""
    series = {}
    for column in columns:
        values: Any = list(column.values)
        if column.kind == "row" or (column.kind == "int" and None not in values):
            values = pd.Series([int(value) for value in values])
        elif column.kind in NUMBERS:
            numbers = [math.nan if value is None else float(value) for value in values]
            values = pd.Series(numbers, dtype="float64")
            if column.kind == "int" and is_typed and rng.random() < 0.5:
                values = values.astype("Int64")
        elif column.kind == "date":
            values = pd.Series(values if is_typed else [text or None for text in column.texts])
            values = pd.to_datetime(values) if is_typed else values
        elif column.kind == "flag":
            values = pd.Series([None if v is None else v == "true" for v in values], dtype=object)
        else:
            values = pd.Series(values, dtype=object)
            if is_typed and column.kind == "category" and rng.random() < 0.3:
                values = values.astype("category")
        series[column.name] = values
    return pd.DataFrame(series)


def _as_days(columns: Sequence[Column]) -> list[Column]:
    """Return columns whose dates are shown as a format with types gives them."""
    return [
        replace(one, texts=tuple("" if day is None else day.isoformat() for day in one.values))
        if one.kind == "date"
        else one
        for one in columns
    ]


def _arrow(rng: random.Random, columns: list[Column]) -> Variant:
    frame = _frame(rng, columns, is_typed=True)
    suffix = rng.choice(("parquet", "feather", "arrow"))
    if suffix == "parquet" and columns[0].kind in ("row", "id") and rng.random() < 0.5:
        frame = frame.set_index(columns[0].name)
    stream = io.BytesIO()
    (frame.to_parquet if suffix == "parquet" else frame.to_feather)(stream)
    columns = _as_days(columns)
    return Variant(f"t.{suffix}", stream.getvalue(), tuple(columns), _options(rng, columns))


def _texts_in_parquet(rng: random.Random, columns: list[Column]) -> Variant:
    """Write numbers as text into a file that has types."""
    series = {}
    for column in columns:
        if column.kind in NUMBERS:
            series[column.name], _ = number_texts(rng, column, ".", "")
        else:
            values = column.texts or column.values
            series[column.name] = [None if v in (None, "") else str(v) for v in values]
    stream = io.BytesIO()
    pd.DataFrame(series).to_parquet(stream)
    options = _options(rng, columns)
    is_unclear = "columns" in options and any(
        are_ambiguous(one) for one in columns if one.kind == "date"
    )
    has_to_be = "refused" if is_unclear else "read"
    return Variant("t.parquet", stream.getvalue(), tuple(columns), options, has_to_be, "as text")


def _json(rng: random.Random, columns: list[Column]) -> Variant:
    frame = _frame(rng, columns, is_typed=False)
    records = json.loads(frame.to_json(orient="records", double_precision=15))
    for column in columns:  # pandas rounds
        if column.kind in NUMBERS:
            for record, value in zip(records, column.values, strict=True):
                record[column.name] = None if value is None else float(value)
    layout = rng.choice(("lines", "lines without gaps", "records", "columns"))
    if layout == "lines without gaps":
        records = [{k: v for k, v in one.items() if v is not None} for one in records]
    if layout == "columns":
        text = json.dumps({name: [one[name] for one in records] for name in records[0]})
    elif layout == "records":
        text = json.dumps(records, indent=rng.choice((None, 1)))
    else:
        text = "\n".join(json.dumps(one) for one in records)
    suffix = "jsonl" if "lines" in layout else "json"
    options = _options(rng, columns)
    dates = [one for one in columns if one.kind == "date"]
    is_unclear = "columns" in options and any(map(are_ambiguous, dates))
    has_to_be = "refused" if is_unclear else "read"
    return Variant(f"t.{suffix}", text.encode(), tuple(columns), options, has_to_be, layout)


def _excel(rng: random.Random, columns: list[Column]) -> Variant:
    frame = _frame(rng, columns, is_typed=True)
    n_titles = rng.choice((0, 0, 1, 2))
    content = workbook_bytes(
        ("data", frame, {"startrow": n_titles, "startcol": rng.choice((0, 0, 1))})
    )
    columns = _as_days(columns)
    return Variant("t.xlsx", content, tuple(columns), _options(rng, columns), words=f"{n_titles}")


def _arff(rng: random.Random, columns: list[Column]) -> Variant:
    columns = [one for one in columns if one.kind not in ("flag", "row")]
    columns = [one for one in columns if not any("\n" in str(v) for v in one.values)]
    declared, cells = {}, []
    for column in columns:
        name = "'" + column.name.replace("'", "\\'") + "'"
        texts = ["?" if v in (None, "") else str(v) for v in column.texts or column.values]
        if column.kind in NUMBERS:
            declared[name] = rng.choice(("numeric", "REAL"))
        elif column.kind in ("category", "label"):
            texts = ["?" if v is None else _arff_quoted(v) for v in column.values]
            declared[name] = "{" + ",".join(sorted({*texts} - {"?"})) + "}"
        else:
            texts = [text if text == "?" else _arff_quoted(text) for text in texts]
            declared[name] = "string"
        cells.append(texts)
    text = arff_text(declared, [",".join(row) for row in zip(*cells, strict=True)])
    options = _options(rng, columns)
    dates = [one for one in columns if one.kind == "date"]
    is_unclear = "columns" in options and any(map(are_ambiguous, dates))
    return Variant(
        "t.arff", text.encode(), tuple(columns), options, "refused" if is_unclear else "read"
    )


def _arff_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _shards(rng: random.Random, columns: list[Column]) -> Variant:
    """Write the rows to several files, whose columns stand in another order."""
    columns = [
        one
        for one in columns
        if one.kind not in ("row",) and not any("\n" in str(v) for v in one.values)
    ]
    frame = _frame(rng, columns, is_typed=False)
    parts = {}
    for number, rows in enumerate(np.array_split(np.arange(len(frame)), rng.randint(2, 4))):
        part = frame.iloc[rows]
        names = rng.sample(list(part.columns), part.shape[1]) if number else list(part.columns)
        parts[f"part-{number}.csv"] = part[names].to_csv(index=False).encode()
    options = _options(rng, columns)
    dates = [one for one in columns if one.kind == "date"]
    is_unclear = "columns" in options and any(map(are_ambiguous, dates))
    return Variant("shards", parts, tuple(columns), options, "refused" if is_unclear else "read")


def _hive(rng: random.Random, columns: list[Column]) -> Variant:
    """Write a file of Parquet for each value of a category."""
    columns = _as_days([one for one in columns if one.kind not in ("row", "category")])
    n_rows = len(columns[0].values)
    groups = [rng.choice(("x", "y", "z")) for _ in range(n_rows)]
    groups[:3] = ["x", "y", "z"]
    order = sorted(range(n_rows), key=lambda row: groups[row])
    columns.append(Column("group", "category", tuple(groups)))
    columns = [
        replace(
            one,
            values=tuple(one.values[row] for row in order),
            texts=tuple(one.texts[row] for row in order) if one.texts else (),
        )
        for one in columns
    ]
    frame = _frame(rng, columns, is_typed=True)
    parts = {}
    for value in ("x", "y", "z"):
        stream = io.BytesIO()
        frame[frame["group"] == value].drop(columns="group").to_parquet(stream, index=False)
        parts[f"group={value}/part-0.parquet"] = stream.getvalue()
    return Variant("hive", parts, tuple(columns), _options(rng, columns))


# -- matrices ---------------------------------------------------------------------------------


def _matrix(
    rng: random.Random, columns: list[Column]
) -> tuple[list[Column], np.ndarray, np.ndarray | None]:
    """Return the columns of numbers, the same as an array, and labels."""
    numbers = [one for one in columns if one.kind in ("float", "int")]
    numbers += [Column("more", "float", numbers[0].values[::-1])]
    X = np.array([[math.nan if v is None else float(v) for v in one.values] for one in numbers]).T
    y = None
    if rng.random() < 0.5:
        labels = Column("y", "label", tuple(str(i % 3) for i in range(len(X))))
        numbers, y = [*numbers, labels], np.arange(len(X)) % 3
    return numbers, X, y


def _arrays(rng: random.Random, columns: list[Column]) -> Variant:
    columns, X, y = _matrix(rng, columns)
    names = rng.choice((("X", "y"), ("data", "target"), ("features", "labels"), ("x", "label")))
    arrays = {names[0]: X} | ({} if y is None else {names[1]: y})
    stream, suffix = io.BytesIO(), rng.choice(("npy", "npz", "mat", "h5", "fcs", "mtx"))
    if suffix in ("npy", "fcs", "mtx"):
        columns = [one for one in columns if one.kind != "label"]
    if suffix == "npy":
        np.save(stream, np.asfortranarray(X) if rng.random() < 0.3 else X)
    elif suffix == "npz":
        (np.savez_compressed if rng.random() < 0.3 else np.savez)(stream, **arrays)
    elif suffix == "mat":
        stream.write(mat_bytes(arrays, do_compression=rng.random() < 0.5))
    elif suffix == "h5":
        with h5py.File(stream, "w") as file:
            for name, values in arrays.items():
                file[name] = values
    elif suffix == "fcs":
        X = np.nan_to_num(np.abs(X)).astype(np.float32)
        channels = [f"FL{place}-A" for place in range(X.shape[1])]
        columns = renamed(_of_array(X), channels)
        stream.write(fcs_bytes(X, channels))
    else:
        X = np.nan_to_num(X)
        columns = _of_array(X)
        stream.write(mtx_bytes(X if rng.random() < 0.5 else scipy.sparse.csc_matrix(X)))
    words = " ".join(arrays)
    return Variant(f"t.{suffix}", stream.getvalue(), tuple(columns), {}, words=words)


def _of_array(X: np.ndarray) -> list[Column]:
    return [
        Column(str(place), "float", tuple(map(Decimal, values)))
        for place, values in enumerate(X.T.tolist())
    ]


_WRITERS: tuple[Callable[[random.Random, list[Column]], Variant], ...] = (
    *(_arrow, _texts_in_parquet, _json, _excel, _arff, _shards, _hive),
    *(_arrays, _arrays),
)
