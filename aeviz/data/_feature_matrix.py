"""Turn the columns of a table that are features into one matrix."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import listed, quoted
from aeviz.data._column_roles import as_numbers, category_texts
from aeviz.data.columns import TableColumn
from aeviz.data.feature_scaling import centred, exceeds_float64
from aeviz.data.magnitude import check_digits

__all__ = ["feature_matrix", "planned_matrix", "strict_numbers"]

_SMALLER = "fewer columns (columns, drop)"


def feature_matrix(
    frame: pd.DataFrame, columns: Sequence[TableColumn], *, source: str
) -> np.ndarray:
    """Return the features of a table, those among its columns in their order.

    Returns
    -------
    ndarray of shape (n_samples, n_features), C-contiguous
        Of the dtype that NumPy finds for all; NaN where a number is missing, and in all features
        of a category where that is.

    Raises
    ------
    AevizError
        If it does not fit in memory, or whole numbers would lose the digits that tell them apart.
    """
    blocks = []
    for column in columns:
        if column.use == "feature" and column.role == "category":
            # One feature per value, 1 in the rows that have it.
            known = pd.Index(column.values, dtype=object)
            texts = category_texts(frame[column.name])
            codes = known.get_indexer(texts)
            block = (codes[:, np.newaxis] == np.arange(len(known))).astype(np.uint8)
            is_missing = np.array([text is None for text in texts], dtype=bool)
            blocks.append(
                np.where(is_missing[:, np.newaxis], np.float32(np.nan), block)
                if is_missing.any()
                else block
            )
        elif column.use == "feature":
            numbers = as_numbers(frame[column.name], column.role, column.form)
            blocks.append(numbers[:, np.newaxis])
    X = _joined(blocks, n_rows=len(frame), source=source)
    features = [column for column in columns if column.use == "feature"]
    for column, values in zip(features, blocks, strict=True):
        check_digits(values, X.dtype, source=source, column=quoted(column.name))
        given = frame[column.name]
        if values.dtype.kind == "f" and pd.api.types.is_integer_dtype(given.dtype):
            known = given.dropna().to_numpy()  # floats only because others are missing
            check_digits(known, X.dtype, source=source, column=quoted(column.name))
    return X


def planned_matrix(
    frame: pd.DataFrame, columns: Sequence[TableColumn], *, source: str
) -> tuple[np.ndarray, list[str]]:
    """Return the features of a table as those of another one were made, and notes.

    The matrix is that of `feature_matrix`. A value that a category did not have becomes zero in
    all of its features, and a note says so. `AevizError` is raised if a column is missing.
    """
    features = [column for column in columns if column.use == "feature"]
    missing = [quoted(column.name) for column in features if column.name not in frame.columns]
    if missing:
        there = listed(quoted(name) for name in frame.columns) or "none"
        raise AevizError(
            f"{source} lacks {listed(missing)}, which the model was trained on; its columns "
            f"are {there}"
        )
    notes = []
    for column in features:
        texts = set(category_texts(frame[column.name])) if column.role == "category" else set()
        unknown = sorted(texts - {*column.values, None})
        if unknown:
            notes.append(
                f"Values of {quoted(column.name)} that the model was not trained on count "
                f"as none of the known ones: {listed(map(quoted, unknown))}."
            )
    return feature_matrix(frame, features, source=source), notes


def strict_numbers(frame: pd.DataFrame, *, source: str, hint: str = "") -> np.ndarray:
    """Return all columns of a table as numbers; `AevizError` names text, and gives a hint."""
    blocks, texts = [], []
    for name, values in frame.items():
        numbers = as_numbers(values, "number")
        is_missing = numbers.dtype.kind == "f" and np.isnan(numbers)
        is_text = values.notna().to_numpy() & is_missing
        if is_text.any():
            texts.append(f"{quoted(name)} (for example {quoted(values[is_text].iloc[0])})")
        if exceeds_float64(numbers):
            # Beside numbers with fractions they would lose digits; distances stay as they are.
            numbers = centred(numbers, numbers[:1].astype(np.float64))
        blocks.append(numbers[:, np.newaxis])
    if texts:
        are = "a column that holds text" if len(texts) == 1 else "columns that hold text"
        raise AevizError(f"{source} has {are}: {listed(texts)}; accepted: numbers{hint}")
    if not blocks:
        raise AevizError(f"{source} has 0 columns of numbers; accepted: at least two")
    return _joined(blocks, n_rows=len(frame), source=source)


def _joined(blocks: Sequence[np.ndarray], *, n_rows: int, source: str) -> np.ndarray:
    n_features = sum(block.shape[1] for block in blocks)
    dtype = np.result_type(*{block.dtype for block in blocks}) if blocks else np.dtype(float)
    n_bytes = n_rows * n_features * dtype.itemsize
    check_fits(n_bytes, what=f"the table of {source}", instead=_SMALLER)
    X = np.empty((n_rows, n_features), dtype=dtype)
    return np.concatenate(blocks, axis=1, out=X) if blocks else X
