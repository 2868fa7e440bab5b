"""Read samples from an AnnData file: the matrix X or a layer, observations as samples.

Columns of ``obs`` are labels where `label` names them, ``var`` names the features, and the
names of the observations are the samples' ids. `key` names a layer, or another matrix by its
path, for example raw/X, whose features ``raw/var`` names, or obsm/X_pca. Categories of the label
keep their order, and the colours that scanpy has given them.

A table of observations or variables is a group whose columns are data sets, or groups for
categories and for numbers with gaps, as the specification of AnnData's on-disk format has them.
Older files are read too: those that keep categories apart, and those of versions before 0.7,
whose tables are data sets of records and whose categories are in ``uns``.

Why without anndata: the format is specified and simple, reading it takes a hundred lines, and
the library brings a dozen others, one of which demands older versions than aeviz does.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, quoted
from aeviz.data._anndata import checked_colors
from aeviz.data._arrays import as_samples
from aeviz.data._batches import batch_values
from aeviz.data._files import explained
from aeviz.data._sparse import sparse_of_parts
from aeviz.data._table_labels import class_order, table_labels
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, ReadOptions, whole_file
from aeviz.data.formats.hdf5 import Entry, Hdf5File

__all__ = ["FORMAT"]

_DAMAGED = (ValueError, TypeError, KeyError, IndexError)
_SPARSE = {"csr_matrix": "csr", "csc_matrix": "csc", "csr": "csr", "csc": "csc"}


def _read(path: Path, options: ReadOptions) -> Dataset:
    with Hdf5File(path) as file:
        if "obs" not in file.entries or "var" not in file.entries:
            raise AevizError(f"{path} is no AnnData file; accepted: one with X, obs and var")
        key = _matrix_key(file, options.key)
        matrix = _matrix(file, key)
        n_samples, n_features = matrix.shape
        known = _columns(file, "obs")
        taken = (*options.label, *([] if options.batch is None else [options.batch]))
        for name in taken:
            if name not in known:
                there = listed(map(quoted, known)) or "none"
                what = "label" if name in options.label else "batch"
                raise AevizError(
                    f"{what} column {quoted(name)} is not among the observations of {path}; its "
                    f"columns are {there}"
                )
        obs = _table(file, "obs", columns=taken, n_rows=n_samples)
        names = None
        is_raw = key == "raw/X"
        if key == "X" or is_raw or key.startswith("layers/"):  # variables are its columns
            variables = "raw/var" if is_raw else "var"
            index = _table(file, variables, columns=(), n_rows=n_features).index
            if index.dtype.kind != "i" and index.is_unique:
                names = tuple(map(str, index))
        order = class_order(obs, options.label)
        colors = _colors(file, options.label[0]) if order is not None else ()
    X = as_samples(matrix, what=f"{key} in {path}") if isinstance(matrix, np.ndarray) else matrix
    y, metadata = table_labels(obs, options.label, source=str(path))
    batch = batch_values(obs, options, source=str(path))
    ids = None
    if obs.index.dtype.kind not in "iu" and obs.index.is_unique:
        ids = np.array([str(one) for one in obs.index], dtype=str)
    return Dataset(
        name=path.stem,
        X=X,
        y=y,
        feature_names=names,
        sample_ids=ids,
        metadata=metadata,
        class_order=order,
        class_colors=colors if order is not None and len(colors) == len(order) else None,
        batch=batch,
        notes=tuple(_notes(key, known, options.label, options.batch)),
    )


def _colors(file: Hdf5File, label: str) -> tuple[str, ...]:
    """Return the colours of a label's categories, as scanpy keeps them, or none."""
    entry = file.entries.get(f"uns/{label}_colors")
    if entry is None or entry.dtype != "text" or entry.n_dimensions != 1:
        return ()
    colors = [str(one) for one in file.read(entry.name).tolist()]
    return checked_colors(colors)


def _notes(key: str, known: list[str], labels: tuple[str, ...], batch: str | None) -> list[str]:
    """Return sentences on what was taken and what else the file holds."""
    notes = [f"Features are those of {key}."] * (key != "X")
    if len(labels) > 1:
        notes.append(f"Further labels to colour by: {listed(map(quoted, labels[1:]))}.")
    others = listed(quoted(name) for name in known if name not in (*labels, batch))
    if batch is not None:
        notes.append(f"The samples' batches are those in {quoted(batch)}.")
    if others:
        notes.append(f"Columns of observations that label can name: {others}.")
    return notes


def _matrix_key(file: Hdf5File, key: str | None) -> str:
    """Return the path of the matrix in the file."""
    wanted = "X" if key is None else key.strip("/")
    for candidate in (f"layers/{wanted}", wanted):
        entry = file.entries.get(candidate)
        is_sparse = entry is not None and f"{candidate}/indptr" in file.entries
        if is_sparse or (entry is not None and entry.n_dimensions == 2):
            return candidate
    layers = [name for name in file.entries if name.startswith("layers/") and name.count("/") == 1]
    there = listed(quoted(name.removeprefix("layers/")) for name in layers) or "none"
    raise AevizError(
        f"{file.path} has no matrix {quoted(wanted)}; accepted: X, a layer ({there}) or a path in "
        "the file as raw/X or obsm/X_pca, as key=raw/X"
    )


def _matrix(file: Hdf5File, key: str) -> Any:
    """Return a dense matrix as an array, a sparse one as scipy has it."""
    entry, what = file.entries[key], f"{key} in {file.path}"
    if not entry.is_group:
        return file.read(key)
    kind = entry.attributes.get("encoding-type", entry.attributes.get("h5sparse_format"))
    shape = entry.attributes.get("shape", entry.attributes.get("h5sparse_shape"))
    layout = _SPARSE.get(str(kind))
    is_shape = isinstance(shape, list) and len(shape) == 2 and all(type(n) is int for n in shape)
    if layout is None or not is_shape:
        raise AevizError(f"{what} is neither a dense nor a sparse matrix; its kind: {kind}")
    names = ("data", "indices", "indptr")
    parts = {name: file.read(f"{key}/{name}") for name in names if f"{key}/{name}" in file.entries}
    parts |= {"format": np.array(layout), "shape": np.array(shape)}
    return sparse_of_parts(parts, source=what)


# -- tables of observations and variables -----------------------------------------------------


def _columns(file: Hdf5File, group: str) -> list[str]:
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


def _table(file: Hdf5File, group: str, *, columns: Iterable[str], n_rows: int) -> pd.DataFrame:
    """Return some columns of a table, with its index if it has one of the right length."""
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


FORMAT = Format(
    suffixes=(".h5ad",),
    summary="an AnnData file: X, or a layer by key; label names a column of observations",
    open=whole_file(_read),
    options=frozenset({"key", "label", "batch"}),
)
