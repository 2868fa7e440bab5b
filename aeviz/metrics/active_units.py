"""Active units: how many numbers of a variational code depend on the sample.

A unit whose posterior mean hardly varies over samples has collapsed to the prior: the
decoder gets noise from it.

Notes
-----
With m_u(x) the posterior mean of unit u, which is the code,

    active units = |{u: Var over samples of m_u(x) > 0.01}|,

from mean over i of m_u(x_i) and mean over i of m_u(x_i)².

References
----------
.. [1] Burda, Y., Grosse, R., Salakhutdinov, R. (2016). Importance weighted autoencoders.
   arXiv:1509.00519
"""

import math

import numpy as np

from aeviz.evaluation import Comparison, Metric

__all__ = ["ACTIVE_UNITS"]

_MIN_VARIANCE = 0.01


def _contributions(comparison: Comparison) -> np.ndarray:
    """Return each unit and its square, moved to its mean, where squares lose no digits."""
    code = comparison.low.X[comparison.rows].astype(np.float64)
    code -= code.mean(axis=0)
    return np.concatenate([code, np.square(code)], axis=1)


def _count(means: np.ndarray) -> np.ndarray:
    mean, square = np.split(means, 2, axis=-1)
    return np.count_nonzero(square - np.square(mean) > _MIN_VARIANCE, axis=-1).astype(np.float64)


ACTIVE_UNITS = Metric(
    name="active_units",
    title="Active units",
    question="How many numbers of a variational code depend on the sample?",
    bounds=(0.0, math.inf),
    blind_spot="It is a count and no grade: the bound pays for each unit only what it is worth, so "
    "a model of 32 units may well use ten. The limit of 0.01 is a convention, and a rotated code "
    "has another count.",
    reference="Burda, Grosse and Salakhutdinov (2016), arXiv:1509.00519",
    subject="variational",
    scope="code",
    band=None,
    contributions=_contributions,
    summarise=_count,
)
