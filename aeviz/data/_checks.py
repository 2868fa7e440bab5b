"""Check what every data set has to fulfil, whatever format it came from.

Missing values are settled here too, since what to do about them is the user's choice and
not the format's. Nothing here looks at files.
"""

from dataclasses import replace

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import column_name, listed, plural, quoted
from aeviz.data._arrays import as_labels
from aeviz.data._row_blocks import row_blocks
from aeviz.data.columns import left_out_words
from aeviz.data.dataset import Dataset
from aeviz.data.magnitude import check_magnitude

__all__ = ["MIN_FEATURES", "MIN_SAMPLES", "check_dataset"]

MIN_SAMPLES = 10
MIN_FEATURES = 2
ON_MISSING = ("error", "drop", "impute")


def check_dataset(
    dataset: Dataset,
    *,
    source: str,
    on_missing: str = "error",
    is_to_fit: bool = True,
    can_impute: bool = True,
) -> Dataset:
    """Return the data set without missing values, if it can be worked with.

    Parameters
    ----------
    dataset : Dataset
        As a reader made it: missing values are NaN or infinite in `X`, NaN or None in `y`.
    source : str
        What the data set is called in messages.
    on_missing : {"error", "drop", "impute"}, default="error"
        ``"drop"`` leaves out rows with a missing value. ``"impute"`` replaces it by the
        median of the column's finite values, over the training samples where the
        source has a split; labels are not made up, so rows without one are left out.
    is_to_fit : bool, default=True
        False for samples that a fitted model is applied to: one is enough, and they may be
        identical.
    can_impute : bool, default=True
        Whether ``"impute"`` is named where values are missing; False for samples that are read
        some at a time, whose medians nobody knows.

    Returns
    -------
    Dataset
        `notes` says how many rows were left out or values imputed.

    Raises
    ------
    AevizError
        If values are missing and `on_missing` is ``"error"``, there are fewer than
        `MIN_SAMPLES` samples or `MIN_FEATURES` features, all rows are identical, or a value is
        larger than `check_magnitude` accepts.
    """
    fewest = MIN_SAMPLES if is_to_fit else 1
    if on_missing not in ON_MISSING:
        raise SettingError("on_missing", on_missing, ON_MISSING)
    if dataset.n_features < MIN_FEATURES:
        left_out = left_out_words(dataset.columns or ())
        raise AevizError(
            f"{source} has {plural(dataset.n_features, 'feature')}; "
            f"accepted: at least {MIN_FEATURES}" + (f"; left out are {left_out}" * bool(left_out))
        )
    # Said before anything about missing values, which would not be the remedy.
    _check_n_samples(dataset, fewest, source=source)
    rows = None if dataset.drawn_of is None else dataset.ids
    check_magnitude(dataset.X, source=source, rows=rows, feature_names=dataset.feature_names)
    complete = _settle_missing(dataset, source=source, on_missing=on_missing, can_impute=can_impute)
    _check_n_samples(complete, fewest, source=f"{source}, rows with missing values left out,")
    if is_to_fit and all((block == complete.X[0]).all() for _, block in row_blocks(complete.X)):
        raise AevizError(
            f"{source} has {plural(complete.n_samples, 'row')} that are all identical; "
            "accepted: samples that differ"
        )
    return complete


def _check_n_samples(dataset: Dataset, fewest: int, *, source: str) -> None:
    if dataset.n_samples < fewest:
        raise AevizError(
            f"{source} has {plural(dataset.n_samples, 'sample')}; accepted: at least {fewest}"
        )


def _settle_missing(dataset: Dataset, *, source: str, on_missing: str, can_impute: bool) -> Dataset:
    per_column, is_incomplete = _missing_values(dataset.X)
    lacks_label, y = np.zeros(dataset.n_samples, dtype=bool), dataset.y
    if y is not None and y.dtype.kind == "f":
        lacks_label = ~np.isfinite(y)
    elif y is not None and y.dtype.kind == "O":
        lacks_label = np.array([label is None for label in y], dtype=bool)
    if not per_column.any() and not lacks_label.any():
        return dataset
    if on_missing == "error":
        raise AevizError(
            f"{source} has {_described(dataset, per_column, lacks_label)}; accepted: finite "
            "values, or on_missing=drop (leave rows out)"
            + (" or impute (use the column's median)" if can_impute else "")
        )
    left_out = is_incomplete | lacks_label if on_missing == "drop" else lacks_label
    notes = list(dataset.notes)
    if on_missing == "impute" and per_column.any():
        dataset = _imputed(dataset, per_column, source=source)
        notes.append(
            f"{plural(int(per_column.sum()), 'missing value')} in "
            f"{plural(int((per_column > 0).sum()), 'column')} replaced by the column's median."
        )
    if left_out.any():
        dataset = dataset.take(np.flatnonzero(~left_out))
        cause = "missing values" if on_missing == "drop" else "missing labels"
        notes.append(f"{plural(int(left_out.sum()), 'row')} with {cause} left out.")
    if dataset.y is not None:
        y = as_labels(dataset.y, n_samples=dataset.n_samples, what="the labels")
    return replace(dataset, y=y, notes=tuple(notes))


def _missing_values(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of values that are not finite a column, and which rows have any."""
    per_column = np.zeros(X.shape[1], dtype=np.int64)
    is_incomplete = np.zeros(len(X), dtype=bool)
    if X.dtype.kind == "f":
        for rows, block in row_blocks(X):
            is_missing = ~np.isfinite(block)
            per_column += is_missing.sum(axis=0)
            is_incomplete[rows] = is_missing.any(axis=1)
    return per_column, is_incomplete


def _described(dataset: Dataset, per_column: np.ndarray, lacks_label: np.ndarray) -> str:
    """Return how many values are missing and where."""
    parts = []
    names = dataset.feature_names
    examples = {c.name: f" as {quoted(c.example)}" for c in dataset.columns or () if c.example}
    columns = np.flatnonzero(per_column).tolist()
    if columns:
        shown = [examples.get(names[column], "") if names else "" for column in columns]
        where = listed(
            f"{column_name(names, column)} ({per_column[column]:,}{example})"
            for column, example in zip(columns, shown, strict=True)
        )
        parts.append(f"{plural(int(per_column.sum()), 'NaN or infinite value')} in {where}")
    if lacks_label.any():
        parts.append(plural(int(lacks_label.sum()), "missing label"))
    return " and ".join(parts)


def _imputed(dataset: Dataset, per_column: np.ndarray, *, source: str) -> Dataset:
    X = dataset.X.copy()
    is_train = np.ones(len(X), dtype=bool) if dataset.is_test is None else ~dataset.is_test
    for column in np.flatnonzero(per_column).tolist():
        values = X[:, column]
        is_known = np.isfinite(values)
        known = values[is_known & is_train]
        if not known.size:
            raise AevizError(
                f"{source} has no finite value in {column_name(dataset.feature_names, column)}, "
                "so there is no median to impute; leave the column out"
            )
        values[~is_known] = np.median(known.astype(np.float64))
    return replace(dataset, X=X)
