"""Give a metric's value its interval, and the difference of two methods theirs.

The interval is a percentile bootstrap over anchors: anchors are drawn with
replacement, and the metric is computed from each draw's mean contributions. For a
difference both methods get the same draws, so what they share cancels.

Why a bootstrap: the metrics have no common formula for their error, and their
contributions are skewed. It measures the error of having evaluated these samples and
not others; the error of having trained once it cannot know.

References
----------
.. [1] Efron, B., Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman and
   Hall. doi:10.1201/9780429246593.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from aeviz.metrics._comparison import Comparison
from aeviz.registry import METRICS

__all__ = ["Score", "difference", "score"]

N_DRAWS = 1000
CONFIDENCE = 0.95
_DRAWS_A_BLOCK = 50


@dataclass(frozen=True)
class Score:
    """Hold a metric's value, or a difference of two, with its interval.

    Parameters
    ----------
    metric : str
    value, low, high : float
        `low` and `high` bound the 95 % interval.
    n_evaluated : int
        Number of anchors.
    """

    metric: str
    value: float
    low: float
    high: float
    n_evaluated: int


def score(comparison: Comparison, metrics: Iterable[str], *, random_state: int = 0) -> list[Score]:
    """Return the value and the interval of each metric named.

    Raises
    ------
    AevizError
        If a metric's name is unknown.
    ValueError
        If a metric needs labels or reconstructions that the comparison lacks.
    """
    members = [METRICS.get(name) for name in metrics]
    parts = [metric.contributions(comparison) for metric in members]
    if not parts:
        return []
    means = _resampled_means(np.concatenate(parts, axis=1), random_state)
    scores, start = [], 0
    for metric, part in zip(members, parts, strict=True):
        draws = metric.summarise(means[:, start : start + part.shape[1]])
        value = float(metric.summarise(part.mean(axis=0)))
        scores.append(_with_interval(metric.name, value, draws, comparison.n_anchors))
        start += part.shape[1]
    return scores


def difference(
    first: Comparison, second: Comparison, metric: str, *, random_state: int = 0
) -> Score:
    """Return the first's value of a metric minus the second's, paired over the anchors.

    Raises
    ------
    AevizError
        If the metric's name is unknown.
    ValueError
        If the comparisons have other anchors, or lack what the metric needs.
    """
    if not np.array_equal(first.rows, second.rows):
        raise ValueError("paired comparisons must have the same rows, got different ones")
    member = METRICS.get(metric)
    ours, theirs = member.contributions(first), member.contributions(second)
    width = ours.shape[1]
    means = _resampled_means(np.concatenate([ours, theirs], axis=1), random_state)
    draws = member.summarise(means[:, :width]) - member.summarise(means[:, width:])
    value = member.summarise(ours.mean(axis=0)) - member.summarise(theirs.mean(axis=0))
    return _with_interval(metric, float(value), draws, first.n_anchors)


def _resampled_means(contributions: np.ndarray, seed: int) -> np.ndarray:
    """Return the mean contributions of every draw, shape (N_DRAWS, m)."""
    return np.concatenate(
        [weights @ contributions for weights in _weights(len(contributions), seed)]
    )


def _weights(n_anchors: int, seed: int) -> Iterator[np.ndarray]:
    """Yield blocks of draws: how often each anchor was drawn, divided by their number."""
    rng = np.random.default_rng(seed)
    for start in range(0, N_DRAWS, _DRAWS_A_BLOCK):
        n_draws = min(_DRAWS_A_BLOCK, N_DRAWS - start)
        picked = rng.integers(n_anchors, size=(n_draws, n_anchors))
        picked += np.arange(n_draws)[:, None] * n_anchors
        counts = np.bincount(picked.ravel(), minlength=n_draws * n_anchors)
        yield counts.reshape(n_draws, n_anchors) / n_anchors


def _with_interval(metric: str, value: float, draws: np.ndarray, n_anchors: int) -> Score:
    tail = 100 * (1.0 - CONFIDENCE) / 2
    low, high = np.percentile(draws, [tail, 100.0 - tail])
    # A percentile interval of a biased statistic can miss the value itself.
    return Score(metric, value, min(float(low), value), max(float(high), value), n_anchors)
