"""Scores of comparisons, and of differences between two, each with its bootstrap interval.

Anchors are drawn with replacement, the same ones for everything that is compared, each with what
it changes in the numbers of others (see `aeviz.evaluation.effects`). The draws are kept as counts,
one byte per anchor and resample, so that the means of any number of contributions over all
resamples are one matrix product.

An interval says how the score would vary with another sample of as many rows from the same
distribution, codes and maps held fixed. `scripts/bench_coverage.py` counts how often intervals
hold the mean over fresh samples. It says nothing of another training of the network or of another
embedding; that takes several runs.

Why resamples of some metrics are moved: a metric may be lower the fewer different anchors it sees,
and a resample has two thirds of them. With many classes its resamples lie below its own value,
beyond their own spread. Their mean less the value estimates that bias [1]_ and is taken off; it is
not taken off the value itself, which is what it is at so many anchors. Means over anchors have
none. A value at a bound has resamples on one side only, and they are left where they are.

Why a value at a bound has a wider interval: where no row of n loses anything, no resample does, and
still up to 3 rows in n may [2]_.

References
----------
.. [1] Efron, B., Tibshirani, R. J. (1993). An introduction to the bootstrap, chapter 10.
   Chapman & Hall. doi:10.1201/9780429246593
.. [2] Hanley, J. A., Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right?
   JAMA 249(13). doi:10.1001/jama.1983.03330370053031
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import norm, t

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric, Weighted

__all__ = ["Bootstrap", "Resampled", "Score", "ScoreKey", "resample"]

# The share of the resamples inside an interval.
_CONFIDENCE = 0.95
_CHUNK = 64

# A metric that is computed anew for each resample is so for this many of them.
_MAX_WEIGHTED = 200

_RULE_OF_THREE = 3


@dataclass(eq=False)
class Bootstrap:
    """Means over resampled anchors, and intervals of what is computed from them.

    Parameters
    ----------
    n_anchors : int
    n_resamples : int
    random_state : int or None
        Equal seeds and numbers of anchors draw the same anchors; None draws anew.

    References
    ----------
    .. [1] Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of
       Statistics 7(1). doi:10.1214/aos/1176344552
    """

    n_anchors: int
    _: KW_ONLY
    n_resamples: int = 1000
    random_state: int | None = 0
    _others: dict[int, Bootstrap] = field(default_factory=dict, init=False, repr=False)

    def of(self, n_rows: int) -> Bootstrap:
        """Return the bootstrap of another number of rows, the same one whenever asked."""
        if n_rows == self.n_anchors:
            return self
        if n_rows not in self._others:
            self._others[n_rows] = replace(self, n_anchors=n_rows)
        return self._others[n_rows]

    @cached_property
    def counts(self) -> np.ndarray:
        """Return how often each resample holds each anchor: (n_resamples, n_anchors), uint8."""
        rng = np.random.default_rng(self.random_state)
        counts = np.empty((self.n_resamples, self.n_anchors), np.uint8)
        for resample in counts:
            drawn = rng.integers(self.n_anchors, size=self.n_anchors)
            # More than 255 of one anchor in hundreds of draws does not happen.
            resample[:] = np.bincount(drawn, minlength=self.n_anchors)
        return counts

    def means(self, contributions: np.ndarray) -> np.ndarray:
        """Return the means over every resample.

        Parameters
        ----------
        contributions : ndarray of float64 of shape (n_anchors, n_means)

        Returns
        -------
        ndarray of float64 of shape (n_resamples, n_means)

        Raises
        ------
        ValueError
            If there is not one row of contributions per anchor.
        """
        if len(contributions) != self.n_anchors:
            raise ValueError(
                f"contributions must have {self.n_anchors} rows, one per anchor, "
                f"got {len(contributions)}"
            )
        chunks = [self.counts[i : i + _CHUNK] for i in range(0, self.n_resamples, _CHUNK)]
        sums = [chunk.astype(np.float64) @ contributions for chunk in chunks]
        return np.concatenate(sums) / self.n_anchors

    def spread(self, n_refits: int) -> np.ndarray:
        """Return weights that make n_resamples normal deviations of those of a few refits.

        Of shape (n_resamples, n_refits). They are a little wider than the few, as the quantile of
        the t distribution is than that of the normal one.
        """
        wider = t.ppf(0.975, n_refits - 1) / norm.ppf(0.975)
        rng = np.random.default_rng(self.random_state)
        drawn = rng.normal(size=(self.n_resamples, n_refits))
        return np.asarray(drawn * (wider / np.sqrt(n_refits - 1)))

    def interval(self, value: float, resampled: np.ndarray) -> tuple[float, float]:
        """Return the percentile interval, widened to hold the value itself where it does not.

        Parameters
        ----------
        value : float
            Over the anchors themselves.
        resampled : ndarray of shape (n_resamples,)
            The same over every resample.

        Returns
        -------
        low, high : float
            The 2.5 % and 97.5 % quantiles of `resampled`, low <= value <= high; NaN where
            `resampled` is.
        """
        tail = (1.0 - _CONFIDENCE) / 2.0
        low, high = np.quantile(resampled, [tail, 1.0 - tail])
        return float(np.minimum(low, value)), float(np.maximum(high, value))


class ScoreKey(NamedTuple):
    """Metric and neighbourhood size of a score; the size is None where it does not matter."""

    metric: str
    k: int | None


@dataclass(frozen=True)
class Score:
    """Value of one metric, or a difference of values, with its interval.

    Parameters
    ----------
    metric : str
        Name of the metric.
    k : int or None
        The neighbourhood size, for metrics that depend on one.
    value, low, high : float
        low <= value <= high; low and high are NaN where a metric has no interval.
    n_evaluated : int
        The number of anchors that the metric looked at.
    """

    metric: str
    k: int | None
    value: float
    low: float
    high: float
    n_evaluated: int

    def row(self) -> dict[str, Any]:
        """Return the score as a row of a table, with the digits that float64 sums can vouch for.

        What is not finite is None, as JSON has no such numbers.
        """
        row = asdict(self)
        for name in ("value", "low", "high"):
            number = float(f"{row[name]:.10g}")
            row[name] = number if np.isfinite(number) else None
        return row


@dataclass(frozen=True, eq=False)
class Resampled:
    """Value of a metric, or a difference of values, and the same over resamples.

    Parameters
    ----------
    value : float
    resampled : ndarray of float64 of shape (n_resamples,)
        NaN for a metric without an interval.
    n_rows : int
        The number of anchors that the metric looked at.
    bounds : (float, float)
        The smallest and largest possible value; the interval ends there.
    slack : float
        The interval reaches so far from the value at least, within the bounds.
    """

    value: float
    resampled: np.ndarray
    n_rows: int
    bounds: tuple[float, float] = (-np.inf, np.inf)
    slack: float = 0.0

    def minus(self, other: Resampled) -> Resampled:
        """Return the difference, paired over the resamples.

        Raises
        ------
        ValueError
            If the two have different numbers of anchors.
        """
        if self.n_rows != other.n_rows:
            raise ValueError(
                f"both must have as many anchors, got {self.n_rows} and {other.n_rows}"
            )
        return Resampled(
            self.value - other.value,
            self.resampled - other.resampled,
            self.n_rows,
            slack=max(self.slack, other.slack),
        )

    def score(self, key: ScoreKey, bootstrap: Bootstrap) -> Score:
        """Return the value with its interval."""
        low, high = bootstrap.interval(self.value, self.resampled)
        low, high = min(low, self.value - self.slack), max(high, self.value + self.slack)
        low, high = (float(np.clip(end, *self.bounds)) for end in (low, high))
        return Score(key.metric, key.k, self.value, low, high, self.n_rows)


def resample(
    comparison: Comparison, metrics: Iterable[Metric], bootstrap: Bootstrap
) -> dict[ScoreKey, Resampled]:
    """Return the value of every metric that applies, over the anchors and over resamples.

    Parameters
    ----------
    comparison : Comparison
    metrics : iterable of Metric
        Those that do not apply (label metrics without labels, the reconstruction error
        without reconstruction) are left out.
    bootstrap : Bootstrap
        Of any number of anchors. Given the same one, several calls share its draws. Metrics of
        the weighted form take the first 200 of them.

    Returns
    -------
    dict of ScoreKey to Resampled
        In the order of `metrics`, at the comparison's neighbourhood size.

    Examples
    --------
    >>> from aeviz.core.registry import METRICS
    >>> from aeviz.evaluation.compare import compare
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> (comparison,) = compare({"a": X}, [("a", "a")]).values()
    >>> draws = Bootstrap(50)
    >>> found = resample(comparison, [METRICS.get("trustworthiness")], draws)
    >>> [one.score(key, draws) for key, one in found.items()]
    [Score(metric='trustworthiness', k=10, value=1.0, low=1.0, high=1.0, n_evaluated=50)]
    """
    chosen = [metric for metric in metrics if metric.applies_to(comparison)]
    found: dict[str, Resampled] = {}
    by_n_rows: dict[int, list[tuple[Metric, float, np.ndarray]]] = {}
    for metric in chosen:
        if metric.refits is not None or not metric.has_interval:
            found[metric.name] = _of_refits(metric, comparison, bootstrap)
        elif metric.weighted is not None:
            weighted = metric.as_weighted(comparison)
            found[metric.name] = _of_weights(weighted, bootstrap, metric.bounds)
        else:
            rows, effects = metric.measured(comparison)
            value = float(metric.summarise(rows.mean(axis=0)))
            rows = rows if effects is None else effects.shared_out(rows)
            by_n_rows.setdefault(len(rows), []).append((metric, value, rows))
    # One matrix product for all metrics that look at equally many rows.
    for n_rows, members in by_n_rows.items():
        ends = np.cumsum([rows.shape[1] for *_, rows in members])[:-1]
        means = bootstrap.of(n_rows).means(np.concatenate([rows for *_, rows in members], axis=1))
        resampled = np.split(means, ends, axis=1)
        for (metric, value, _), of_metric in zip(members, resampled, strict=True):
            found[metric.name] = Resampled(
                value, metric.summarise(of_metric), n_rows, metric.bounds
            )
    k = comparison.n_neighbors
    return {ScoreKey(m.name, k if m.depends_on_k else None): found[m.name] for m in chosen}


def _of_refits(metric: Metric, comparison: Comparison, bootstrap: Bootstrap) -> Resampled:
    """Return what a metric gives whose fit is made anew for few resamples, or for none."""
    weighted = metric.as_weighted(comparison)
    value = float(weighted.value(np.ones(weighted.n_rows)))
    if metric.refits is None:
        resampled = np.full(bootstrap.n_resamples, np.nan)
    else:
        deviations = metric.refits(comparison)
        resampled = value + bootstrap.spread(len(deviations)) @ deviations
    return Resampled(value, resampled, weighted.n_rows, metric.bounds)


def _of_weights(weighted: Weighted, bootstrap: Bootstrap, bounds: tuple[float, float]) -> Resampled:
    """Return what a metric gives that is computed anew for each resample."""
    counts = bootstrap.of(weighted.n_rows).counts[:_MAX_WEIGHTED]
    resampled = np.array([weighted.value(weights.astype(np.float64)) for weights in counts])
    value = float(weighted.value(np.ones(weighted.n_rows)))
    if value in bounds:
        slack = _RULE_OF_THREE * weighted.step
        return Resampled(value, resampled, weighted.n_rows, bounds, slack)
    if weighted.is_biased:
        resampled = resampled - (resampled.mean() - value)
    return Resampled(value, resampled, weighted.n_rows, bounds)
