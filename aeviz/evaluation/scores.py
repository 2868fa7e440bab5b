"""Score comparisons, and differences between two, each with its interval.

What an interval says: how the score would vary with another choice of anchors, the rows
among which ranks are taken held fixed. It says nothing of another seed of the network or
of the embedding; that takes several runs.

Why resamples of a weighed metric are moved: such a metric is biased by how many different
anchors it sees, and a resample has two thirds of them. Its resamples lie around another value
than its own, beyond their own spread where there are many classes. Their mean less the value
estimates that bias [1]_ and is taken off, so that they lie around the value; it is not taken
off the value itself, which is what it is at so many anchors. Means over anchors have none.

References
----------
.. [1] Efron, B., Tibshirani, R. J. (1993). An introduction to the bootstrap, chapter 10.
   Chapman & Hall. doi:10.1201/9780429246593
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from aeviz.evaluation.bootstrap import Bootstrap
from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric, Weighed

__all__ = ["Resampled", "Score", "difference", "resample", "score"]

# A metric that is computed anew for each resample is so for this many of them.
_MAX_WEIGHED = 200


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
        The number of anchors that the metric looked at.
    """

    metric: str
    value: float
    low: float
    high: float
    n_evaluated: int

    def rounded(self) -> dict[str, float]:
        """Return value, low and high with the digits that float64 sums can vouch for."""
        return {name: float(f"{getattr(self, name):.10g}") for name in ("value", "low", "high")}


@dataclass(frozen=True, eq=False)
class Resampled:
    """Hold a metric's value, or a difference of values, and the same over resamples.

    Parameters
    ----------
    value : float
    resampled : ndarray of float64 of shape (n_resamples,)
    n_rows : int
        The number of anchors that the metric looked at.
    bounds : (float, float)
        What there can be at all; the interval ends there.
    """

    value: float
    resampled: np.ndarray
    n_rows: int
    bounds: tuple[float, float] = (-np.inf, np.inf)

    def minus(self, other: Resampled) -> Resampled:
        """Return the difference, paired over the resamples.

        Raises
        ------
        ValueError
            If the two are of different numbers of anchors.
        """
        if self.n_rows != other.n_rows:
            raise ValueError(
                f"a and b must be of as many anchors each, got {self.n_rows} and {other.n_rows}"
            )
        resampled = self.resampled - other.resampled
        return Resampled(self.value - other.value, resampled, self.n_rows)

    def score(self, name: str, bootstrap: Bootstrap) -> Score:
        """Return the value with its interval."""
        low, high = bootstrap.interval(self.value, np.clip(self.resampled, *self.bounds))
        return Score(name, self.value, low, high, self.n_rows)


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
        same one, several calls share its draws. Metrics of the weighed form take the first
        200 of them.

    Returns
    -------
    list of Score
        In the order of `metrics`.

    Examples
    --------
    >>> from aeviz.evaluation.compare import compare
    >>> from aeviz.core.registry import METRICS
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> (comparison,) = compare({"a": X}, [("a", "a")]).values()
    >>> score(comparison, [METRICS.get("trustworthiness")])
    [Score(metric='trustworthiness', value=1.0, low=1.0, high=1.0, n_evaluated=50)]
    """
    draws = bootstrap or Bootstrap(comparison.n_anchors)
    found = resample(comparison, metrics, draws)
    return [of_metric.score(name, draws) for name, of_metric in found.items()]


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
        If the anchors are not the same, or a metric looks at another number of them.
    """
    if not np.array_equal(a.rows, b.rows):
        raise ValueError("a and b must have the same anchors (rows) in the same order")
    draws = bootstrap or Bootstrap(a.n_anchors)
    chosen = [metric for metric in metrics if metric.applies_to(a) and metric.applies_to(b)]
    of_a, of_b = resample(a, chosen, draws), resample(b, chosen, draws)
    return [of_a[m.name].minus(of_b[m.name]).score(m.name, draws) for m in chosen]


def resample(
    comparison: Comparison, metrics: Iterable[Metric], bootstrap: Bootstrap
) -> dict[str, Resampled]:
    """Return what every metric that applies gives, by name.

    Parameters
    ----------
    comparison : Comparison
    metrics : iterable of Metric
    bootstrap : Bootstrap
        Of any number of anchors.
    """
    chosen = [metric for metric in metrics if metric.applies_to(comparison)]
    found: dict[str, Resampled] = {}
    by_n_rows: dict[int, dict[str, np.ndarray]] = {}
    for metric in chosen:
        if metric.contributions is None:
            found[metric.name] = _of_weights(metric, metric.as_weighed(comparison), bootstrap)
        else:
            rows = metric.contributions(comparison)
            by_n_rows.setdefault(len(rows), {})[metric.name] = rows
    summarise = {metric.name: metric.summarise for metric in chosen}
    # One matrix product for all metrics that look at equally many rows.
    for n_rows, contributions in by_n_rows.items():
        ends = np.cumsum([rows.shape[1] for rows in contributions.values()])[:-1]
        means = bootstrap.of(n_rows).means(np.concatenate(list(contributions.values()), axis=1))
        for (name, rows), of_metric in zip(
            contributions.items(), np.split(means, ends, axis=1), strict=True
        ):
            value = float(summarise[name](rows.mean(axis=0)))
            found[name] = Resampled(value, summarise[name](of_metric), n_rows)
    return {metric.name: found[metric.name] for metric in chosen}


def _of_weights(metric: Metric, weighed: Weighed, bootstrap: Bootstrap) -> Resampled:
    """Return what a metric gives that is computed anew for each resample, without its bias."""
    counts = bootstrap.of(weighed.n_rows).counts[:_MAX_WEIGHED]
    resampled = np.array([weighed.value(weights.astype(np.float64)) for weights in counts])
    value = float(weighed.value(np.ones(weighed.n_rows)))
    return Resampled(value, resampled - (resampled.mean() - value), weighed.n_rows, metric.bounds)
