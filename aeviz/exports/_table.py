"""Lay what a run knows of every sample out as one table, a row a sample."""

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
    "identity_table",
    "measured_table",
    "picture_columns",
    "sample_table",
    "table_export",
]


def coded(run: Run, encoders: Sequence[str]) -> list[str]:
    """Return those of some encoders that have codes: all but the data themselves."""
    return [kind for kind in encoders if kind in run.encoders]


def picture_columns(run: Run, encoders: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns of places of every picture of some encoders, by the picture's name."""
    pairs = [pair.key for pair in run.pairs if pair.encoder in encoders]
    return {pair: [f"{pair}_x", f"{pair}_y"] for pair in pairs}


def identity_table(run: Run) -> pd.DataFrame:
    """Return sample_id, split, and label and further labels where there are any."""
    table = run.embeddings
    of_pictures = [
        f"{pair.key}_{what}"
        for pair in run.pairs
        for what in ("x", "y", "false_neighbors", "missing_neighbors")
    ]
    of_encoders = [f"{kind}_error" for kind in run.encoders]
    return table.drop(columns=[*of_pictures, *of_encoders], errors="ignore")


def measured_table(run: Run, encoders: Sequence[str]) -> pd.DataFrame:
    """Return what is known of each sample in the pictures and by the encoders, but no places.

    The shares of false and missing neighbours in every embedding, ``<pair>_false_neighbors`` and
    ``<pair>_missing_neighbors``; the reconstruction error of every encoder with a decoder,
    ``<encoder>_error``; the evidence lower bound in nats of variational ones, ``<encoder>_elbo``.
    """
    table = run.embeddings
    names = [
        f"{pair}_{share}"
        for pair in picture_columns(run, encoders)
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
    """Return everything of every sample.

    Parameters
    ----------
    run : Run
    encoders : sequence of str
        Those whose pictures, errors and codes are wanted.
    codes : bool
        Whether to end with the codes, as ``<encoder>_code_1`` and so on.

    Returns
    -------
    DataFrame
        See `identity_table` and `measured_table`; the places, ``<picture>_x`` and
        ``<picture>_y``, stand between the two.
    """
    places = [name for columns in picture_columns(run, encoders).values() for name in columns]
    parts = [identity_table(run), run.embeddings[places], measured_table(run, encoders)]
    for kind in coded(run, encoders) if codes else ():
        code = np.asarray(run.code(kind))
        names = [f"{kind}_code_{i + 1}" for i in range(code.shape[1])]
        parts.append(pd.DataFrame(code, columns=names))
    return pd.concat(parts, axis=1)


def table_export(suffix: str, write: Callable[..., Any]) -> Export:
    """Return the export of a run's table by a writer of pandas, as `DataFrame.to_csv`."""

    def written(run: Any, path: Path, choices: Choices) -> list[str]:
        table = sample_table(run, choices.encoders, codes=choices.codes)
        write(table, path, index=False)
        return [f"table: {len(table):,} samples, {table.shape[1]} columns"]

    return Export(written, suffix=suffix, options=frozenset({"encoders", "codes"}))
