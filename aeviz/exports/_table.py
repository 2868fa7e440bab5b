"""Collect everything that a run knows about its samples in one table, one row per sample."""

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.exports.base import Choices, Export
from aeviz.runs.run import Run

__all__ = ["coded", "coordinate_columns", "identity_table", "measured_table", "table_export"]


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
    measures = ("x", "y", "false_neighbors", "missing_neighbors")
    of_embeddings = [f"{pair.key}_{what}" for pair in run.pairs for what in measures]
    of_encoders = [f"{kind}_error" for kind in run.encoders]
    return table.drop(columns=[*of_embeddings, *of_encoders], errors="ignore")


def measured_table(run: Run, encoders: Sequence[str]) -> pd.DataFrame:
    """Return the measurements of every sample, without coordinates.

    The shares of false and missing neighbours in every embedding, ``<pair>_false_neighbors`` and
    ``<pair>_missing_neighbors``; the reconstruction error of every encoder with a decoder,
    ``<encoder>_error``; the evidence lower bound in nats of variational ones, ``<encoder>_elbo``.
    """
    table = run.embeddings
    shares, pairs = ("false_neighbors", "missing_neighbors"), coordinate_columns(run, encoders)
    names = [f"{pair}_{share}" for pair in pairs for share in shares]
    names += [f"{kind}_error" for kind in encoders]
    columns = {name: table[name] for name in names if name in table.columns}
    for kind in coded(run, encoders):
        bound = run.bound(kind)
        if bound is not None and bound.sample_elbo is not None:
            columns[f"{kind}_elbo"] = pd.Series(bound.sample_elbo)
    return pd.DataFrame(columns, index=table.index)


def table_export(suffix: str, write: Callable[..., Any]) -> Export:
    """Return the export of a run's whole table by a writer of pandas, as `DataFrame.to_csv`.

    See `identity_table` and `measured_table`; between them stand the coordinates,
    ``<encoder>_<embedding>_x`` and ``<encoder>_<embedding>_y``, and at the end, if wanted, the
    codes, as ``<encoder>_code_1`` and so on.
    """

    def written(run: Any, path: Path, choices: Choices) -> list[str]:
        encoders = choices.encoders
        coordinates = [*chain.from_iterable(coordinate_columns(run, encoders).values())]
        parts = [identity_table(run), run.embeddings[coordinates], measured_table(run, encoders)]
        for kind in coded(run, encoders) if choices.codes else ():
            code = np.asarray(run.code(kind))
            names = [f"{kind}_code_{i + 1}" for i in range(code.shape[1])]
            parts.append(pd.DataFrame(code, columns=names))
        table = pd.concat(parts, axis=1)
        write(table, path, index=False)
        return [f"table: {len(table):,} samples, {table.shape[1]} columns"]

    return Export(written, suffix=suffix, options=frozenset({"encoders", "codes"}))
