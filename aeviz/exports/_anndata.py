"""Write the elements of an AnnData file: arrays, tables of annotations, nested values.

Every element states its encoding and the encoding's version, as readers expect [1]_.

Why without anndata: its newest version requires pandas before 3, and this module has a hundred
lines. A test reads the file with the package itself.

References
----------
.. [1] The AnnData on-disk format, version 0.1.0.
   https://anndata.readthedocs.io/en/stable/fileformat-prose.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import h5py
import numpy as np
import pandas as pd

__all__ = ["mark", "write_array", "write_mapping", "write_table"]


def mark(element: Any, encoding: str, version: str) -> None:
    """Set the encoding of an element."""
    element.attrs["encoding-type"] = encoding
    element.attrs["encoding-version"] = version


def write_array(group: Any, name: str, values: Any) -> None:
    """Write an array of numbers or strings."""
    array = np.asarray(values)
    if array.dtype.kind in "OUT":
        words = array.astype(object)
        dataset = group.create_dataset(name, data=words, dtype=h5py.string_dtype())
        mark(dataset, "string-array", "0.2.0")
        return
    # HDF5 refuses to compress empty arrays.
    how: dict[str, Any] = {"compression": "gzip"} if array.size else {}
    mark(group.create_dataset(name, data=array, **how), "array", "0.2.0")


def write_table(
    group: Any,
    name: str,
    table: pd.DataFrame,
    *,
    index: Sequence[str],
    categories: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write a table of annotations; columns of strings become categories.

    Parameters
    ----------
    group : h5py.Group
    name : str
    table : DataFrame
    index : sequence of str
        Names of the rows.
    categories : mapping from str to sequence of str
        Order of the categories of some columns; others are sorted.
    """
    frame = group.create_group(name)
    mark(frame, "dataframe", "0.2.0")
    frame.attrs["_index"] = "_index"
    write_array(frame, "_index", np.asarray(index, dtype=object))
    keys: list[str] = []
    for column in table.columns:
        key = _key(str(column), taken={"_index", *keys})
        values = table[column]
        if values.dtype.kind in "biuf":
            write_array(frame, key, values.to_numpy())
        else:
            _write_categories(frame, key, values, (categories or {}).get(column))
        keys.append(key)
    frame.attrs.create("column-order", np.array(keys, dtype=object), dtype=h5py.string_dtype())


def write_mapping(group: Any, name: str, values: Mapping[str, Any]) -> Any:
    """Write a nested mapping of strings, numbers and arrays, and return its group."""
    nested = group.create_group(name)
    mark(nested, "dict", "0.1.0")
    for key, value in values.items():
        if isinstance(value, Mapping):
            write_mapping(nested, key, value)
        elif isinstance(value, (str, int, float)):
            is_text = isinstance(value, str)
            dtype = h5py.string_dtype() if is_text else None
            element = nested.create_dataset(key, data=value, dtype=dtype)
            mark(element, "string" if is_text else "numeric-scalar", "0.2.0")
        else:
            write_array(nested, key, value)
    return nested


def _write_categories(frame: Any, key: str, values: pd.Series, order: Sequence[str] | None) -> None:
    words = values.astype(object).where(values.notna(), None)
    words = words.map(lambda word: None if word is None else str(word))
    column = pd.Categorical(words, categories=None if order is None else list(order))
    group = frame.create_group(key)
    mark(group, "categorical", "0.2.0")
    group.attrs["ordered"] = False
    write_array(group, "codes", column.codes)
    write_array(group, "categories", np.asarray(column.categories, dtype=object))


def _key(name: str, *, taken: set[str]) -> str:
    """Return a column's name as a key of HDF5, where a slash would make a folder."""
    key = name.replace("/", "_") or "_"
    while key in taken:
        key += "_"
    return key
