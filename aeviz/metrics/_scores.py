"""Score comparisons, and differences between two, each with its interval.

What an interval says: how the score would vary with another choice of anchors, the rows
among which ranks are taken held fixed. It says nothing of another seed of the network or
of the embedding; that takes several runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from aeviz.metrics._bootstrap import Bootstrap
from aeviz.metrics._comparison import Comparison
from aeviz.metrics._metric import Metric

__all__ = ["Score", "difference", "score"]


@dataclass(frozen=True)
class Score:
    """Hold one metric's value, or a difference of values, with its interval.

    Parameters
    ----------
    metric : str
        Name of the metric.
    value, low, high : float
        low <= value <= high.
    n_evaluated : int
        The number of anchors.
    """

    metric: str
    value: float
    low: float
    high: float
    n_evaluated: int


def score(
    comparison: Comparison, metrics: Iterable[Metric], *, bootstrap: Bootstrap | None = None
) -> list[Score]:
    """Return the scores of a comparison.

    Parameters
    ----------
    comparison : Comparison
    metrics : iterable of Metric
        Those that do not apply (label metrics without labels, the reconstruction error
        without reconstruction) are left out.
    bootstrap : Bootstrap or None
        Where the resamples come from; None means 1,000 of them, 95 %, seed 0. Given the
        same one, several calls share its draws.

    Returns
    -------
    list of Score
        In the order of `metrics`.

    Examples
    --------
    >>> from aeviz.metrics._engine import compare
    >>> from aeviz.registry import METRICS
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> (comparison,) = compare({"a": X}, [("a", "a")]).values()
    >>> score(comparison, [METRICS.get("trustworthiness")])
    [Score(metric='trustworthiness', value=1.0, low=1.0, high=1.0, n_evaluated=50)]
    """
    draws = bootstrap or Bootstrap(comparison.n_anchors)
    chosen = [metric for metric in metrics if metric.applies_to(comparison)]
    results = []
    for metric, (value, resampled) in zip(
        chosen, _resampled(comparison, chosen, draws), strict=True
    ):
        low, high = draws.interval(value, resampled)
        results.append(Score(metric.name, value, low, high, comparison.n_anchors))
    return results


def difference(
    a: Comparison, b: Comparison, metrics: Iterable[Metric], *, bootstrap: Bootstrap | None = None
) -> list[Score]:
    """Return the scores of `a` minus those of `b`, paired over the anchors.

    Parameters
    ----------
    a, b : Comparison
        With the same anchors. The same anchors are drawn for both, so what makes an anchor
        easy or hard for both methods does not widen the interval.
    metrics : iterable of Metric
        Those that do not apply to both are left out.
    bootstrap : Bootstrap or None
        As in `score`.

    Returns
    -------
    list of Score
        In the order of `metrics`; an interval without 0 shows a difference.

    Raises
    ------
    ValueError
        If the anchors are not the same.
    """
    if not np.array_equal(a.rows, b.rows):
        raise ValueError("a and b must have the same anchors (rows) in the same order")
    draws = bootstrap or Bootstrap(a.n_anchors)
    chosen = [metric for metric in metrics if metric.applies_to(a) and metric.applies_to(b)]
    of_a, of_b = _resampled(a, chosen, draws), _resampled(b, chosen, draws)
    results = []
    for metric, (value_a, resampled_a), (value_b, resampled_b) in zip(
        chosen, of_a, of_b, strict=True
    ):
        value = value_a - value_b
        low, high = draws.interval(value, resampled_a - resampled_b)
        results.append(Score(metric.name, value, low, high, a.n_anchors))
    return results


def _resampled(
    comparison: Comparison, metrics: list[Metric], bootstrap: Bootstrap
) -> list[tuple[float, np.ndarray]]:
    """Return every metric's value and its values over the resamples."""
    contributions = [metric.contributions(comparison) for metric in metrics]
    if not contributions:
        return []
    resampled = bootstrap.means(np.concatenate(contributions, axis=1))
    ends = np.cumsum([columns.shape[1] for columns in contributions])[:-1]
    return [
        (float(metric.summarise(columns.mean(axis=0))), metric.summarise(means))
        for metric, columns, means in zip(
            metrics, contributions, np.split(resampled, ends, axis=1), strict=True
        )
    ]
