"""Average scores over seeds, and compare every method with PCA of the same code size.

A difference within the band of its metric is called practically the same, whatever its interval;
beyond it, verdicts are corrected for their number by Benjamini and Hochberg's procedure, in two
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

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from aeviz.benchmark._significance import corrected_p_values, seed_interval
from aeviz.core.registry import METRICS
from aeviz.evaluation.differences import CONFIDENCE, Difference, Side, difference, verdict

__all__ = [
    "METHOD",
    "MIN_EVALUATED",
    "QUOTED",
    "Method",
    "MethodScore",
    "compare_with_pca",
    "summarise",
]

# The bootstrap of fewer samples gives intervals that are a fifth too narrow and more, and none
# at all where two or three of them agree.
MIN_EVALUATED = 10
# One of neighbourhoods at all sizes, one of labels, one of what the decoder gives back.
QUOTED = ("auc_rnx", "knn_accuracy", "reconstruction_error")

Row = dict[str, Any]
METHOD = ("dataset", "stage", "split", "encoder", "code_size", "embedding", "baseline_code_size")
_SCORE = ("dataset", "encoder", "code_size", "embedding", "stage", "split", "metric", "k")


class Method(NamedTuple):
    """Method on one data set: what all seeds of a code or an embedding share."""

    dataset: str
    stage: str
    encoder: str
    code_size: int | None
    embedding: str | None


class MethodScore(NamedTuple):
    """Name of one score of a method."""

    split: str
    metric: str
    k: int | None


Sides = Mapping[MethodScore, Side]


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


def compare_with_pca(
    sides: Mapping[Method, Sides], opponents: Iterable[tuple[Method, Method]]
) -> list[Row]:
    """Return one row per method, baseline and metric.

    Parameters
    ----------
    sides : mapping of Method to mapping of MethodScore to Side
        The scores of all runs of each method.
    opponents : iterable of (Method, Method)
        Methods with the PCA that each is compared with.

    Returns
    -------
    list of dict
        dataset, stage, split, encoder, code_size, embedding, baseline ("pca"),
        baseline_code_size, metric, k, value, low, high (95 %), n_seeds, is_random, seed_error,
        sample_error, p, p_corrected, n_evaluated, band (within which a difference is practically
        the same, or None), and verdict: "better", "worse", "same" (practically) or "none" (no
        difference shown). After one seed of something that seeds change, and of fewer than ten
        evaluated samples, there is no interval and no p-value.
    """
    compared = []
    for method, baseline in opponents:
        ours, theirs = sides[method], sides[baseline]
        for split in dict.fromkeys(score.split for score in ours):
            scores = [one for one in ours if one.split == split and one in theirs]
            rows = {one.metric: _row(one, ours[one], theirs[one]) for one in scores}
            named = {**method._asdict(), "split": split, "baseline": "pca"}
            named["baseline_code_size"] = baseline.code_size
            compared += [{**named, **row} for row in _corrected(rows)]
    return compared


def _corrected(rows: Mapping[str, Row]) -> Iterable[Row]:
    """Yield the rows of one method by metric, with p-values corrected for their number."""
    corrected: dict[str, float | None] = {}
    for is_quoted in (True, False):
        family = [metric for metric in rows if (metric in QUOTED) is is_quoted]
        p_values = corrected_p_values([rows[metric]["p"] for metric in family])
        corrected |= zip(family, p_values, strict=True)
    for metric, row in rows.items():
        p = corrected[metric]
        is_shown = p is not None and p < 1.0 - CONFIDENCE
        told = row["verdict"] if is_shown or row["verdict"] == "same" else "none"
        yield {**row, "p_corrected": p, "verdict": told}


def _row(score: MethodScore, ours: Side, theirs: Side) -> Row:
    """Return a difference by one metric, not yet corrected."""
    found = difference(ours, theirs)
    n_evaluated = ours.trainings[0].n_rows
    if found.seed_error is None or n_evaluated < MIN_EVALUATED:
        found = replace(found, low=None, high=None, p=None)
    metric = METRICS.get(score.metric)
    band = metric.band_at(theirs.value)
    return {
        "metric": score.metric,
        "k": score.k,
        **_without_counts(found),
        "n_seeds": found.n_trainings,
        "is_random": ours.is_random or theirs.is_random,
        "n_evaluated": n_evaluated,
        "band": band,
        "verdict": verdict(found, higher_is_better=metric.higher_is_better, band=band),
    }


def _without_counts(found: Difference) -> Row:
    return {name: value for name, value in vars(found).items() if name != "n_trainings"}
