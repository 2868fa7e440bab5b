"""Squared distances from some rows of a space to all of its rows, one block at a time.

This is arithmetic only: it knows nothing of neighbours, labels or metrics. Two things
are done to the points first, neither of which changes a rank or a ratio of distances.
They are moved so that a row near their mean becomes the origin, and divided by a power
of two so that no coordinate exceeds one.

Why a row and not the mean: matrix products lose digits when points lie far from the
origin, so they have to be moved; but moved by one of the rows, integers stay integers
and their equal distances stay equal. The power of two keeps float32 from overflowing
and is exact.

Features that are the same in every row, such as the corners of images, add nothing to any
distance and are left out of the products.

Why two ways: with few features (every embedding) the distances are sums of squared
differences, since the matrix product's rounding, about 1e-7 of the embedding's squared
width, is as large as a neighbour's squared distance among 70,000 points of a plane.
With more features the two are of one size and the matrix product is many times faster.
"""

import numpy as np

from aeviz.data.feature_scaling import centred, exceeds_float64

__all__ = ["Space"]

_FEW_FEATURES = 4
_CHUNK = 1024
_TOGETHER = 8


class Space:
    """Points of one space, ready for blocks of squared distances.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The points. float32 (and float16) are worked on in float32, everything else in
        float64. A copy of at most this size is kept.
    name : str
        What the points are called in messages.

    Raises
    ------
    ValueError
        If `X` is not a table of finite numbers.
    """

    def __init__(self, X: np.ndarray, *, name: str = "X") -> None:
        if X.ndim != 2 or X.shape[1] == 0 or X.dtype.kind not in "fiub":
            raise ValueError(
                f"{name} must be numbers of shape (n_samples, n_features), "
                f"got {X.dtype} of shape {X.shape}"
            )
        if exceeds_float64(X):
            # Moved, they keep their digits.
            X = centred(X, X[0].astype(np.float64))
        self.X = X
        self.name = name
        self.n_samples = len(X)
        self.dtype = np.dtype(np.float32 if X.dtype in (np.float16, np.float32) else np.float64)
        origin = self._origin(X)
        kept = np.flatnonzero(X.max(axis=0) != X.min(axis=0))
        kept = kept if len(kept) else np.arange(1)
        self.n_features = len(kept)
        # Two more columns, |x|² and 1: the product with (-2y, 1, |y|²) is then |x - y|².
        factors = np.ones((self.n_samples, self.n_features + 2), self.dtype)
        points = factors[:, :-2]
        for chunk in _chunks(self.n_samples):
            np.subtract(X[chunk, kept], origin[kept].astype(self.dtype), out=points[chunk])
        exponent = int(np.frexp(max(points.max(), -points.min()))[1])
        np.ldexp(points, -exponent, out=points)
        self.scale = float(np.ldexp(1.0, exponent))
        if self.n_features <= _FEW_FEATURES:
            self._columns = np.ascontiguousarray(points.T)
        else:
            for chunk in _chunks(self.n_samples):
                squares = np.square(points[chunk], dtype=np.float64)
                factors[chunk, -2] = squares.sum(axis=1)
            self._factors = factors

    def _origin(self, X: np.ndarray) -> np.ndarray:
        """Return the row nearest to the mean."""
        with np.errstate(over="ignore", invalid="ignore"):
            mean = X.mean(axis=0, dtype=np.float64)
        if not np.isfinite(mean).all():
            raise ValueError(f"{self.name} must hold finite numbers, got NaN or infinite values")
        exponent = int(np.frexp(max(float(X.max()), -float(X.min())))[1])
        center = np.ldexp(mean, -exponent).astype(self.dtype)
        from_mean = []
        for chunk in _chunks(self.n_samples):
            away = np.ldexp(X[chunk], -exponent, dtype=self.dtype)
            away -= center
            from_mean.append(np.einsum("ij,ij->i", away, away))
        origin: np.ndarray = X[int(np.concatenate(from_mean).argmin())]
        return origin

    def squared_distances(self, rows: np.ndarray, out: np.ndarray, *, first: int = 0) -> None:
        """Write the squared distances from `rows` to all rows, in units of `scale` squared.

        Parameters
        ----------
        rows : ndarray of int of shape (n_rows,)
        out : ndarray of shape (n_rows, n_samples - first), of this space's dtype
            Filled. A row's distance to itself is infinite, so that it is nobody's
            neighbour. The matrix product may leave values just below zero.
        first : int
            Leave out the rows before this one; none of `rows` may be before it.
        """
        if self.n_features <= _FEW_FEATURES:
            self._subtract(rows, out, first)
        else:
            factors = self._factors[rows]
            factors[:, :-2] *= -2.0
            factors[:, -2:] = factors[:, :-3:-1]
            np.matmul(factors, self._factors[first:].T, out=out)
        out[np.arange(len(rows)), rows - first] = np.inf

    def _subtract(self, rows: np.ndarray, out: np.ndarray, first: int) -> None:
        """Sum the squared differences, of a few rows at a time so that they stay in the cache."""
        term = np.empty((_TOGETHER, self.n_samples - first), self.dtype)
        for start in range(0, len(rows), _TOGETHER):
            some = rows[start : start + _TOGETHER]
            total = out[start : start + _TOGETHER]
            for number, column in enumerate(self._columns):
                part = total if number == 0 else term[: len(some)]
                np.subtract(column[first:], column[some, None], out=part)
                np.square(part, out=part)
                if number > 0:
                    np.add(total, part, out=total)

    def compared(self, squared: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return squared distances from `rows` as they are ranked: in single precision.

        Of float64 spaces, those are then equal that only rounding tells apart. The product leaves
        the distance of duplicates at a rounding of their length; they are 0 here.
        """
        if self.dtype == np.float32:
            return squared
        ranked: np.ndarray = squared.astype(np.float32)
        if self.n_features > _FEW_FEATURES:
            rounding = 4 * (self.n_features + 8) * np.finfo(np.float64).eps
            limits = (rounding * self._factors[rows, -2]).astype(np.float32)
            ranked[ranked <= limits[:, None]] = 0.0
        return ranked

    def lengths(self, squared: np.ndarray) -> np.ndarray:
        """Return distances in the units of the points, float64, from squared ones."""
        lengths: np.ndarray = np.sqrt(np.maximum(squared, 0.0, dtype=np.float64))
        lengths *= self.scale
        return lengths


def _chunks(n_samples: int) -> list[slice]:
    """Return slices that bound the memory of float64 copies."""
    return [slice(start, start + _CHUNK) for start in range(0, n_samples, _CHUNK)]
