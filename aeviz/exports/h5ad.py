"""An AnnData file: codes as X, codes and embeddings in obsm, labels in obs, scores in uns."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd

from aeviz.exports._anndata import mark, write_array, write_mapping, write_table
from aeviz.exports._table import coded, coordinate_columns, identity_table, measured_table
from aeviz.exports.base import Choices, Export
from aeviz.plots.theme import class_colors
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
        mark(file, "anndata", "0.1.0")
        index: list[str] = []
        if kinds:
            write_array(file, "X", run.code(kinds[0]))
            index = [f"code_{i + 1}" for i in range(run.code(kinds[0]).shape[1])]
        write_table(file, "var", pd.DataFrame(index=range(len(index))), index=index)
        _write_observations(file, run, choices)
        obsm = write_mapping(file, "obsm", {})
        for kind in kinds:
            write_array(obsm, f"X_{kind}", run.code(kind))
        for key, columns in embeddings.items():
            write_array(obsm, f"X_{key}", table[columns].to_numpy(np.float32))
        _write_unstructured(file, run, choices)
        for name in EMPTY:
            write_mapping(file, name, {})
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
    write_table(file, "obs", table, index=names, categories=order)


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
        values["label_colors"] = class_colors(len(run.data.class_names))
    group = write_mapping(file, "uns", values)
    scores = run.scores[run.scores["encoder"].isin(choices.encoders)].reset_index(drop=True)
    scores = scores.astype({"k": float})  # NaN where a metric has no neighbourhood size
    write_table(group, "scores", scores, index=[str(i) for i in range(len(scores))])


EXPORT = Export(_write, suffix=".h5ad")
