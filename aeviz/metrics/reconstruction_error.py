"""Measure what is lost between a sample and its reconstruction.

Bounds [0, ∞), lower is better; 0 means that nothing is lost.

Pitfall: it is in the squared units of the data as prepared for the network (in [0, 1], or
standardised), so it compares encoders on one data set and says nothing across data sets.
For standardised data 1 is what the mean of every feature would reach. A variational model
is trained for more than this and scores worse at the same code size.

Notes
-----
With x_i a sample of p features and r_i its reconstruction,

    error = mean over i of  (1/p) Σ over features of (x_i - r_i)².

References
----------
.. [1] Hinton, G. E., Salakhutdinov, R. R. (2006). Reducing the dimensionality of data with
   neural networks. Science 313. doi:10.1126/science.1127647
"""

from __future__ import annotations

import math

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric

__all__ = ["RECONSTRUCTION_ERROR"]


def _contributions(comparison: Comparison) -> np.ndarray:
    if comparison.sample_errors is None:
        raise ValueError("reconstruction_error needs sample errors, got a comparison without")
    return comparison.sample_errors[:, None]


RECONSTRUCTION_ERROR = Metric(
    name="reconstruction_error",
    title="Reconstruction error",
    summary="the mean squared error a feature of what the decoder gives back.",
    bounds=(0.0, math.inf),
    higher_is_better=False,
    subject="reconstruction",
    scope="code",
    contributions=_contributions,
)
