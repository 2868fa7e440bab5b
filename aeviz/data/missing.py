"""Settle missing values: refuse them, leave their rows out, or replace them.

What replaces a value is learned from the training samples only and kept with the run, so that a
sample that is added tomorrow gets the same value: the median of a number, and of a category the
value that occurs most. Labels are never made up. A sample without one is drawn in grey and is left
out of the scores of labels alone.
"""

from dataclasses import replace

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import column_name, listed, plural, quoted
from aeviz.data._row_blocks import row_blocks
from aeviz.data.columns import TableColumn
from aeviz.data.dataset import Dataset

__all__ = ["check_on_missing", "imputed", "learned_values", "without_missing"]

ON_MISSING = ("impute", "drop", "error")
_COLUMNS_AT_ONCE = 256


def check_on_missing(on_missing: str) -> None:
    """Check the name of a way to settle missing values.

    Raises
    ------
    SettingError
        If it is none of ``"impute"``, ``"drop"`` and ``"error"``.
    """
    if on_missing not in ON_MISSING:
        raise SettingError("on_missing", on_missing, ON_MISSING)


def without_missing(dataset: Dataset, *, source: str, on_missing: str) -> Dataset:
    """Return a data set without the rows that miss a value, or as it is to impute.

    Parameters
    ----------
    dataset : Dataset
        Missing values are NaN or infinite in `X`.
    source : str
        What the data set is called in messages.
    on_missing : {"impute", "drop", "error"}

    Raises
    ------
    AevizError
        If values are missing, and that is an error.
    """
    per_feature, is_incomplete = _missing_values(dataset.X)
    if not per_feature.any() or on_missing == "impute":
        return dataset
    if on_missing == "error":
        raise AevizError(
            f"{source} has {_described(dataset, per_feature)}; accepted: finite values, or "
            "on_missing=impute (use what the training samples have) or on_missing=drop (leave rows "
            "out)"
        )
    note = f"{plural(int(is_incomplete.sum()), 'row')} with missing values left out."
    return replace(dataset.take(~is_incomplete), notes=(*dataset.notes, note))


def learned_values(dataset: Dataset, is_train: np.ndarray) -> np.ndarray:
    """Return what replaces a missing value of each feature.

    Parameters
    ----------
    dataset : Dataset
    is_train : ndarray of bool of shape (n_samples,)
        The rows to learn from.

    Returns
    -------
    ndarray of float64 of shape (n_features,)
        Medians of finite values, and 0 or 1 for the features of a category; NaN where no training
        sample has a value.
    """
    X, values = dataset.X, np.full(dataset.n_features, np.nan)
    for start in range(0, dataset.n_features, _COLUMNS_AT_ONCE):
        part = X[is_train, start : start + _COLUMNS_AT_ONCE].astype(np.float64)
        part[~np.isfinite(part)] = np.nan
        has_values = ~np.isnan(part).all(axis=0)
        values[start : start + part.shape[1]][has_values] = np.nanmedian(
            part[:, has_values], axis=0
        )
    for features in _categories(dataset):
        counts = np.nansum(X[np.ix_(is_train, features)].astype(np.float64), axis=0)
        values[features] = np.arange(len(features)) == counts.argmax() if counts.any() else np.nan
    return values


