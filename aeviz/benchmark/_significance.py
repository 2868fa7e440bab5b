"""Intervals of means over seeds, and p-values corrected for their number.

Differences between methods and their p-values are those of `aeviz.evaluation.differences`, which
reports use too.

References
----------
.. [1] Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
   powerful approach to multiple testing. Journal of the Royal Statistical Society B 57(1).
   doi:10.1111/j.2517-6161.1995.tb02031.x
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit
from scipy.stats import false_discovery_control

from aeviz.evaluation.differences import CONFIDENCE

__all__ = ["corrected_p_values", "seed_interval"]


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
    error = float(v.std(ddof=1)) / math.sqrt(len(v))
    half = float(stdtrit(len(v) - 1, (1.0 + CONFIDENCE) / 2)) * error
    return float(v.mean()) - half, float(v.mean()) + half


def corrected_p_values(p_values: Sequence[float | None]) -> list[float | None]:
    """Return p-values corrected for their number [1]_; None is not counted.

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
