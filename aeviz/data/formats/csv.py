"""Read a table of numbers from comma-separated text with a header line.

One column may be the labels. Every other column has to hold numbers or booleans; text
without a role is refused by name. Finding out delimiter, header and encoding, or turning
categories into numbers, is not done here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from aeviz._errors import AevizError
from aeviz.data._arrays import as_labels
from aeviz.data._format import Format, ReadOptions
from aeviz.data._messages import first_line, listed, plural, quoted
from aeviz.data.dataset import Dataset

__all__ = ["FORMAT"]


def _read(path: Path, options: ReadOptions) -> Dataset:
    table = _parsed(path)
    table, notes = _without_index(table)
    named = [("label column", options.label)] if options.label is not None else []
    named += [("column", name) for name in options.column or ()]
    for what, name in named:
        if name not in table.columns:
            columns = listed(quoted(known) for known in table.columns)
            raise AevizError(f"{what} {quoted(name)} is not in {path}; its columns are {columns}")
    y = None
    if options.label is not None:
        labels = table.pop(options.label)
        y = as_labels(
            _label_values(labels), n_samples=len(table), what=f"column {quoted(options.label)}"
        )
    if options.column is not None:
        table = table[list(options.column)]
    return Dataset(
        name=path.stem,
        X=_numbers(table, path=path, options=options),
        y=y,
        feature_names=tuple(map(str, table.columns)),
        notes=tuple(notes),
    )


def _parsed(path: Path) -> pd.DataFrame:
    try:
        # utf-8-sig also takes plain UTF-8, and drops the mark that spreadsheets write.
        # low_memory=False: a column's type is that of the column, not of its pieces.
        table = pd.read_csv(path, encoding="utf-8-sig", low_memory=False)
    except pd.errors.EmptyDataError as error:
        raise AevizError(f"{path} holds no table; accepted: a header line and rows") from error
    except UnicodeDecodeError as error:
        raise AevizError(
            f"{path} is not UTF-8 text: {first_line(error)}; accepted: text in UTF-8"
        ) from error
    except (pd.errors.ParserError, ValueError) as error:
        raise AevizError(f"{path} is not comma-separated text: {first_line(error)}") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise AevizError(
            f"{path} has more values in its rows than names in its header line; "
            "accepted: one name a column"
        )
    if len(table.columns) == 1 and any(mark in str(table.columns[0]) for mark in ";\t|"):
        raise AevizError(
            f"{path} has one column named {quoted(table.columns[0])}; accepted: columns "
            "separated by commas"
        )
    return table


def _without_index(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Leave out columns without a name that hold row numbers or nothing, and say so."""
    notes = []
    for name in [name for name in table.columns if str(name).startswith("Unnamed: ")]:
        values = table[name]
        if values.isna().all() and len(table):
            table = table.drop(columns=name)
            notes.append("An empty column without a name left out.")
        elif name == "Unnamed: 0" and np.array_equal(values, np.arange(len(table))):
            table = table.drop(columns=name)
            notes.append("The first column, row numbers without a name, left out.")
    if _all_numbers(table.columns):
        notes.append("The first line holds numbers only and was taken as the columns' names.")
    return table, notes


def _all_numbers(names: pd.Index) -> bool:
    """Tell whether names look like a row of data; 0, 1, 2 … are names that pandas gives."""
    texts = [str(name) for name in names]
    if texts == [str(number) for number in range(len(texts))]:
        return False
    return bool(pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").notna().all())


def _label_values(labels: pd.Series) -> np.ndarray:
    """Return labels as numbers, booleans or strings; missing strings as None."""
    if pd.api.types.is_numeric_dtype(labels.dtype):
        return labels.to_numpy()
    texts = [None if pd.isna(value) else str(value) for value in labels]
    return np.array(texts, dtype=object)


def _numbers(table: pd.DataFrame, *, path: Path, options: ReadOptions) -> np.ndarray:
    """Return the columns as one matrix.

    Its dtype is the one that NumPy finds for all columns together: booleans where all
    are, 64-bit integers where no column has fractions.
    """
    columns, texts = {}, []
    for name in table.columns:
        values = table[name]
        numeric = pd.to_numeric(values, errors="coerce")
        is_text = numeric.isna() & values.notna()
        if is_text.any():
            example = quoted(values[is_text].iloc[0])
            texts.append(f"{quoted(name)} (for example {example})")
        columns[name] = numeric
    if texts:
        are = "a column that holds text" if len(texts) == 1 else "columns that hold text"
        # Where columns were chosen there is no other one that could be the labels.
        more = ", with one other column as labels by --label NAME" * (options.column is None)
        raise AevizError(f"{path} has {are}: {listed(texts)}; accepted: numbers{more}")
    if not columns:
        raise AevizError(f"{path} has {plural(0, 'column')} of numbers; accepted: at least two")
    dtype = np.result_type(*(values.to_numpy().dtype for values in columns.values()))
    X = np.empty((len(table), len(columns)), dtype=dtype)
    for position, values in enumerate(columns.values()):
        X[:, position] = values.to_numpy()
    return X


FORMAT = Format(
    suffixes=(".csv",),
    summary="a comma-separated table of numbers with a header line; --label names the labels",
    read=_read,
    options=frozenset({"label", "column"}),
)
