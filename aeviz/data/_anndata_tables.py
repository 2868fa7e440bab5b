"""Read the tables of observations and variables inside an AnnData file.

A table is a group whose columns are data sets, or groups for categories and for numbers with
gaps, as the specification of AnnData's on-disk format has them. Older files are read too: those
that keep categories apart, and those of versions before 0.7, whose tables are data sets of
records and whose categories are in ``uns``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.data._files import explained
from aeviz.data._hdf5 import Entry, Hdf5File

__all__ = ["annotation_columns", "annotation_table"]

_DAMAGED = (ValueError, TypeError, KeyError, IndexError)


def annotation_columns(file: Hdf5File, group: str) -> list[str]:
    """Return the names of a table's columns, in their order, its index not among them."""
    entry = file.entries.get(group)
    if entry is None or not entry.is_group:
        return []
    inside = f"{group}/"
    below = (name for name in file.entries if name.startswith(inside))
    names = {name.removeprefix(inside).split("/")[0] for name in below}
    names -= {"__categories", _index_name(entry)}
    order = entry.attributes.get("column-order", entry.fields[1:])
    order = [order] if isinstance(order, str) else list(order)
    return [name for name in order if name in names] + sorted(names - set(order))


def annotation_table(
    file: Hdf5File, group: str, *, columns: Iterable[str], n_rows: int
) -> pd.DataFrame:
    """Return some columns of a table, with its index if it has one of the right length.

    Raises
    ------
    AevizError
        If a column cannot be read or has another length.
    """
    frame = pd.DataFrame(index=pd.RangeIndex(n_rows))
    for name in columns:
        what = f"{group}/{name} in {file.path}"
        with explained(f"{what} cannot be read", *_DAMAGED):
            values = _column(file, f"{group}/{name}", group)
            if len(values) != n_rows:
                raise AevizError(f"{what} has {len(values):,} values for {n_rows:,} rows")
            frame[name] = pd.Series(values)
    index = f"{group}/{_index_name(file.entries.get(group, Entry(group)))}"
    if index in file.entries:
        with explained(f"{index} in {file.path} cannot be read", *_DAMAGED):
            names = _values(file, index).tolist()
        if len(names) == n_rows and None not in names:
            frame.index = pd.Index([str(one) for one in names])
    return frame


def _index_name(entry: Entry) -> str:
    if entry.fields:
        return entry.fields[0]
    name = entry.attributes.get("_index", "_index")
    return name if isinstance(name, str) else "_index"


def _column(file: Hdf5File, name: str, group: str) -> np.ndarray | pd.Categorical:
    """Return one column, whatever its encoding."""
    entry = file.entries[name]
    if entry.is_group:
        if f"{name}/codes" in file.entries:
            return _categorical(file.read(f"{name}/codes"), _values(file, f"{name}/categories"))
        return _values(file, name)
    values = file.read(name)
    last = name.rpartition("/")[2]
    is_of_records = bool(file.entries[group].fields)
    old = f"uns/{last}_categories" if is_of_records else f"{group}/__categories/{last}"
    if old in file.entries and values.dtype.kind in "iu":
        return _categorical(values, file.read(old))
    return values


def _values(file: Hdf5File, name: str) -> np.ndarray:
    """Return an array that is a data set, or a group of values and a mask of gaps."""
    if not file.entries[name].is_group:
        return file.read(name)
    values, mask = file.read(f"{name}/values"), file.read(f"{name}/mask").astype(bool)
    gaps = values.astype(object)
    gaps[mask] = None
    return gaps if values.dtype.kind in "Ob" else pd.to_numeric(pd.Series(gaps)).to_numpy()


def _categorical(codes: np.ndarray, categories: np.ndarray) -> pd.Categorical:
    if codes.ndim != 1 or categories.ndim != 1 or codes.dtype.kind not in "iu":
        raise ValueError("its categories are damaged")
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=categories.tolist())