def imputed(
    dataset: Dataset, values: np.ndarray | None, *, source: str, is_to_fit: bool = True
) -> Dataset:
    """Return a data set whose missing values are replaced, with a note that counts them.

    Parameters
    ----------
    dataset : Dataset
    values : ndarray of shape (n_features,) or None
        Of `learned_values`; None where a run of an earlier version keeps none.
    source : str
        What the data set is called in messages.
    is_to_fit : bool
        False where the values are those of other samples.

    Raises
    ------
    AevizError
        If there is no value for a feature that lacks one.
    """
    per_feature, _ = _missing_values(dataset.X)
    features = np.flatnonzero(per_feature)
    if not features.size:
        return dataset if values is None else replace(dataset, fill_values=values)
    if values is None:
        raise AevizError(
            f"{source} has {_described(dataset, per_feature)}, and the run keeps no medians; "
            "accepted: on_missing=drop"
        )
    unknown = features[np.isnan(values[features])]
    if unknown.size:
        raise AevizError(
            f"{source} has {_described(dataset, per_feature)}, and the training samples have no "
            f"finite value in {column_name(dataset.feature_names, unknown[0])}, so there is no "
            "median to impute; leave the column out"
        )
    X = dataset.X.copy()
    for feature in features.tolist():
        column = X[:, feature]
        column[~np.isfinite(column)] = values[feature]
    notes = (*dataset.notes, _imputed_words(dataset, per_feature, values, is_to_fit=is_to_fit))
    return replace(dataset, X=X, fill_values=values, notes=notes)


def _missing_values(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of values that are not finite per feature, and which rows have any."""
    per_feature = np.zeros(X.shape[1], dtype=np.int64)
    is_incomplete = np.zeros(len(X), dtype=bool)
    if X.dtype.kind == "f":
        for rows, block in row_blocks(X):
            is_missing = ~np.isfinite(block)
            per_feature += is_missing.sum(axis=0)
            is_incomplete[rows] = is_missing.any(axis=1)
    return per_feature, is_incomplete


def _places(dataset: Dataset) -> list[tuple[TableColumn, np.ndarray]]:
    """Return the columns of a table that are features, with the places of theirs."""
    start, places = 0, []
    for column in dataset.columns or ():
        n_features = len(column.feature_names)
        if n_features:
            places.append((column, np.arange(start, start + n_features)))
        start += n_features
    return places if start == dataset.n_features else []


def _categories(dataset: Dataset) -> list[np.ndarray]:
    return [features for column, features in _places(dataset) if column.role == "category"]


def _counts(dataset: Dataset, per_feature: np.ndarray) -> dict[str, tuple[int, np.ndarray]]:
    """Return how many values are missing by the column's name, and the column's features."""
    places = [(quoted(column.name), features) for column, features in _places(dataset)]
    if not places:
        names = dataset.feature_names
        lacking = np.flatnonzero(per_feature).tolist()
        places = [(column_name(names, feature), np.array([feature])) for feature in lacking]
    return {
        name: (int(per_feature[features[0]]), features)
        for name, features in places
        if per_feature[features[0]]
    }


def _described(dataset: Dataset, per_feature: np.ndarray) -> str:
    """Return how many values are missing and where."""
    examples = {
        quoted(c.name): f" as {quoted(c.example)}" for c in dataset.columns or () if c.example
    }
    counts = _counts(dataset, per_feature)
    total = sum(count for count, _ in counts.values())
    where = listed(f"{name} ({n:,}{examples.get(name, '')})" for name, (n, _) in counts.items())
    return f"{plural(total, 'NaN or infinite value')} in {where}"


def _imputed_words(
    dataset: Dataset, per_feature: np.ndarray, values: np.ndarray, *, is_to_fit: bool
) -> str:
    """Return how many values of which columns were replaced, and by what."""
    counts = _counts(dataset, per_feature)
    kinds = {tuple(features): column for column, features in _places(dataset)}
    words = []
    for name, (n_missing, features) in counts.items():
        column = kinds.get(tuple(features))
        by = f"{values[features[0]]:.4g}"
        if column is not None and column.role == "category":
            by = quoted(column.values[int(values[features].argmax())])
        words.append(f"{name} ({n_missing:,}, by {by})")
    total = sum(count for count, _ in counts.values())
    whose = "the training samples" if is_to_fit else "the run's training samples"
    does = "was" if total == 1 else "were"
    return (
        f"{plural(total, 'missing value')} in {plural(len(counts), 'column')} {does} replaced by "
        f"the median, or the most frequent value, of {whose}: {listed(words)}."
    )
