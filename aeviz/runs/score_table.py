"""Tables of scores as they lie in files, of this version and of former ones.

Schema 1 (version 0.1.0) has no columns `k` and `baseline`: the neighbourhood size stood after
a metric's name where it was not the usual one, as in ``trustworthiness_k30``, and some metrics
had other names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from aeviz.core.registry import METRICS
from aeviz.evaluation.metric import split_name
from aeviz.evaluation.protocol import Protocol

__all__ = ["SCORES_SCHEMA", "at_usual_k", "of_first_schema", "score_table"]

SCORES_SCHEMA = 2

Row = Mapping[str, Any]


def score_table(rows: Iterable[Row], columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Return rows of scores as a table: `k` of dtype Int64, numbers float64, NaN for None."""
    table = pd.DataFrame(rows, columns=None if columns is None else list(columns))
    for name in {"k", "baseline", "value", "low", "high"} & set(table.columns):
        numbers = pd.to_numeric(table[name])
        table[name] = numbers.astype("Int64") if name == "k" else numbers.astype(float)
    return table


def of_first_schema(
    rows: Iterable[Row], *, n_samples: int, baseline_by: tuple[str, ...] = ("stage",)
) -> list[dict[str, Any]]:
    """Return rows of schema 1 with the columns and names of today.

    Parameters
    ----------
    rows : iterable of mapping
        With a metric each. Those that have a seed get a baseline, that of the original data
        (encoder ``identity``, no embedding) with the same metric and `baseline_by`.
    n_samples : int
        Of the data; it gives the usual neighbourhood size.
    baseline_by : tuple of str
    """
    usual = Protocol().k(n_samples)
    upgraded = []
    for row in rows:
        base, k = split_name(row["metric"])
        name = METRICS.current_name(base)
        if k is None and name in METRICS.names() and METRICS.get(name).depends_on_k:
            k = usual
        upgraded.append({**row, "metric": name, "k": k})
    in_data = {
        _key(row, baseline_by): row["value"]
        for row in upgraded
        if row["encoder"] == "identity" and row["embedding"] is None
    }
    for row in upgraded:
        if "seed" in row:
            is_data = row["encoder"] == "identity" and row["embedding"] is None
            row["baseline"] = None if is_data else in_data.get(_key(row, baseline_by))
    return upgraded


def _key(row: Row, names: tuple[str, ...]) -> tuple[Any, ...]:
    return (row["metric"], *(row[name] for name in names))


def at_usual_k(table: pd.DataFrame) -> pd.DataFrame:
    """Return the scores at the usual neighbourhood size, the smallest, and those without one."""
    return table[table["k"].isna() | (table["k"] == table["k"].min())]
