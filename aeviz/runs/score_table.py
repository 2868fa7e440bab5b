"""Tables of scores as they lie in files, of this version and of former ones.

Scores have the columns encoder, embedding (None for a code, and for the original data,
``identity``, at either stage), stage, metric, k (neighbourhood size, missing where it does not
matter), value, low, high, baseline (the same score in the original data, missing where it is no
score of labels), seed, n_evaluated. Differences have encoder, embedding, stage, baseline_encoder,
baseline_embedding, metric, k, value, low, high, seed_error, sample_error, n_trainings,
n_evaluated, band, verdict. Their value is the mean score over trainings minus the baseline's, see
`aeviz.evaluation.differences`; `seed_error` is missing where trainings differ and there is one,
`band` is the largest difference that is practically the same, and `verdict` is "better", "worse",
"same", "none" or "".

Schema 1 (version 0.1.0) has no columns `k` and `baseline`: the neighbourhood size stood after
a metric's name where it was not the usual one, as in ``trustworthiness_k30``, and some metrics
had other names.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from aeviz.core.registry import METRICS
from aeviz.evaluation.differences import Difference, verdict
from aeviz.evaluation.metric import split_name
from aeviz.evaluation.protocol import Protocol

__all__ = [
    "SCORES_SCHEMA",
    "at_usual_k",
    "of_first_schema",
    "score_table",
    "with_k",
    "with_verdicts",
]

SCORES_SCHEMA = 2

Row = Mapping[str, Any]


def score_table(rows: Iterable[Row], columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Return rows of scores as a table: `k` of dtype Int64, numbers float64, NaN for None."""
    table = pd.DataFrame(rows, columns=None if columns is None else list(columns))
    names = {"k", "value", "low", "high", "baseline"} & set(table.columns)
    if "baseline_code_size" in table:
        names.discard("baseline")  # a benchmark's comparisons name PCA there
    for name in names:
        numbers = pd.to_numeric(table[name])
        table[name] = numbers.astype("Int64") if name == "k" else numbers.astype(float)
    return table


def with_k(rows: Iterable[Row], n_samples: Callable[[Row], int]) -> list[dict[str, Any]]:
    """Return rows of schema 1 with the metrics' names of today and neighbourhood sizes.

    The usual size follows from the number of samples of a row's data, which `n_samples` gives.
    """
    upgraded = []
    for row in rows:
        base, k = split_name(row["metric"])
        name = METRICS.current_name(base)
        if k is None and name in METRICS.names() and METRICS.get(name).depends_on_k:
            k = Protocol().k(n_samples(row))
        upgraded.append({**row, "metric": name, "k": k})
    return upgraded


def of_first_schema(rows: Iterable[Row], *, n_samples: int) -> list[dict[str, Any]]:
    """Return rows of a run's scores or differences of schema 1 with the columns of today.

    Scores get their baseline from the rows of the original data at the same stage.
    """
    upgraded = with_k(rows, lambda row: n_samples)
    in_data = {(row["stage"], row["metric"]): row["value"] for row in upgraded if _is_data(row)}
    for row in upgraded:
        if "baseline_encoder" not in row:
            baseline = in_data.get((row["stage"], row["metric"]))
            row["baseline"] = None if _is_data(row) else baseline
    return upgraded


def with_verdicts(differences: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return differences with the columns of today; former runs had one training and no verdict."""
    if differences.empty or "verdict" in differences:
        return differences
    where = ["stage", "metric", "k"]
    theirs = scores[["encoder", "embedding", *where, "value"]].set_axis(
        ["baseline_encoder", "baseline_embedding", *where, "theirs"], axis=1
    )
    names = ["baseline_encoder", "baseline_embedding", *where]
    baseline = differences.merge(theirs.drop_duplicates(names), how="left", on=names)["theirs"]
    found: dict[str, list[Any]] = {"band": [], "verdict": []}
    for row, value in zip(differences.itertuples(), baseline, strict=True):
        one = Difference.of_one_training(row.value, row.low, row.high)
        name = METRICS.current_name(row.metric)
        metric = METRICS.get(name) if name in METRICS.names() else None
        band = None if metric is None else metric.band_at(None if pd.isna(value) else value)
        direction = None if metric is None else metric.higher_is_better
        found["band"].append(band)
        found["verdict"].append(verdict(one, higher_is_better=direction, band=band))
    return differences.assign(seed_error=float("nan"), n_trainings=1, **found)


def _is_data(row: Row) -> bool:
    """Return whether a row is of the original data."""
    return row["encoder"] == "identity" and row["embedding"] is None


def at_usual_k(table: pd.DataFrame) -> pd.DataFrame:
    """Return the scores at the usual neighbourhood size, the smallest, and those without one."""
    return table[table["k"].isna() | (table["k"] == table["k"].min())]
