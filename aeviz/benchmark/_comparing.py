"""Judge every method against PCA of the same code size, a verdict a metric.

Verdicts are corrected by Holm's procedure within a question: what beats PCA on this data
set, at this stage and placing, by this metric? Among all methods that answer it, no verdict
is wrong with a probability of 95 %. Across questions there is no correction: metrics ask
different things of the same pictures and go up and down together, so that a correction for
all of them would hide what each shows. A page of many questions without any real
difference is thus expected to show a difference in one of twenty.
"""

from __future__ import annotations

from typing import Any, Literal

from scipy.special import ndtri

from aeviz.benchmark._judging import CONFIDENCE, holm, judge
from aeviz.registry import METRICS

__all__ = ["compare_with_pca", "verdict_of"]

Row = dict[str, Any]
Verdict = Literal["better", "worse", "none", "unknown"]

_QUESTION = ("dataset", "stage", "placing", "metric")
_METHOD = ("encoder", "code_size", "embedding", "baseline_code_size")


def compare_with_pca(differences: list[Row]) -> list[Row]:
    """Return one row a method and metric, from the differences of single runs.

    Parameters
    ----------
    differences : list of dict
        dataset, encoder, code_size, embedding, seed, stage, placing, metric,
        baseline_code_size, value, low, high, n_evaluated; a run each.

    Returns
    -------
    list of dict
        dataset, stage, placing, metric, encoder, code_size, embedding, baseline ("pca"),
        baseline_code_size, value, low, high (95 %), n_seeds, is_random, seed_error,
        sample_error, p, p_corrected, n_evaluated, and verdict: "better", "worse", "none" (no
        difference shown) or "unknown" (one seed only, of something that seeds change).
    """
    questions: dict[tuple[Any, ...], dict[tuple[Any, ...], list[Row]]] = {}
    for row in differences:
        if row["value"] is None:
            continue
        question = tuple(row[name] for name in _QUESTION)
        method = tuple(row[name] for name in _METHOD)
        questions.setdefault(question, {}).setdefault(method, []).append(row)
    compared = []
    for question, methods in questions.items():
        judged = [_judged(of_seeds) for of_seeds in methods.values()]
        corrected = holm([one["p"] for one in judged])
        for method, one, p in zip(methods, judged, corrected, strict=True):
            entry = {**dict(zip(_QUESTION, question, strict=True)), "baseline": "pca"}
            entry |= dict(zip(_METHOD, method, strict=True)) | one | {"p_corrected": p}
            compared.append({**entry, "verdict": verdict_of(entry["metric"], one["value"], p)})
    return compared


def verdict_of(metric: str, value: float, p_corrected: float | None) -> Verdict:
    """Return the verdict on a difference.

    Parameters
    ----------
    metric : str
        Says which direction is better.
    value : float
        The difference, ours minus the other's.
    p_corrected : float or None
        None gives "unknown".
    """
    if p_corrected is None:
        return "unknown"
    if p_corrected >= 1.0 - CONFIDENCE:
        return "none"
    return "better" if (value > 0) == METRICS.get(metric).higher_is_better else "worse"


def _judged(of_seeds: list[Row]) -> Row:
    is_random = any(row["seed"] is not None for row in of_seeds)
    found = judge(
        [row["value"] for row in of_seeds], [_error(row) for row in of_seeds], is_random=is_random
    )
    return {
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
