"""Standardise features within an estimator, and measure means and standard deviations.

Networks train well on features with mean 0 and variance 1, so every estimator scales the numbers
that a user gives it. A report prepares its data set with `aeviz.data.scaling` before: data that
were prepared there are left as they are here (unit), or nearly so (standardised).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["FeatureScaling", "Moments"]


@dataclass(frozen=True)
class Moments:
    """Range, means and standard deviations of samples, from one pass over them.

    Parameters
    ----------
    low, high : float
        Smallest and largest value of all.
    mean, std : ndarray of shape (n_features,), float64
        Mean and standard deviation (divided by n) per feature.
    """

    low: float
    high: float
    mean: np.ndarray
    std: np.ndarray

    @classmethod
    def of(cls, blocks: Iterable[np.ndarray]) -> Moments:
        """Return the moments of all rows of the blocks together.

        Parameters
        ----------
        blocks : iterable of ndarray of shape (n_rows, n_features)
            At least one row in all.

        Notes
        -----
        Means and sums of squared deviations are merged block by block [1]_, which loses no
        digits where the mean is far from zero, as the mean of squares would.

        References
        ----------
        .. [1] Chan, T. F., Golub, G. H., LeVeque, R. J. (1983). Algorithms for computing the
           sample variance. The American Statistician 37, 242-247.
           doi:10.1080/00031305.1983.10483115.
        """
        low, high, n = np.inf, -np.inf, 0
        mean: Any = 0.0
        squares: Any = 0.0
        for block in blocks:
            low, high = min(low, float(block.min())), max(high, float(block.max()))
            values = block.astype(np.float64)
            block_mean = values.mean(axis=0)
            values -= block_mean
            gap, n_block = block_mean - mean, len(block)
            n += n_block
            mean = mean + gap * (n_block / n)
            squares = squares + np.square(values).sum(axis=0)
            squares += np.square(gap) * (n_block * (n - n_block) / n)
        return cls(low, high, mean, np.sqrt(squares / n))


@dataclass(frozen=True)
class FeatureScaling:
    """Scaling of features: standardised for the Gaussian loss, unchanged for the Bernoulli loss.

    Parameters
    ----------
    mean, scale : ndarray of shape (n_features,), float32, or None
        None where features are left as they are. A constant feature has the scale 1.
    """

    mean: np.ndarray | None
    scale: np.ndarray | None

    @classmethod
    def standardising(cls, moments: Moments) -> FeatureScaling:
        """Return the scaling to mean 0 and standard deviation 1 for samples of these moments."""
        mean, scale = moments.mean, moments.std.copy()
        # Rounding leaves a tiny standard deviation in a constant column of large values.
        scale[scale <= 1e-6 * np.maximum(np.abs(mean), 1e-30)] = 1.0
        return cls(mean.astype(np.float32), scale.astype(np.float32))

    @classmethod
    def common(cls, moments: Moments) -> FeatureScaling:
        """Return the scaling to mean 0 of each feature and variance 1 on average.

        All features have one scale, so that distances keep their proportions.
        """
        scale = float(np.sqrt(np.mean(np.square(moments.std)))) or 1.0
        scales = np.full(moments.std.shape, scale, np.float32)
        return cls(moments.mean.astype(np.float32), scales)

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return scaled samples, float32."""
        if self.mean is None:
            return X
        return np.asarray((X - self.mean) / self.scale)

    def n_outputs(self, n_features: int) -> int:
        """Return how many numbers a scaled sample has: as many as before."""
        return n_features

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Return samples in the units of the data that were fitted, float32."""
        if self.mean is None or self.scale is None:
            return X
        return np.asarray(X * self.scale + self.mean)

    def to_json(self) -> dict[str, Any]:
        """Return the scaling as JSON-able values; float32 numbers survive the round trip."""
        numbers = {"mean": self.mean, "scale": self.scale}
        return {name: None if one is None else one.tolist() for name, one in numbers.items()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> FeatureScaling:
        """Return the scaling that `to_json` described."""
        mean, scale = content["mean"], content["scale"]
        if mean is None:
            return cls(None, None)
        return cls(np.asarray(mean, np.float32), np.asarray(scale, np.float32))
