"""An AnnData file: codes as X, codes and embeddings in obsm, labels in obs, scores in uns.

Every element states its encoding and the encoding's version, as readers expect [1]_.

Why without the package anndata: its newest version requires pandas before 3, and writing these
elements takes a hundred lines. A test reads the file with the package itself.

References
----------
.. [1] The AnnData on-disk format, version 0.1.0.
   https://anndata.readthedocs.io/en/stable/fileformat-prose.html
"""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd

from aeviz.exports._table import coded, coordinate_columns, identity_table, measured_table
from aeviz.exports.base import Choices, Export
from aeviz.plots.theme import class_colors
from aeviz.runs.pair import file_name
from aeviz.runs.run import Run

__all__ = ["EXPORT"]

PATH_SETTINGS = ("out", "data_dir", "tensorboard")
EMPTY = ("layers", "varm", "obsp", "varp")


def _write(run: Any, path: Path, choices: Choices) -> list[str]:
    """Write the file.

    X is the code of the first encoder asked for. Every code is ``obsm["X_<encoder>"]`` and
    every embedding ``obsm["X_<encoder>_<embedding>"]``, which scanpy's ``pl.embedding`` takes as
    ``basis="<encoder>_<embedding>"``; it finds the report's colours in ``uns["label_colors"]``.
    """
    kinds = coded(run, choices.encoders)
    embeddings = coordinate_columns(run, choices.encoders)
    table = run.embeddings
    # In memory: on a full disk HDF5 would print an error of its own when it closes the file.
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        _mark(file, "anndata", "0.1.0")
        index: list[str] = []
        if kinds:
            _write_array(file, "X", run.code(kinds[0]))
            index = [f"code_{i + 1}" for i in range(run.code(kinds[0]).shape[1])]
        _write_table(file, "var", pd.DataFrame(index=range(len(index))), index=index)
        _write_observations(file, run, choices)
        obsm = _write_mapping(file, "obsm", {})
        for kind in kinds:
            _write_array(obsm, f"X_{file_name(kind)}", run.code(kind))
        for key, columns in embeddings.items():
            _write_array(obsm, f"X_{key}", table[columns].to_numpy(np.float32))
        _write_unstructured(file, run, choices)
        for name in EMPTY:
            _write_mapping(file, name, {})
    path.write_bytes(content.getbuffer())
    what = "no encoder with a code was asked for, so there is no X"
    if kinds:
        what = f"X is the code of {kinds[0]}"
    named = ", ".join(f"X_{name}" for name in [*kinds, *embeddings])
    return [f"AnnData: {len(table):,} observations; {what}", f"obsm: {named}"]


def _write_observations(file: Any, run: Run, choices: Choices) -> None:
    table = pd.concat([identity_table(run), measured_table(run, choices.encoders)], axis=1)
    names = table.pop("sample_id").map(str).to_list()
    order = {"label": run.data.class_names} if run.data.class_names else {}
    _write_table(file, "obs", table, index=names, categories=order)


def _write_unstructured(file: Any, run: Run, choices: Choices) -> None:
    """Write scores, colours, and the origin of the data."""
    # Paths on this machine mean nothing elsewhere.
    settings = {name: value for name, value in run.settings.items() if name not in PATH_SETTINGS}
    info: dict[str, Any] = {
        "version": run.info["aeviz"],
        "created": run.info["created"],
        "data": run.data.name,
        "source": run.data.source,
        "fingerprint": run.data.fingerprint,
        "seed": run.info["seed"],
        "settings": json.dumps(settings, ensure_ascii=False),
    }
    values: dict[str, Any] = {"aeviz": info}
    if run.data.class_names:
        colors = run.data.class_colors
        values["label_colors"] = colors or class_colors(len(run.data.class_names))
    group = _write_mapping(file, "uns", values)
    scores = run.scores[run.scores["encoder"].isin(choices.encoders)].reset_index(drop=True)
    scores = scores.astype({"k": float})  # NaN where a metric has no neighbourhood size
    _write_table(group, "scores", scores, index=[str(i) for i in range(len(scores))])


# -- elements of the format -------------------------------------------------------------------


def _mark(element: Any, encoding: str, version: str) -> None:
    """Set the encoding of an element."""
    element.attrs["encoding-type"] = encoding
    element.attrs["encoding-version"] = version


def _write_array(group: Any, name: str, values: Any) -> None:
    """Write an array of numbers or strings."""
    array = np.asarray(values)
    if array.dtype.kind in "OUT":
        words = array.astype(object)
        dataset = group.create_dataset(name, data=words, dtype=h5py.string_dtype())
        _mark(dataset, "string-array", "0.2.0")
        return
    # HDF5 refuses to compress empty arrays.
    how: dict[str, Any] = {"compression": "gzip"} if array.size else {}
    _mark(group.create_dataset(name, data=array, **how), "array", "0.2.0")


def _write_table(
    group: Any,
    name: str,
    table: pd.DataFrame,
    *,
    index: Sequence[str],
    categories: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write a table of annotations; columns of strings become categories.

    `index` names the rows; `categories` gives their order for some columns, others are sorted.
    """
    frame = group.create_group(name)
    _mark(frame, "dataframe", "0.2.0")
    frame.attrs["_index"] = "_index"
    _write_array(frame, "_index", np.asarray(index, dtype=object))
    keys: list[str] = []
    for column in table.columns:
        key = _key(str(column), taken={"_index", *keys})
        values = table[column]
        if values.dtype.kind in "biuf":
            _write_array(frame, key, values.to_numpy())
        else:
            _write_categories(frame, key, values, (categories or {}).get(column))
        keys.append(key)
    frame.attrs.create("column-order", np.array(keys, dtype=object), dtype=h5py.string_dtype())


def _write_mapping(group: Any, name: str, values: Mapping[str, Any]) -> Any:
    """Write a nested mapping of strings, numbers and arrays, and return its group."""
    nested = group.create_group(name)
    _mark(nested, "dict", "0.1.0")
    for key, value in values.items():
        if isinstance(value, Mapping):
            _write_mapping(nested, key, value)
        elif isinstance(value, (str, int, float)):
            is_text = isinstance(value, str)
            dtype = h5py.string_dtype() if is_text else None
            element = nested.create_dataset(key, data=value, dtype=dtype)
            _mark(element, "string" if is_text else "numeric-scalar", "0.2.0")
        else:
            _write_array(nested, key, value)
    return nested


def _write_categories(frame: Any, key: str, values: pd.Series, order: Sequence[str] | None) -> None:
    words = values.astype(object).where(values.notna(), None)
    words = words.map(lambda word: None if word is None else str(word))
    column = pd.Categorical(words, categories=None if order is None else list(order))
    group = frame.create_group(key)
    _mark(group, "categorical", "0.2.0")
    group.attrs["ordered"] = False
    _write_array(group, "codes", column.codes)
    _write_array(group, "categories", np.asarray(column.categories, dtype=object))


def _key(name: str, *, taken: set[str]) -> str:
    """Return a column's name as a key of HDF5, where a slash would make a folder."""
    key = name.replace("/", "_") or "_"
    while key in taken:
        key += "_"
    return key


EXPORT = Export(_write, suffix=".h5ad")
