"""Read an AnnData object that a program has in memory, as a .h5ad file is read.

Why without anndata: only its attributes are looked at, so whatever version the program uses will
do. The version that there is today demands an older pandas than others do.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, quoted
from aeviz.data._arrays import as_samples
from aeviz.data._sparse import is_sparse
from aeviz.data._table_labels import class_order, table_labels
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions

__all__ = ["anndata_dataset", "checked_colors", "is_anndata"]

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def is_anndata(source: Any) -> bool:
    """Return whether something is an AnnData object, without importing anndata."""
    return type(source).__name__ == "AnnData" and hasattr(source, "obs")


def anndata_dataset(source: Any, options: ReadOptions, *, called: str) -> Dataset:
    """Return observations as samples.

    Parameters
    ----------
    source : AnnData
    options : ReadOptions
        `key` names the matrix: a layer, ``"raw/X"``, or ``"obsm/..."``; None is X. `label` names
        columns of the observations.
    called : str
        What it is called in messages.

    Raises
    ------
    AevizError
        If there is no such matrix or column, or it holds no real numbers.
    """
    key = options.key or "X"
    matrix, variables = _matrix(source, key, called=called)
    obs = source.obs
    y, metadata = table_labels(obs, options.label, source=f"the observations of {called}")
    order = class_order(obs, options.label)
    colors: tuple[str, ...] = ()
    if order is not None:
        colors = checked_colors(list(source.uns.get(f"{options.label[0]}_colors", ())))
    others = listed(quoted(name) for name in obs.columns if name not in options.label)
    notes = [f"Features are those of {key}."] * (key != "X")
    notes += [f"Columns of observations that label can name: {others}."] * bool(others)
    ids = source.obs_names
    names = None if variables is None or not variables.is_unique else tuple(map(str, variables))
    return Dataset(
        name="anndata",
        X=matrix.tocsr() if is_sparse(matrix) else as_samples(np.asarray(matrix), what=called),
        y=y,
        feature_names=names,
        sample_ids=np.array(list(map(str, ids)), dtype=str) if ids.is_unique else None,
        metadata=metadata,
        notes=tuple(notes),
        class_order=order,
        class_colors=colors if order is not None and len(colors) == len(order) else None,
    )


def checked_colors(colors: Sequence[Any]) -> tuple[str, ...]:
    """Return colours that are written as ``#1f77b4``, with or without opacity; else none."""
    plain = [str(color)[:7] for color in colors]
    return tuple(plain) if all(_COLOR.fullmatch(color) for color in plain) else ()


def _matrix(source: Any, key: str, *, called: str) -> tuple[Any, Any]:
    """Return a matrix and the names of its columns, or None."""
    if key == "X" and source.X is not None:
        return source.X, source.var_names
    if key in ("raw", "raw/X") and source.raw is not None:
        return source.raw.X, source.raw.var_names
    layer = key.removeprefix("layers/")
    if layer in source.layers:
        return source.layers[layer], source.var_names
    inside = key.removeprefix("obsm/")
    if inside in source.obsm:
        return source.obsm[inside], None
    there = [*source.layers.keys(), *(f"obsm/{name}" for name in source.obsm)]
    raise AevizError(
        f"{called} has no matrix {quoted(key)}; accepted: X, raw/X, or one of "
        f"{listed(map(quoted, there)) or 'its layers, of which there are none'}"
    )
