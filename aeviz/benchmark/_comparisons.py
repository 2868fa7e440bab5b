"""Average scores over seeds, and compare every method with PCA of the same code size.

Verdicts are corrected for their number by Benjamini and Hochberg's procedure, in two
families of one method on one data set, at one stage and split: the few metrics that a page
quotes, which are chosen before anything is measured, and all the others. So if a method does
not differ from PCA at all, as another run of PCA does not, all verdicts of a family say so
with a probability of 95 %; and of the differences that are shown of one that does, at most
one in twenty is expected to be wrong. Metrics that go up and down together, as these do,
keep that.

Why two families: the thirty others, most of which ask a question of another kind, would
otherwise decide what is said of the ones that the question was about.

Why not Holm's, nor any other that lets no single verdict of many be wrong: after three seeds
there are two degrees of freedom, and twenty metrics would need a t above 19 where one needs 4.3.
Methods and data sets are not corrected for, being few: of ten that do not differ, with two
families each, one is expected to be shown to differ by something.
"""

from typing import Any, Literal

import pandas as pd
from scipy.special import ndtri

from aeviz.benchmark._significance import (
    CONFIDENCE,
    Estimate,
    corrected_p_values,
    estimate_difference,
    seed_interval,
)
from aeviz.core.registry import METRICS

__all__ = ["METHOD", "MIN_EVALUATED", "QUOTED", "compare_with_pca", "summarise", "verdict_of"]

# The bootstrap of fewer samples gives intervals that are a fifth too narrow and more, and none
# at all where two or three of them agree.
MIN_EVALUATED = 10
# One of neighbourhoods at all sizes, one of labels, one of what the decoder gives back.
QUOTED = ("auc_rnx", "knn_accuracy", "reconstruction_error")

Row = dict[str, Any]
Verdict = Literal["better", "worse", "none"]

METHOD = ("dataset", "stage", "split", "encoder", "code_size", "embedding", "baseline_code_size")
_SCORE = ("dataset", "encoder", "code_size", "embedding", "stage", "split", "metric", "k")


def summarise(rows: list[Row]) -> list[Row]:
    """Return the mean over seeds of every score.

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
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in _SCORE), []).append(row)
    summary = []
    for key, of_seeds in found.items():
        values = [row["value"] for row in of_seeds if row["value"] is not None]
        if not values:
            continue
        low, high = seed_interval(values) or (None, None)
        table = pd.DataFrame(of_seeds)
        summary.append(
            {
                **dict(zip(_SCORE, key, strict=True)),
                "value": sum(values) / len(values),
                "low": low,
                "high": high,
                "n_seeds": len(values),
                "is_random": bool(table["seed"].notna().any()),
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


def compare_with_pca(differences: list[Row]) -> list[Row]:
    """Return one row per method and metric, from the differences of single runs.

    Parameters
    ----------
    differences : list of dict
        dataset, encoder, code_size, embedding, seed, stage, split, metric,
        baseline_code_size, value, low, high, n_evaluated; one row per run.

    Returns
    -------
    list of dict
        dataset, stage, split, encoder, code_size, embedding, baseline ("pca"),
        baseline_code_size, metric, k, value, low, high (95 %), n_seeds, is_random, seed_error,
        sample_error, p, p_corrected, n_evaluated, and verdict: "better", "worse" or "none" (no
        difference shown). After one seed of something that seeds change, and of fewer than ten
        evaluated samples, there is no interval and no p-value, and no difference is shown,
        whatever it is.
    """
    methods: dict[tuple[Any, ...], dict[str, list[Row]]] = {}
    for row in differences:
        if row["value"] is not None:
            method = tuple(row[name] for name in METHOD)
            methods.setdefault(method, {}).setdefault(row["metric"], []).append(row)
    compared = []
    for method, metrics in methods.items():
        estimates = {metric: _estimate(of_seeds) for metric, of_seeds in metrics.items()}
        corrected: dict[str, float | None] = {}
        for is_quoted in (True, False):
            family = [metric for metric in metrics if (metric in QUOTED) is is_quoted]
            p_values = corrected_p_values([estimates[metric]["p"] for metric in family])
            corrected |= zip(family, p_values, strict=True)
        for metric, one in estimates.items():
            entry = {**dict(zip(METHOD, method, strict=True)), "baseline": "pca"}
            entry |= {"metric": metric, **one, "p_corrected": corrected[metric]}
            entry["verdict"] = verdict_of(metric, one["value"], corrected[metric])
            compared.append(entry)
    return compared


def verdict_of(metric: str, value: float, p_corrected: float | None) -> Verdict:
    """Return the verdict on ours minus the other's; a p-value of None is no evidence."""
    if p_corrected is None or p_corrected >= 1.0 - CONFIDENCE:
        return "none"
    return "better" if (value > 0) == METRICS.get(metric).higher_is_better else "worse"


def _estimate(of_seeds: list[Row]) -> Row:
    is_random = any(row["seed"] is not None for row in of_seeds)
    values = [row["value"] for row in of_seeds]
    if of_seeds[0]["n_evaluated"] < MIN_EVALUATED:
        found = Estimate(sum(values) / len(values), None, None, None, None, None)
    else:
        found = estimate_difference(values, [_error(row) for row in of_seeds], is_random=is_random)
    return {
        "k": of_seeds[0]["k"],
        **vars(found),
        "n_seeds": len(of_seeds),
        "is_random": is_random,
        "n_evaluated": of_seeds[0]["n_evaluated"],
    }


def _error(row: Row) -> float | None:
    """Return the standard error whose 95 % interval is as wide as the bootstrap's."""
    if row["low"] is None or row["high"] is None:
        return None
    return float((row["high"] - row["low"]) / (-2.0 * ndtri((1.0 - CONFIDENCE) / 2)))
