"""Map samples to coordinates along orthogonal axes, for networks of wide tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aeviz.data.feature_scaling import FeatureScaling

__all__ = ["CoordinateScaling", "Scaling"]


@dataclass(frozen=True)
class CoordinateScaling:
    """Scaling of features, followed by a map to coordinates along orthogonal axes.

    Parameters
    ----------
    scaling : FeatureScaling
    axes : ndarray of shape (n_axes, n_features), float32
        Unit vectors.
    """

    scaling: FeatureScaling
    axes: np.ndarray

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return coordinates of scaled samples, shape (n_samples, n_axes), float32."""
        return np.asarray(self.scaling.transform(X) @ self.axes.T)

    def n_outputs(self, n_features: int) -> int:
        """Return the number of axes."""
        return len(self.axes)


Scaling = FeatureScaling | CoordinateScaling
