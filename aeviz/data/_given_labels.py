"""Give a data set labels that come from elsewhere: a second file, or an object of Python.

They are paired with the samples as `aeviz.data.pairing` does it.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, quoted
from aeviz.data._array_values import with_class_numbers, without_mask
from aeviz.data._arrays import as_labels
from aeviz.data._files import check_readable, path_exists
from aeviz.data._table_labels import label_values
from aeviz.data.dataset import Dataset
from aeviz.data.formats.npy import read_npy_file
from aeviz.data.pairing import id_column, is_table_file, paired_rows, same_ids, table_columns

__all__ = ["LabelTable", "labelled", "opened_labels"]


class LabelTable:
    """Columns of a file of labels.

    Parameters
    ----------
    path : Path
    names : sequence of str
        The columns that are wanted at least.

    Raises
    ------
    AevizError
        If the file is no table.
    """

    def __init__(self, path: Path, names: Sequence[str] = ()) -> None:
        self.path = path
        self.columns, self.index = table_columns(path, names)

    def chosen(
        self, names: Sequence[str], ids: np.ndarray | None
    ) -> tuple[dict[str, np.ndarray], np.ndarray | None]:
        """Return the columns of labels, the first one first, and the ids beside them.

        Parameters
        ----------
        names : sequence of str
            The columns of labels; empty where the only one that holds no ids is meant.
        ids : ndarray or None
            Of the samples.

        Raises
        ------
        AevizError
            If there is no such column, or several may be meant.
        """
        others = {name: values for name, values in self.columns.items() if name not in names}
        name = id_column(others, ids) if names or len(others) > 1 else None
        found = self.index if name is None else self.columns[name]
        if ids is not None and self.index is not None and same_ids(ids, self.index):
            found = self.index
        if names:
            return {one: self.columns[one] for one in names}, found
        rest = {one: values for one, values in others.items() if one != name}
        if len(rest) != 1:
            raise AevizError(
                f"{self.path} has the columns {listed(map(quoted, self.columns))}; accepted: one "
                "column of labels, alone or beside one of ids, or label=NAME for the labels"
            )
        return rest, found


def opened_labels(labels: Any, names: Sequence[str] = ()) -> tuple[Any, str]:
    """Return labels and what they are called; those in a file as a `LabelTable` or an array.

    `names` are the columns of a table that are wanted at least.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    AevizError
        If the file is of another kind or cannot be read.
    """
    if not isinstance(labels, str | os.PathLike):
        return labels, "labels"
    path = Path(labels)
    accepted = "in a .npy file or a table, such as .csv, .tsv or .parquet"
    if not path_exists(path):
        raise FileNotFoundError(f"there is no file of labels {path}; accepted: labels {accepted}")
    if path.is_dir() or not is_table_file(path):
        raise SettingError("labels", path, accepted, f"labels must be {accepted}, got {path}")
    check_readable(path)
    if path.suffix.lower() == ".npy" and not (values := read_npy_file(path)).dtype.names:
        return values, str(path)
    return LabelTable(path, names), str(path)


def labelled(
    dataset: Dataset,
    labels: Any,
    *,
    names: Sequence[str] = (),
    what: str,
    source: Any,
    called: str,
) -> Dataset:
    """Return a data set with labels that were given apart from it.

    Parameters
    ----------
    dataset : Dataset
        Without labels.
    labels : LabelTable, Series, or array-like
        One per sample, see `opened_labels`. An index other than 0, 1, 2 … holds ids.
    names : sequence of str
        The columns of a table of labels that are meant.
    what : str
        What the labels are called in messages.
    source : object
        What the samples were read from.
    called : str
        What that is called in messages.

    Raises
    ------
    AevizError
        If the labels do not belong to the samples, or cannot be labels.
    """
    n_samples = dataset.drawn_of or dataset.n_samples
    ids = dataset.sample_ids if dataset.drawn_of is None else None
    others, notes = None, list[str]()
    if isinstance(labels, pd.DataFrame) and labels.shape[1] == 1:
        labels = labels.iloc[:, 0]
    if isinstance(labels, LabelTable):
        found, others = labels.chosen(names, ids)
    elif isinstance(labels, pd.Series):
        found, others = {"": label_values(labels)}, _index_ids(labels.index)
        if others is not None and isinstance(source, pd.DataFrame):
            ids = _ids_of_frame(source.index, others, ids)
        elif others is not None and ids is None and not isinstance(source, str | os.PathLike):
            # An array has no ids: what was split or shuffled with it has kept its place.
            notes = ["The labels were paired with the samples by place, not by their index."]
            others = None
    else:
        values, notes = with_class_numbers(_array(labels), what=what)
        found = {"": values}
    rows, more = paired_rows(ids, others, n_samples=n_samples, what=what, of=called)
    arrays = {}
    for name, values in found.items():
        shown = f"column {quoted(name)} of {what}" if name else what
        y = as_labels(values, n_samples=n_samples, what=shown)
        y = y if rows is None else y[rows]
        arrays[name] = y if dataset.drawn_of is None else y[dataset.sample_ids]
    y = arrays.pop(next(iter(arrays)))
    metadata = {**dataset.metadata, **arrays}
    return replace(dataset, y=y, metadata=metadata, notes=(*dataset.notes, *notes, *more))


def _array(labels: Any) -> np.ndarray:
    """Return labels of a sequence; masked ones, and what pandas takes for missing, are missing."""
    values, _ = without_mask(labels if isinstance(labels, np.ndarray) else np.asarray(labels))
    if values.dtype.kind != "O" or values.ndim != 1:
        return values
    is_text = [one is None or isinstance(one, str | bytes) for one in values]
    # Other objects are taken as those of a table's column would be.
    return values if all(is_text) else label_values(pd.Series(values.tolist()))


def _index_ids(index: pd.Index) -> np.ndarray | None:
    """Return the ids that an index holds; None where it only counts the rows."""
    if index.nlevels > 1:
        return np.array(["/".join(map(str, one)) for one in index], dtype=str)
    if np.array_equal(index.to_numpy(), np.arange(len(index))):
        return None
    return np.asarray(index.to_numpy())


def _ids_of_frame(index: pd.Index, others: np.ndarray, ids: np.ndarray | None) -> np.ndarray | None:
    """Return the ids of a data frame that labels with ids are paired by.

    They are those of its index, as pandas aligns, or else of a column of ids.
    """
    own = _index_ids(index)
    for candidate in (np.arange(len(index)) if own is None else own, ids):
        if candidate is not None and same_ids(candidate, others):
            return candidate
    return ids if own is None else own
