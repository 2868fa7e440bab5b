"""Bring samples to the range that networks work in, and back.

What is fitted is fitted on the training samples only. Images are brought to [0, 1], so that
networks may use sigmoid outputs with cross-entropy; tables are standardised, so that no result
depends on the units of a column. Nothing is clipped but values of
test samples beyond the fitted range, see `Scaling.transform`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from aeviz.data._row_blocks import row_blocks
from aeviz.data.dataset import Dataset
from aeviz.data.feature_scaling import MAX_DEVIATION, Moments, centred, scaled

__all__ = ["Scaling"]


@dataclass(frozen=True, eq=False)
class Scaling:
    """How samples are scaled: ``(X - shift) / scale``.

    Parameters
    ----------
    kind : {"unit", "standard"}
        ``"unit"``: values in [0, 1], one range for all columns. ``"standard"``: every
        column with mean 0 and variance 1 over the training samples.
    shift, scale : ndarray of float64 of shape (1,) or (n_features,)
        One number for all columns where the kind is ``"unit"``.
    n_features : int
        Number of columns of the data it was fitted on.

    Examples
    --------
    >>> table = Dataset(name="toy", X=np.array([[0.0, 5.0], [2.0, 5.0], [9.0, 6.0]]))
    >>> scaling = Scaling.fit(table, np.array([True, True, False]))
    >>> scaling.kind
    'standard'
    >>> scaling.transform(table.X).tolist()
    [[-1.0, 0.0], [1.0, 0.0], [8.0, 1.0]]
    """

    kind: str
    shift: np.ndarray
    scale: np.ndarray
    n_features: int

    @classmethod
    def fit(cls, dataset: Dataset, is_train: np.ndarray) -> Scaling:
        """Return the scaling that suits a data set, with numbers from its training samples.

        Parameters
        ----------
        dataset : Dataset
            Finite samples.
        is_train : ndarray of bool of shape (n_samples,)
            The rows to learn from.

        Raises
        ------
        ValueError
            If `is_train` has another length or no True.

        Notes
        -----
        Images, one range for all pixels: eight-bit pixels have the range 0..255, unless no
        training pixel exceeds 127 (masks of 0 and 1, sixteen grey levels); floats that are
        within [0, 1] and exceed 0.5 have the range 0..1; all others have their training minimum
        and maximum.

        Tables are standardised by mean and standard deviation (divided by n) per column, so that
        results do not depend on the units of the columns; where a column is constant in training,
        it is only shifted.
        """
        is_train = np.asarray(is_train, dtype=bool)
        if is_train.shape != (dataset.n_samples,) or not is_train.any():
            raise ValueError(
                f"is_train must have shape ({dataset.n_samples},) and some True, "
                f"got shape {is_train.shape} with {int(is_train.sum())} True"
            )
        X = dataset.X
        if dataset.is_image:
            low, high = _pixel_range(X, is_train)
            scale = high - low if high > low else 1.0
            return cls("unit", np.array([low]), np.array([scale]), dataset.n_features)
        mean, std = _mean_and_std(X, is_train)
        return cls("standard", mean, std, dataset.n_features)

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return scaled samples.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            In the units of the source, any real dtype.

        Returns
        -------
        ndarray of float32 of shape (n_samples, n_features)
            Values outside the fitted range, which new samples may have, become 0 or 1 where
            the kind is ``"unit"``, and are kept to a million standard deviations otherwise.

        Raises
        ------
        ValueError
            If `X` has another number of columns.
        """
        self._check_shape(X)
        low, high = (0.0, 1.0) if self.kind == "unit" else (-MAX_DEVIATION, MAX_DEVIATION)
        return scaled(X, self.shift, self.scale, low=low, high=high)

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Return samples in the units of the source from scaled ones.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            Scaled samples, for example a decoder's reconstructions.

        Returns
        -------
        ndarray of float64 of shape (n_samples, n_features)
            float64, since the units of the source may need it. Not rounded.

        Raises
        ------
        ValueError
            If `X` has another number of columns.
        """
        self._check_shape(X)
        return np.asarray(X.astype(np.float64) * self.scale + self.shift)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays to save with `numpy.savez`; no Python objects among them."""
        return {name: np.asarray(value) for name, value in vars(self).items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Scaling:
        """Return the scaling that `to_arrays` was called on."""
        return cls(
            kind=str(arrays["kind"]),
            shift=np.asarray(arrays["shift"]),
            scale=np.asarray(arrays["scale"]),
            n_features=int(arrays["n_features"]),
        )

    def _check_shape(self, X: np.ndarray) -> None:
        if X.ndim != 2 or X.shape[1] != self.n_features:
            raise ValueError(
                f"X must have shape (n_samples, {self.n_features}), as fitted; got {X.shape}"
            )


def _pixel_range(X: np.ndarray, is_train: np.ndarray) -> tuple[float, float]:
    """Return the values that become 0 and 1."""
    low, high = np.inf, -np.inf
    for rows, block in row_blocks(X):
        values = block[is_train[rows]]
        if values.size:
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    if X.dtype == np.uint8 and high > 127:
        return 0.0, 255.0
    if X.dtype.kind == "f" and low >= 0 and 0.5 < high <= 1:
        return 0.0, 1.0
    return low, high


def _mean_and_std(X: np.ndarray, is_train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation per column, the latter 1 where it is constant."""

    def parts() -> Iterator[np.ndarray]:
        return (block[is_train[rows]] for rows, block in row_blocks(X) if is_train[rows].any())

    # In the dtype of the data: integers beyond 2**53 may differ where their floats do not.
    extremes = [(part.min(axis=0), part.max(axis=0)) for part in parts()]
    low, high = (np.stack(ends) for ends in zip(*extremes, strict=True))
    low, high = low.min(axis=0), high.max(axis=0)
    origin = low.astype(np.float64)
    # Powers of two lose no digit, and squares of values within [0, 1] cannot overflow.
    exponent = np.frexp(centred(high[np.newaxis], origin)[0])[1]
    moments = Moments.of(np.ldexp(centred(part, origin), -exponent) for part in parts())
    mean, std = origin + np.ldexp(moments.mean, exponent), np.ldexp(moments.std, exponent)
    # Comparing extremes is exact, where the rounded variance of a constant may not be 0;
    # and the standard deviation of subnormal numbers may be rounded to 0.
    is_constant = (low == high) | (std == 0)
    return np.where(is_constant, origin, mean), np.where(is_constant, 1.0, std)
