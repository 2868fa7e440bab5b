"""Estimate the difference between two methods, and say whether it is shown.

Two things vary when a comparison is made again. Another seed gives another network and another
layout; other samples would have been evaluated. The interval counts both. The bootstrap of one
training knows the samples alone, so that one method would differ "significantly" from itself
under another seed. The spread over trainings knows the seeds alone, for all trainings are
evaluated on the same samples.

After one training of something that seeds change, the spread between trainings is not known. Then
the interval is that of the samples, and the comparison is of these two codes or maps and not of the
methods. A verdict needs a difference that exceeds five times the band of what is practically the
same by twice the half-width of its interval.

Why five and two: of comparisons of one method with itself under another seed, 10 to 43 % had an
interval beyond the band itself, and at most 6.3 % one beyond this (``scripts/bench_verdicts.py``).

What is not counted: another split or another draw of the training samples, and data from
elsewhere. A difference is one on these data.

Notes
-----
With n_1 and n_2 trainings of the two sides, s_1² and s_2² the variances of a score between the
trainings of a side, and u = s²/n, the estimate is the difference of the mean scores, and the
half-width of its interval

    h(α) = sqrt( max( t_{v, 1-α/2}² (u_1 + u_2) + z_{1-α/2}² e², z_{1-α/2}² V ) ),
    v = (u_1 + u_2)² / (u_1² / (n_1 - 1) + u_2² / (n_2 - 1)),

the half-widths of two intervals added as squares [1]_; the first is Welch's [2]_. u is 0 where no
seed changes a side. The p-value is the α at which h(α) is as large as the estimate.

V is the variance over samples. All trainings are resampled by the same draws, so their resampled
scores are averaged draw by draw, and V is the variance of the difference of these means. It holds
each training's own variation over samples too, which differs from training to training and is in
s² already. e² is V without it, so that it is not counted twice. With M_i the mean over the
trainings of side i of the variance of their resampled scores, and V_i the variance of the mean of
these scores,

    e² = V - Σ_i (M_i - V_i) / (n_i - 1), at least 0.

Why the interval is never narrower than that of V: a few trainings may have equal scores by chance,
as shares of few samples often are, and e² may be estimated as 0 then.

Points and distances are float32, so that two ways to the same embedding differ by rounding, which
is not chance and would pass for a difference: V is taken as at least (5e-7)².

References
----------
.. [1] Zou, G. Y., Donner, A. (2008). Construction of confidence limits about effect measures:
   a general approach. Statistics in Medicine 27(10). doi:10.1002/sim.3095
.. [2] Welch, B. L. (1947). The generalization of 'Student's' problem when several different
   population variances are involved. Biometrika 34(1/2). doi:10.1093/biomet/34.1-2.28
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri, stdtrit

from aeviz.evaluation.scores import Resampled

__all__ = ["CONFIDENCE", "Difference", "Side", "Verdict", "difference", "verdict"]

CONFIDENCE = 0.95
_ROUNDING = 5e-7
# What a difference of single trainings must exceed, in half-widths of its interval and in bands.
_WIDTHS_OF_ONE, _BANDS_OF_ONE = 2, 5
# Smaller p-values are reported as this.
_SMALLEST_P = 1e-15

Verdict = Literal["better", "worse", "same", "none", ""]


@dataclass(frozen=True, eq=False)
class Side:
    """Scores of one method by one metric.

    Parameters
    ----------
    trainings : sequence of Resampled
        One per training, at least one, all resampled by the same draws.
    is_random : bool
        Whether another seed gives another score.
    """

    trainings: Sequence[Resampled]
    is_random: bool

    @property
    def value(self) -> float:
        """Return the mean score."""
        return float(np.mean([one.value for one in self.trainings]))

    @property
    def variance(self) -> float | None:
        """Return the variance of the mean between trainings, None where it is not known."""
        if not self.is_random:
            return 0.0
        n = len(self.trainings)
        return float(np.var([one.value for one in self.trainings], ddof=1)) / n if n > 1 else None

    def resampled(self, n_draws: int) -> np.ndarray:
        """Return the scores over draws less their values, shape (n_trainings, n_draws)."""
        return np.stack([one.resampled[:n_draws] - one.value for one in self.trainings])


@dataclass(frozen=True)
class Difference:
    """Difference of two methods' scores, with its interval and its p-value.

    Parameters
    ----------
    value : float
        Ours minus theirs.
    low, high : float or None
        Ends of the 95 % interval; None where the variation over samples is not known.
    p : float or None
    seed_error : float or None
        Standard error between trainings: 0 where no seed changes anything, None after one
        training of something that seeds change. Then the interval counts samples alone.
    sample_error : float or None
        Standard error over evaluated samples, of the mean over trainings.
    n_trainings : int
        Of the side with fewer, among sides that seeds change; 1 if there are none.
    """

    value: float
    low: float | None
    high: float | None
    p: float | None
    seed_error: float | None
    sample_error: float | None
    n_trainings: int

    @classmethod
    def of_one_training(cls, value: float, low: float | None, high: float | None) -> Difference:
        """Return the difference of two single trainings, whose interval counts samples alone."""
        return cls(value, low, high, None, None, None, 1)

    def row(self) -> dict[str, Any]:
        """Return the difference as a row of a table, with the digits that float64 can vouch for.

        What is not finite is None, as JSON has no such numbers.
        """
        return {name: _vouched(number) for name, number in vars(self).items()}


def _vouched(number: float | None) -> float | None:
    if number is None or not math.isfinite(number):
        return None
    return number if isinstance(number, int) else float(f"{number:.10g}")


def difference(ours: Side, theirs: Side) -> Difference:
    """Return the difference of two methods' mean scores.

    Raises
    ------
    ValueError
        If the two sides were evaluated on different numbers of samples.

    Examples
    --------
    >>> draws = np.random.default_rng(0).normal(0.0, 0.01, 200)
    >>> ours = Side([Resampled(v, v + draws, 100) for v in (0.90, 0.91, 0.92)], is_random=True)
    >>> theirs = Side([Resampled(0.80, 0.80 + draws, 100)], is_random=False)
    >>> found = difference(ours, theirs)
    >>> round(found.value, 3), found.p < 0.01, found.n_trainings
    (0.11, True, 3)
    """
    sides = (ours, theirs)
    counts = {one.n_rows for side in sides for one in side.trainings}
    if len(counts) > 1:
        raise ValueError(f"all scores must be of as many samples, got {sorted(counts)}")
    value = ours.value - theirs.value
    variances = [side.variance for side in sides]
    n_trainings = min((len(side.trainings) for side in sides if side.is_random), default=1)
    of_samples = _sample_errors(sides)
    of_seeds = _welch(sides) if None not in variances else (0.0, 1.0)
    seed_error = None if None in variances else of_seeds[0]
    if of_samples is None:
        return Difference(value, None, None, None, seed_error, None, n_trainings)
    errors = _Errors(*of_seeds, *of_samples)
    half, p = errors.half_width(1.0 - CONFIDENCE), errors.p_value(value)
    return Difference(value, value - half, value + half, p, seed_error, of_samples[0], n_trainings)


def verdict(found: Difference, *, higher_is_better: bool | None, band: float | None) -> Verdict:
    """Return what a difference shows.

    Parameters
    ----------
    found : Difference
    higher_is_better : bool or None
        None where it is not known.
    band : float, at least 0, or None
        Differences up to it are practically the same; None where there is no such number.

    Returns
    -------
    {"better", "worse", "same", "none", ""}
        "same" within the band. "better" or "worse" beyond it where the interval excludes 0; after
        one training where it does so by far, see the module. "none" where no difference is shown,
        "" where the direction is not known.
    """
    if band is not None and abs(found.value) <= band:
        return "same"
    if found.low is None or found.high is None:
        return "none"
    least = max(found.value - found.low, found.high - found.value)
    if found.seed_error is None:
        least = _WIDTHS_OF_ONE * least + _BANDS_OF_ONE * (band or 0.0)
    if abs(found.value) <= least:
        return "none"
    if higher_is_better is None:
        return ""
    return "better" if (found.value > 0) == higher_is_better else "worse"


def _welch(sides: Sequence[Side]) -> tuple[float, float]:
    """Return the standard error between trainings and its degrees of freedom."""
    parts = [(side.variance or 0.0, len(side.trainings) - 1) for side in sides]
    total = sum(variance for variance, _ in parts)
    scale = sum(variance**2 / n for variance, n in parts if variance > 0)
    return math.sqrt(total), total**2 / scale if scale > 0 else 1.0


def _sample_errors(sides: Sequence[Side]) -> tuple[float, float] | None:
    """Return the roots of V and e² of the Notes, or None where scores were not resampled."""
    n_draws = min(len(one.resampled) for side in sides for one in side.trainings)
    if n_draws < 2:
        return None
    ours, theirs = (side.resampled(n_draws) for side in sides)
    whole = float(np.var(ours.mean(axis=0) - theirs.mean(axis=0), ddof=1))
    shared = whole
    for resampled in (ours, theirs):
        if len(resampled) > 1:
            of_one = np.var(resampled, axis=1, ddof=1).mean()
            of_mean = np.var(resampled.mean(axis=0), ddof=1)
            shared -= float(of_one - of_mean) / (len(resampled) - 1)
    if not math.isfinite(whole):
        return None
    return max(math.sqrt(whole), _ROUNDING), math.sqrt(max(shared, 0.0))


@dataclass(frozen=True)
class _Errors:
    """Standard errors that an interval is made of; `of_samples` is √V, `shared` is e."""

    of_seeds: float
    freedom: float
    of_samples: float
    shared: float

    def half_width(self, alpha: float) -> float:
        """Return h(α) of the Notes."""
        t, z = -float(stdtrit(self.freedom, alpha / 2)), -float(ndtri(alpha / 2))
        both = math.hypot(t * self.of_seeds if self.of_seeds > 0 else 0.0, z * self.shared)
        return max(both, z * self.of_samples)

    def p_value(self, value: float) -> float:
        """Return the α at which the interval of a value ends at 0."""
        if value == 0.0:
            return 1.0
        if self.half_width(_SMALLEST_P) <= abs(value):
            return _SMALLEST_P

        def excess(log_alpha: float) -> float:
            return self.half_width(math.exp(log_alpha)) - abs(value)

        return math.exp(float(brentq(excess, math.log(_SMALLEST_P), 0.0, xtol=1e-6)))
