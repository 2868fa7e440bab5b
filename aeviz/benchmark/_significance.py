"""Estimate the difference between two methods, and how far it is from chance.

Two things vary when a benchmark is made again. Another seed gives another network and
another layout; other samples would have been evaluated. A verdict has to count both: the
bootstrap of one run knows the samples alone, so that two runs of the very same method would
differ "significantly" by nothing but their seeds; the spread over a few seeds knows the
seeds alone, for all seeds are evaluated on the same samples.

What is not counted: another split or another draw of the training samples, and data from
elsewhere. A verdict is about these data.

Notes
-----
With n seeds, d_s the difference of the two methods in the runs of seed s (paired: the same
seed on both sides) and e_s the standard error of d_s over evaluated samples (the bootstrap's,
paired too), the estimate is the mean of the d_s, and the half-width of its interval

    h(α) = sqrt( (t_{n-1, 1-α/2} · sd(d_s) / √n)² + (z_{1-α/2} · mean(e_s))² ),

the half-widths of both intervals added as squares [1]_. The samples being the same for all
seeds, averaging over seeds takes nothing off the second part; the mean of the e_s is the
largest value that the standard error of the mean difference can have. The p-value is the α at
which h(α) is as large as the estimate itself. Where nothing on either side depends on a seed
the first part is zero, and one run is enough. Where something does and there is one seed, its
spread is not known, and nothing is shown.

Points and distances are float32, so that two ways to the same embedding differ by rounding,
which is not chance and would pass for a difference: mean(e_s) is taken as at least 5e-7.

References
----------
.. [1] Zou, G. Y., Donner, A. (2008). Construction of confidence limits about effect measures:
   a general approach. Statistics in Medicine 27(10). doi:10.1002/sim.3095
.. [2] Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
   powerful approach to multiple testing. Journal of the Royal Statistical Society B 57(1).
   doi:10.1111/j.2517-6161.1995.tb02031.x
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri, stdtrit
from scipy.stats import false_discovery_control

__all__ = ["CONFIDENCE", "Estimate", "corrected_p_values", "estimate_difference", "seed_interval"]

CONFIDENCE = 0.95
_ROUNDING = 5e-7
# Smaller p-values are reported as this.
_SMALLEST_P = 1e-15


@dataclass(frozen=True)
class Estimate:
    """Difference with its interval and its p-value; None where they are not known.

    `seed_error` and `sample_error` are the standard errors that the interval is made of.
    """

    value: float
    low: float | None
    high: float | None
    p: float | None
    seed_error: float | None
    sample_error: float | None


def estimate_difference(
    differences: Sequence[float], sample_errors: Sequence[float | None], *, is_random: bool
) -> Estimate:
    """Return the mean difference over seeds, with its interval and p-value.

    Parameters
    ----------
    differences : sequence of float of length n_seeds
        One per seed.
    sample_errors : sequence of float or None, of the same length
        Their standard errors over evaluated samples; None where there is none.
    is_random : bool
        Whether anything on either side depends on the seed.

    Examples
    --------
    >>> estimate_difference([0.30, 0.31, 0.32], [0.01, 0.01, 0.01], is_random=True).p < 0.01
    True
    >>> estimate_difference([0.3], [0.01], is_random=True).p is None
    True
    """
    d = np.asarray(differences, dtype=np.float64)
    value = float(d.mean())
    seed_error: float | None = 0.0
    if is_random:
        seed_error = float(d.std(ddof=1) / math.sqrt(len(d))) if len(d) > 1 else None
    known = [error for error in sample_errors if error is not None]
    sample_error = max(float(np.mean(known)), _ROUNDING) if len(known) == len(d) else None
    if seed_error is None or (sample_error is None and not is_random):
        return Estimate(value, None, None, None, seed_error, sample_error)
    errors = (seed_error, sample_error or 0.0)
    half = _half_width(1.0 - CONFIDENCE, errors, len(d))
    p = _p_value(value, errors, len(d))
    return Estimate(value, value - half, value + half, p, seed_error, sample_error)


def seed_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the t-interval of a mean over seeds, or None of one value.

    Examples
    --------
    >>> low, high = seed_interval([1.0, 2.0, 3.0])
    >>> round(low, 3), round(high, 3)
    (-0.484, 4.484)
    """
    v = np.asarray(values, dtype=np.float64)
    if len(v) < 2:
        return None
    error = float(v.std(ddof=1) / math.sqrt(len(v)))
    half = _half_width(1.0 - CONFIDENCE, (error, 0.0), len(v))
    return float(v.mean()) - half, float(v.mean()) + half


def corrected_p_values(p_values: Sequence[float | None]) -> list[float | None]:
    """Return p-values corrected for their number [2]_; None is not counted.

    Of those below 0.05 at most one in twenty is expected to be wrong; where nothing differs
    at all, none is below with a probability of 95 %.

    Examples
    --------
    >>> corrected_p_values([0.01, None, 0.04])
    [0.02, None, 0.04]
    """
    known = [i for i, p in enumerate(p_values) if p is not None]
    result: list[float | None] = [None] * len(p_values)
    if known:
        found = false_discovery_control([p_values[i] for i in known], method="bh")
        for i, p in zip(known, found.tolist(), strict=True):
            result[i] = p
    return result


def _half_width(alpha: float, errors: tuple[float, float], n_seeds: int) -> float:
    """Return h(α) of the Notes."""
    seed_error, sample_error = errors
    of_seeds = -float(stdtrit(n_seeds - 1, alpha / 2)) * seed_error if seed_error > 0 else 0.0
    return math.hypot(of_seeds, -float(ndtri(alpha / 2)) * sample_error)


def _p_value(value: float, errors: tuple[float, float], n_seeds: int) -> float:
    if value == 0.0:
        return 1.0
    if _half_width(_SMALLEST_P, errors, n_seeds) <= abs(value):
        return _SMALLEST_P

    def excess(log_alpha: float) -> float:
        return _half_width(math.exp(log_alpha), errors, n_seeds) - abs(value)

    return math.exp(float(brentq(excess, math.log(_SMALLEST_P), 0.0, xtol=1e-6)))
