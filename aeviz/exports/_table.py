"""Collect everything that a run knows about its samples in one table, one row per sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.exports.base import Choices, Export
from aeviz.runs.run import Run

__all__ = [
    "coded",
    "coordinate_columns",
    "identity_table",
    "measured_table",
    "sample_table",
    "table_export",
]


def coded(run: Run, encoders: Sequence[str]) -> list[str]:
    """Return those encoders that have codes: all but identity."""
    return [kind for kind in encoders if kind in run.encoders]


def coordinate_columns(run: Run, encoders: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns of coordinates of every embedding of some encoders, by its key."""
    pairs = [pair.key for pair in run.pairs if pair.encoder in encoders]
    return {pair: [f"{pair}_x", f"{pair}_y"] for pair in pairs}


def identity_table(run: Run) -> pd.DataFrame:
    """Return sample_id, split, and label and further labels where there are any."""
    table = run.embeddings
    of_embeddings = [
        f"{pair.key}_{what}"
        for pair in run.pairs
        for what in ("x", "y", "false_neighbors", "missing_neighbors")
    ]
    of_encoders = [f"{kind}_error" for kind in run.encoders]
    return table.drop(columns=[*of_embeddings, *of_encoders], errors="ignore")


def measured_table(run: Run, encoders: Sequence[str]) -> pd.DataFrame:
    """Return the measurements of every sample, without coordinates.

    The shares of false and missing neighbours in every embedding, ``<pair>_false_neighbors`` and
    ``<pair>_missing_neighbors``; the reconstruction error of every encoder with a decoder,
    ``<encoder>_error``; the evidence lower bound in nats of variational ones, ``<encoder>_elbo``.
    """
    table = run.embeddings
    names = [
        f"{pair}_{share}"
        for pair in coordinate_columns(run, encoders)
        for share in ("false_neighbors", "missing_neighbors")
    ]
    names += [f"{kind}_error" for kind in encoders]
    columns = {name: table[name] for name in names if name in table.columns}
    for kind in coded(run, encoders):
        bound = run.bound(kind)
        if bound is not None and bound.sample_elbo is not None:
            columns[f"{kind}_elbo"] = pd.Series(bound.sample_elbo)
    return pd.DataFrame(columns, index=table.index)


def sample_table(run: Run, encoders: Sequence[str], *, codes: bool) -> pd.DataFrame:
    """Return the whole table of samples.

    Parameters
    ----------
    run : Run
    encoders : sequence of str
        Encoders whose embeddings, errors and codes are wanted.
    codes : bool
        Whether to append the codes, as ``<encoder>_code_1`` and so on.

    Returns
    -------
    DataFrame
        See `identity_table` and `measured_table`; between them the coordinates,
        ``<encoder>_<embedding>_x`` and ``<encoder>_<embedding>_y``.
    """
    coordinates = [
        name for columns in coordinate_columns(run, encoders).values() for name in columns
    ]
    parts = [identity_table(run), run.embeddings[coordinates], measured_table(run, encoders)]
    for kind in coded(run, encoders) if codes else ():
        code = np.asarray(run.code(kind))
        names = [f"{kind}_code_{i + 1}" for i in range(code.shape[1])]
        parts.append(pd.DataFrame(code, columns=names))
    return pd.concat(parts, axis=1)


def table_export(suffix: str, write: Callable[..., Any]) -> Export:
    """Return the export of a run's table by a writer of pandas, such as `DataFrame.to_csv`."""

    def written(run: Any, path: Path, choices: Choices) -> list[str]:
        table = sample_table(run, choices.encoders, codes=choices.codes)
        write(table, path, index=False)
        return [f"table: {len(table):,} samples, {table.shape[1]} columns"]

    return Export(written, suffix=suffix, options=frozenset({"encoders", "codes"}))
