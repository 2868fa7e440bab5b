"""Bring features to a scale that the networks train well on.

This is the encoders' own scaling, so that an estimator works on any numbers that a
user gives it. The report's preparation of a data set is `aeviz.data.scaling`; data
prepared there pass through here unchanged (unit) or nearly so (standardised).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["FeatureScaling"]


@dataclass(frozen=True)
class FeatureScaling:
    """Standardise features for the Gaussian loss; leave them for the Bernoulli loss.

    Parameters
    ----------
    mean, scale : ndarray of shape (n_features,), float32, or None
        None where features are left as they are. A constant feature has the scale 1.
    """

    mean: np.ndarray | None
    scale: np.ndarray | None

    @classmethod
    def fit(cls, X: np.ndarray, loss: str) -> FeatureScaling:
        """Return the scaling for samples `X` and one of the losses."""
        if loss == "bernoulli":
            return cls(None, None)
        mean = X.mean(axis=0, dtype=np.float64)
        scale = X.std(axis=0, dtype=np.float64)
        # Rounding leaves a tiny deviation in a constant column of large values.
        scale[scale <= 1e-6 * np.maximum(np.abs(mean), 1e-30)] = 1.0
        return cls(mean.astype(np.float32), scale.astype(np.float32))

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return scaled samples, float32."""
        if self.mean is None:
            return X
        return (X - self.mean) / self.scale

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Return samples in the units of the data that were fitted, float32."""
        if self.mean is None or self.scale is None:
            return X
        return X * self.scale + self.mean

    def to_json(self) -> dict[str, Any]:
        """Return the scaling as JSON-able values; float32 numbers survive the round trip."""
        if self.mean is None or self.scale is None:
            return {"mean": None, "scale": None}
        return {"mean": self.mean.tolist(), "scale": self.scale.tolist()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> FeatureScaling:
        """Return the scaling that `to_json` described."""
        if content["mean"] is None:
            return cls(None, None)
        return cls(
            np.asarray(content["mean"], np.float32), np.asarray(content["scale"], np.float32)
        )
