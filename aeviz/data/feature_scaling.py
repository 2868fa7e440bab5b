"""Centre and standardise features, and measure means and standard deviations.

Networks train well on features with mean 0 and variance 1, so every estimator scales the numbers
that a user gives it. A report prepares its data set with `aeviz.data.scaling` before: data that
were prepared there are left as they are here (unit), or nearly so (standardised).

Why centre before anything else: float32 has 7 digits and float64 has 16, so a UNIX time loses its
seconds in the one, and a time in nanoseconds its last three digits in the other. Differences
from a number that is near lose none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from aeviz.data._row_blocks import row_blocks

__all__ = ["MAX_DEVIATION", "FeatureScaling", "Moments", "centred", "exceeds_float64", "scaled"]

# Values of new samples this many standard deviations off say "far" as well as larger ones do;
# without a bound a nearly constant column could overflow the networks' float32.
MAX_DEVIATION = 1e6
# A mean more standard deviations from 0 takes digits that float32 does not have.
FAR = 1000
# float32 ends at 3.4e38; this leaves room for a million standard deviations.
LARGE = 1e30


def centred(X: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """Return ``X - origin``, losing no digit of integers that float64 cannot hold.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Of any real dtype.
    origin : ndarray of shape (n_features,) or (1,), float64

    Returns
    -------
    ndarray of shape (n_samples, n_features), float64

    Examples
    --------
    >>> X = np.array([[2**60 + 1], [2**60 + 3]])
    >>> centred(X, np.array([2.0**60])).ravel().tolist()
    [1.0, 3.0]
    """
    if X.dtype.kind not in "iu" or X.dtype.itemsize < 8:
        return np.subtract(X, origin, dtype=np.float64)
    # The two halves of 32 bits, and the differences of each, are exact in float64.
    low = np.mod(origin, 2.0**32)
    differences = (X >> 32) * 2.0**32 - (origin - low)
    differences += np.bitwise_and(X, 2**32 - 1).astype(np.float64) - low
    return np.asarray(differences)


def exceeds_float64(X: np.ndarray) -> bool:
    """Return whether an array holds integers that float64 cannot tell from their neighbours.

    Examples
    --------
    >>> [exceeds_float64(np.array([n])) for n in (2**53, -(2**53) - 2, 2.0**60)]
    [False, True, False]
    """
    if X.dtype.kind not in "iu" or X.dtype.itemsize < 8 or not X.size:
        return False
    return max(int(X.max()), -int(X.min())) > 2**53


def scaled(
    X: np.ndarray, shift: np.ndarray, scale: np.ndarray, *, low: float, high: float
) -> np.ndarray:
    """Return ``(X - shift) / scale`` within low..high, float32; worked out in float64 by blocks.

    `X` has the shape (n_samples, n_features) and any real dtype, `shift` and `scale` one number
    or one per feature.
    """
    result = np.empty(X.shape, dtype=np.float32)
    for rows, block in row_blocks(X):
        with np.errstate(over="ignore"):  # infinite is clipped like other far values
            values = centred(block, shift)
            values /= scale
        result[rows] = np.clip(values, low, high, out=values)
    return result


@dataclass(frozen=True)
class Moments:
    """Range, means and standard deviations of samples, from one pass over them.

    Parameters
    ----------
    low, high : float
        Smallest and largest value of all.
    mean, std : ndarray of shape (n_features,), float64
        Mean and standard deviation (divided by n) per feature.
    is_constant : ndarray of bool of shape (n_features,)
        Whether all values of a feature are equal.
    """

    low: float
    high: float
    mean: np.ndarray
    std: np.ndarray
    is_constant: np.ndarray

    @classmethod
    def of(cls, blocks: Iterable[np.ndarray]) -> Moments:
        """Return the moments of all rows of the blocks together.

        Parameters
        ----------
        blocks : iterable of ndarray of shape (n_rows, n_features)
            At least one row in all; of any real dtype.

        Notes
        -----
        The first row is subtracted first, see `centred`. Means and sums of squared deviations are
        then merged block by block [1]_, which loses no digits where the mean is far from zero, as
        the mean of squares would.

        References
        ----------
        .. [1] Chan, T. F., Golub, G. H., LeVeque, R. J. (1983). Algorithms for computing the
           sample variance. The American Statistician 37, 242-247.
           doi:10.1080/00031305.1983.10483115.
        """
        low, high, n = np.inf, -np.inf, 0
        origin: np.ndarray | None = None
        least: Any = np.inf
        most: Any = -np.inf
        mean: Any = 0.0
        squares: Any = 0.0
        for block in blocks:
            low, high = min(low, float(block.min())), max(high, float(block.max()))
            origin = block[0].astype(np.float64) if origin is None else origin
            values = centred(block, origin)
            least = np.minimum(least, values.min(axis=0))
            most = np.maximum(most, values.max(axis=0))
            block_mean = values.mean(axis=0)
            values -= block_mean
            gap, n_block = block_mean - mean, len(block)
            n += n_block
            mean = mean + gap * (n_block / n)
            squares = squares + np.square(values).sum(axis=0)
            squares += np.square(gap) * (n_block * (n - n_block) / n)
        # Extremes are compared exactly; the rounded variance of a constant may not be 0.
        return cls(low, high, origin + mean, np.sqrt(squares / n), np.equal(least, most))


@dataclass(frozen=True)
class FeatureScaling:
    """Scaling of features: standardised for the Gaussian loss, unchanged for the Bernoulli loss.

    Parameters
    ----------
    mean, scale : ndarray of shape (n_features,), float64, or None
        None where features are left as they are. A constant feature has the scale 1.
    """

    mean: np.ndarray | None
    scale: np.ndarray | None

    @classmethod
    def standardising(cls, moments: Moments) -> FeatureScaling:
        """Return the scaling to mean 0 and standard deviation 1 for samples of these moments."""
        # The squares of the smallest numbers that there are may sum to 0.
        is_constant = moments.is_constant | (moments.std == 0)
        return cls(moments.mean, np.where(is_constant, 1.0, moments.std))

    @property
    def dtype(self) -> type[np.floating[Any]]:
        """Return what holds samples in the units of the data: float32, or float64 if need be.

        float64 is for means more than a thousand standard deviations from 0, such as UNIX times,
        and for numbers beyond 1e30.
        """
        if self.mean is None or self.scale is None:
            return np.float32
        size = np.abs(self.mean)
        is_single = (size <= FAR * self.scale) & (np.maximum(size, self.scale) <= LARGE)
        return np.float32 if is_single.all() else np.float64

    @classmethod
    def common(cls, moments: Moments) -> FeatureScaling:
        """Return the scaling to mean 0 of each feature and variance 1 on average.

        All features have one scale, so that distances keep their proportions.
        """
        scale = float(np.sqrt(np.mean(np.square(moments.std)))) or 1.0
        return cls(moments.mean, np.full(moments.std.shape, scale))

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return scaled samples, float32, of samples of any real dtype.

        They are centred in float64. New samples are kept to a million standard deviations.
        """
        if self.mean is None or self.scale is None:
            return X.astype(np.float32, copy=False)
        return scaled(X, self.mean, self.scale, low=-MAX_DEVIATION, high=MAX_DEVIATION)

    def n_outputs(self, n_features: int) -> int:
        """Return how many numbers a scaled sample has: as many as before."""
        return n_features

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Return samples in the units of the data that were fitted, of `dtype`."""
        if self.mean is None or self.scale is None:
            return X
        kind = self.dtype
        return np.asarray(X * self.scale.astype(kind) + self.mean.astype(kind))

    def to_json(self) -> dict[str, Any]:
        """Return the scaling as JSON-able values; float64 numbers survive the round trip."""
        numbers = {"mean": self.mean, "scale": self.scale}
        return {name: None if one is None else one.tolist() for name, one in numbers.items()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> FeatureScaling:
        """Return the scaling that `to_json` described."""
        mean, scale = content["mean"], content["scale"]
        if mean is None:
            return cls(None, None)
        return cls(np.asarray(mean, np.float64), np.asarray(scale, np.float64))
