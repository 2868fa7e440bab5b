"""Word what became of the columns of a table."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from aeviz.core.wording import listed, plural, quoted
from aeviz.data._text_columns import Reading
from aeviz.data.columns import TableColumn, left_out_words
from aeviz.data.formats.base import ReadOptions

__all__ = ["label_notes", "sentinel_notes", "table_notes", "total_notes"]

_MAX_SHOWN = 5
_TOTALS = {
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "average",
    "mean",
    "summe",
    "gesamt",
}
_SENTINELS = {
    float(f"{sign}{text}")
    for sign in ("-", "")
    for text in ("999", "9999", "99999", "999.9", "999.99", "9999.9", "999999")
}
_SENTINELS |= {-99.0, -88.0, -999.25, 32767.0, -32768.0, 65535.0, 1e20, 1e30, 9.96921e36}


def table_notes(
    columns: Sequence[TableColumn], options: ReadOptions, *, has_index: bool
) -> list[str]:
    """Return sentences on what was decided, except for what is obvious."""
    notes = ["The samples' ids are those of the index."] * has_index
    if options.plan is not None:
        columns = ()  # they were told of when the plan was made
    ids = [quoted(column.name) for column in columns if column.use == "id"]
    if ids and not has_index:
        notes.append(f"The samples' ids are those in {ids[0]}, which is no feature.")
    features = [column for column in columns if column.use == "feature"]
    encoded = [column for column in features if column.role == "category"]
    if encoded:
        words = listed(f"{quoted(c.name)} ({plural(len(c.values), 'value')})" for c in encoded)
        hint = "" if options.label else "; label takes one as the label instead"
        notes.append(
            f"{plural(len(encoded), 'column')} of categories one-hot encoded, one feature a "
            f"value: {words}{hint}."
        )
    notes += [f"Column {quoted(c.name)}: {c.reason}." for c in features if c.reason][:5]
    for column in (column for column in columns if column.use == "batch"):
        gaps = f"; {plural(column.n_missing, 'sample')} without one" if column.n_missing else ""
        notes.append(f"The samples' batches are those in {quoted(column.name)}{gaps}.")
    left_out = [column for column in columns if column.use == "none"]
    if left_out:
        count = plural(len(left_out), "column")
        notes.append(f"{count} left out: {left_out_words(left_out)}.")
    shown = [column for column in columns if column.use == "annotation"]
    if shown:
        does = "columns are no features, but are"
        if len(shown) == 1:
            does = "column is no feature, but is"
        notes.append(f"{len(shown):,} {does} shown with each sample: {left_out_words(shown)}.")
    if len(options.label) > 1:
        notes.append(f"Further labels to colour by: {listed(map(quoted, options.label[1:]))}.")
    return notes


def label_notes(labels: Sequence[str], readings: Mapping[str, Reading]) -> list[str]:
    """Return sentences on what was done to labels that are text, as where one is no number."""
    notes = []
    for name in labels:
        reading = readings.get(name, Reading())
        keeps = "" if reading.example is None else f"; category={quoted(name)} keeps it as a class"
        if reading.reason:
            notes.append(f"Label {quoted(name)}: {reading.reason}{keeps}.")
    return notes


def total_notes(frame: pd.DataFrame) -> list[str]:
    """Return a sentence on a last row that may be the sum of the others, by its name."""
    for name, values in frame.items():
        last = values.iloc[-1]
        word = last.strip().lower().rstrip(":") if isinstance(last, str) else ""
        if word in _TOTALS and int((values == last).sum()) == 1:
            return [
                f"The last row is named {quoted(last)} in {quoted(str(name))} and is a sample; if "
                "it sums up the others, delete it."
            ]
    return []


def sentinel_notes(frame: pd.DataFrame, columns: Sequence[TableColumn]) -> list[str]:
    """Return sentences on numbers such as -9999 that stand far from all others of their column."""
    found: dict[float, list[str]] = {}
    for column in columns:
        if column.use != "feature" or column.role != "number":
            continue
        values = frame[column.name]
        if not pd.api.types.is_numeric_dtype(values.dtype):
            continue
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        numbers = numbers[np.isfinite(numbers)]
        for end in {numbers.min(), numbers.max()} & _SENTINELS if len(numbers) else ():
            others = numbers[numbers != end]
            is_far = len(others) > 1 and np.abs(others - end).min() > 2 * np.ptp(others)
            if is_far and np.ptp(others) > 0:
                found.setdefault(float(end), []).append(
                    f"{quoted(column.name)} ({len(numbers) - len(others):,})"
                )
    return [
        f"{end:g} stands far from all other values in {listed(names)}; if it means a missing "
        f'value, na="{end:g}" says so.'
        for end, names in found.items()
    ]
