"""Measure the lower bound that a variational model gives for the likelihood of samples.

Bounds (-∞, ∞), higher is better; the unit is nats a sample.

Pitfall: compare it between models of one data set, one scaling and one reconstruction loss
only. The Bernoulli loss of values between 0 and 1 is not the density of such values. The
Gaussian loss leaves out the constant n_features/2 · log 2π, and its value depends on the
scaling. A tight bound says nothing of what the code is good for: a model whose decoder
ignores the code can have one. It is measured with one draw of the code a sample, so that
a second measurement differs a little.

Notes
-----
With q(z | x_i) the encoder's posterior, p(x | z) the decoder's and p(z) a standard normal
distribution,

    ELBO = mean over i of  E[log p(x_i | z)] - KL(q(z | x_i) | p(z)),

E being taken by one draw from q; log p is summed over features. β does not enter.

References
----------
.. [1] Kingma, D. P., Welling, M. (2014). Auto-encoding variational Bayes. ICLR.
   arXiv:1312.6114
"""

from __future__ import annotations

import math

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric

__all__ = ["ELBO"]


def _contributions(comparison: Comparison) -> np.ndarray:
    if comparison.sample_bounds is None:
        raise ValueError("elbo needs sample bounds, got a comparison without")
    return comparison.sample_bounds[:, None]


ELBO = Metric(
    name="elbo",
    title="ELBO",
    summary="the variational model’s lower bound of a sample’s log-likelihood, in nats.",
    bounds=(-math.inf, math.inf),
    higher_is_better=True,
    subject="variational",
    scope="code",
    contributions=_contributions,
)
