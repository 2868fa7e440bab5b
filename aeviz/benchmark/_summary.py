"""Average scores over seeds, with the interval of the mean."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aeviz.benchmark._significance import seed_interval

__all__ = ["SUBJECT", "summarise"]

SUBJECT = ["dataset", "encoder", "code_size", "embedding", "stage", "split"]


def summarise(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one row per output and metric.

    Parameters
    ----------
    rows : list of dict
        As `aeviz.benchmark.folder.Benchmark` describes them.

    Returns
    -------
    list of dict
        dataset, encoder, code_size, embedding, stage, split, metric, k; value (the mean over
        seeds), low and high (95 % t-interval of that mean; None where there is one run, for
        one run has no spread), n_seeds, is_random (False where no seed changes anything),
        sample_low and sample_high (means of the bootstrap intervals over evaluated samples),
        n_evaluated, seconds (mean).
    """
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in [*SUBJECT, "metric", "k"]), []).append(row)
    summary = []
    for key, of_seeds in found.items():
        values = [row["value"] for row in of_seeds if row["value"] is not None]
        if not values:
            continue
        low, high = seed_interval(values) or (None, None)
        table = pd.DataFrame(of_seeds)
        summary.append(
            {
                **dict(zip([*SUBJECT, "metric", "k"], key, strict=True)),
                "value": sum(values) / len(values),
                "low": low,
                "high": high,
                "n_seeds": len(values),
                "is_random": any(row["seed"] is not None for row in of_seeds),
                "sample_low": _mean(table["low"]),
                "sample_high": _mean(table["high"]),
                "n_evaluated": int(table["n_evaluated"].max()),
                "seconds": round(float(table["seconds"].mean()), 3),
            }
        )
    return summary


def _mean(values: pd.Series) -> float | None:
    """Return the mean, or None if a value is missing."""
    numbers = pd.to_numeric(values, errors="coerce")
    return None if numbers.isna().any() else float(numbers.mean())
