"""Measure the reconstruction error: how much the decoder loses.

E = 1 / n · Σᵢ 1 / p · Σⱼ (xᵢⱼ − x̃ᵢⱼ)², the mean squared error a feature, in the units of the
prepared data (values in [0, 1], or features of variance 1). 0 upwards, lower is better.

Pitfall: PCA is the best linear encoder by this very measure; an autoencoder trained on
another loss may reconstruct better to the eye and worse by it.

References
----------
.. [1] Hinton, G. E., Salakhutdinov, R. R. (2006). Reducing the dimensionality of data with
   neural networks. Science 313, 504-507. doi:10.1126/science.1127647.
"""

from __future__ import annotations

import math

import numpy as np

from aeviz.metrics._comparison import Comparison
from aeviz.metrics._metric import Metric

__all__ = ["RECONSTRUCTION_ERROR"]


def _contributions(comparison: Comparison) -> np.ndarray:
    if comparison.sample_errors is None:
        raise ValueError("the reconstruction error needs reconstructions, got none")
    return comparison.sample_errors[:, None]


RECONSTRUCTION_ERROR = Metric(
    name="reconstruction_error",
    title="Reconstruction error",
    summary="the mean squared error a feature of what the decoder gives back.",
    bounds=(0.0, math.inf),
    higher_is_better=False,
    subject="reconstruction",
    contributions=_contributions,
)
