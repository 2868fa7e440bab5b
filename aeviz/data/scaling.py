"""Bring samples to the range that networks work in, and back.

What is fitted is fitted on the training samples only. By default images are brought to [0, 1], so
that networks may use sigmoid outputs with cross-entropy, and tables are standardised, so that no
result depends on the units of a column. Nothing is clipped but values of test samples beyond the
fitted range, see `Scaling.transform`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.data._row_blocks import row_blocks
from aeviz.data.dataset import Dataset
from aeviz.data.feature_scaling import FAR, MAX_DEVIATION, Moments, centred, scaled
from aeviz.data.value_transforms import ValueTransform

__all__ = ["KINDS", "SCALES", "Scaling", "kind_of"]

SCALES = ("auto", "standard", "minmax", "unit", "none")
"""What `Scaling.fit` accepts as `scale`."""

KINDS = {
    "range": ("in [0, 1]", "all features in one range, [0, 1]"),
    "standard": (
        "standardised",
        "every feature to mean 0 and variance 1 over the training samples",
    ),
    "minmax": (
        "in [0, 1]",
        "every feature to [0, 1], by its smallest and largest value in the training samples",
    ),
    "unit_length": (
        "of length one",
        "every sample to length one, so that neighbours are those of the cosine; reconstructions "
        "get the median length of the training samples",
    ),
    "none": ("not scaled", "none"),
}
"""Kinds of scaling, in a few words and in a sentence."""

_LIMITS = {
    "range": (0.0, 1.0),
    "minmax": (0.0, 1.0),
    "standard": (-MAX_DEVIATION, MAX_DEVIATION),
    "unit_length": (-1.0, 1.0),
    "none": (float(np.finfo(np.float32).min), float(np.finfo(np.float32).max)),
}

# Function that gives the training samples block by block.
_Parts = Callable[[], Iterator[np.ndarray]]


@dataclass(frozen=True, eq=False)
class Scaling:
    """How samples are scaled: ``(transformed X - shift) / scale``.

    Parameters
    ----------
    kind : {"range", "standard", "minmax", "unit_length", "none"}
        ``"range"``: values in [0, 1], one range for all columns. ``"standard"``: every
        column with mean 0 and variance 1 over the training samples. ``"minmax"``: every column
        in [0, 1]. ``"unit_length"``: every row divided by its length; `scale` is then the median
        length of the training samples, which `inverse_transform` gives back to all. ``"none"``.
    shift, scale : ndarray of float64 of shape (1,) or (n_kept,)
        One number for all columns where the kind is none of ``"standard"`` and ``"minmax"``.
    n_features : int
        Number of columns of the data it was fitted on.
    values : ValueTransform
        What is done to the values before.
    kept : ndarray of int of shape (n_kept,) or None
        Numbers of the columns that are kept, ascending; None keeps all.

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
    values: ValueTransform = field(default_factory=ValueTransform)
    kept: np.ndarray | None = None

    @classmethod
    def fit(
        cls,
        dataset: Dataset,
        is_train: np.ndarray,
        *,
        scale: str = "auto",
        transform: str = "none",
        top_features: int | None = None,
    ) -> Scaling:
        """Return the scaling of a data set, with numbers from its training samples.

        Parameters
        ----------
        dataset : Dataset
            Finite samples.
        is_train : ndarray of bool of shape (n_samples,)
            The rows to learn from.
        scale : {"auto", "standard", "minmax", "unit", "none"}
        transform : str
            One of `aeviz.data.value_transforms.TRANSFORMS`.
        top_features : int or None
            Keep so many columns: those with the largest variance of their transformed values.

        Raises
        ------
        ValueError
            If `is_train` has another length or no True.
        AevizError
            If the values do not suit the transform, or need a scaling.

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

        def read() -> Iterator[np.ndarray]:
            return (block[is_train[rows]] for rows, block in row_blocks(X) if is_train[rows].any())

        values = ValueTransform.fit(transform, read())
        kept = None
        if top_features is not None and top_features < dataset.n_features:
            kept = _most_variable(lambda: map(values.apply, read()), top_features)

        def parts() -> Iterator[np.ndarray]:
            transformed = map(values.apply, read())
            return transformed if kept is None else (block[:, kept] for block in transformed)

        kind, shift, spread = _fitted(parts, scale, dataset)
        return cls(kind, shift, spread, dataset.n_features, values, kept)

    @property
    def n_kept(self) -> int:
        """Return the number of columns of scaled samples."""
        return self.n_features if self.kept is None else len(self.kept)

    @property
    def limits(self) -> tuple[float, float]:
        """Return the smallest and the largest number that a scaled value can be."""
        return _LIMITS[self.kind]

    @property
    def is_affine(self) -> bool:
        """Return whether a scaled value is ``(value - shift) / scale`` of all columns."""
        return self.values.name == "none" and self.kept is None and self.kind != "unit_length"

    @property
    def words(self) -> str:
        """Return what is done to the values, in words."""
        before, scaling = self.values.words, KINDS[self.kind][1]
        return f"{before}; then {scaling}" if before else scaling

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return scaled samples.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            In the units of the source, any real dtype.

        Returns
        -------
        ndarray of float32 of shape (n_samples, n_kept)
            Values outside the fitted range, which new samples may have, become 0 or 1 where
            the kind is ``"range"`` or ``"minmax"``, and are kept to a million standard deviations
            where it is ``"standard"``.

        Raises
        ------
        ValueError
            If `X` has another number of columns.
        AevizError
            If its values do not suit the transform.
        """
        self._check_shape(X, self.n_features)
        low, high = self.limits
        if self.is_affine:
            return scaled(X, self.shift, self.scale, low=low, high=high)
        result = np.empty((len(X), self.n_kept), np.float32)
        for rows, block in row_blocks(X):
            values = self.values.apply(block)
            values = values if self.kept is None else values[:, self.kept]
            if self.kind == "unit_length":
                result[rows] = np.clip(_unit_rows(values)[0], low, high)
            else:
                result[rows] = scaled(values, self.shift, self.scale, low=low, high=high)
        return result

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Return samples in the units of the source from scaled ones.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_kept)
            Scaled samples, for example a decoder's reconstructions.

        Returns
        -------
        ndarray of float64 of shape (n_samples, n_kept)
            float64, since the units of the source may need it. Not rounded. Samples of the kind
            ``"unit_length"`` have the median length of the training samples, and those of the
            transform ``"counts"`` their median total.

        Raises
        ------
        ValueError
            If `X` has another number of columns.
        """
        self._check_shape(X, self.n_kept)
        return self.values.invert(np.asarray(X.astype(np.float64) * self.scale + self.shift))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays to save with `numpy.savez`; no Python objects among them."""
        parts = {name: getattr(self, name) for name in ("kind", "shift", "scale", "n_features")}
        parts |= {"transform": self.values.name, "total": self.values.total}
        if self.kept is not None:
            parts["kept"] = self.kept
        return {name: np.asarray(value) for name, value in parts.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Scaling:
        """Return the scaling that `to_arrays` of this version or a former one was called on."""
        values = ValueTransform()
        if "transform" in arrays:
            values = ValueTransform(str(arrays["transform"]), float(arrays["total"]))
        return cls(
            kind=kind_of(str(arrays["kind"])),
            shift=np.asarray(arrays["shift"]),
            scale=np.asarray(arrays["scale"]),
            n_features=int(arrays["n_features"]),
            values=values,
            kept=np.asarray(arrays["kept"]) if "kept" in arrays else None,
        )

    def _check_shape(self, X: np.ndarray, n_columns: int) -> None:
        if X.ndim != 2 or X.shape[1] != n_columns:
            raise ValueError(
                f"X must have shape (n_samples, {n_columns}), as fitted; got {X.shape}"
            )


def kind_of(recorded: str) -> str:
    """Return the kind of scaling that a file names; former versions called one range a unit."""
    return "range" if recorded == "unit" else recorded


def _fitted(parts: _Parts, scale: str, dataset: Dataset) -> tuple[str, np.ndarray, np.ndarray]:
    """Return the kind of a scaling, what is subtracted, and what is divided by."""
    if dataset.is_image and scale in ("auto", "minmax"):
        first, last = _pixel_range(parts())
        return "range", np.array([first]), np.array([last - first if last > first else 1.0])
    if scale in ("auto", "standard"):
        mean, std, is_constant = _moments(parts)
        return "standard", mean, np.where(is_constant, 1.0, std)
    if scale == "minmax":
        low, high = _extremes(parts)
        span = high.astype(np.float64) - low
        return "minmax", low.astype(np.float64), np.where(span > 0, span, 1.0)
    if scale == "unit":
        lengths = np.concatenate([_unit_rows(part)[1] for part in parts()])
        return "unit_length", np.zeros(1), np.array([np.median(lengths) or 1.0])
    mean, std, is_constant = _moments(parts)
    n_far = int(((np.abs(mean) > FAR * std) & ~is_constant).sum())
    if n_far:
        raise AevizError(
            f"scale=none would lose digits: {n_far:,} features are more than {FAR:,} standard "
            "deviations from 0; accepted: scale=standard, or features without that offset"
        )
    return "none", np.zeros(1), np.ones(1)


def _pixel_range(parts: Iterator[np.ndarray]) -> tuple[float, float]:
    """Return the values that become 0 and 1."""
    low, high, dtype = np.inf, -np.inf, np.dtype(float)
    for values in parts:
        dtype = values.dtype
        low, high = min(low, float(values.min())), max(high, float(values.max()))
    if dtype == np.uint8 and high > 127:
        return 0.0, 255.0
    if dtype.kind == "f" and low >= 0 and 0.5 < high <= 1:
        return 0.0, 1.0
    return low, high


def _unit_rows(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of length one, float64, and their lengths; rows of zeros stay."""
    values = X.astype(np.float64)
    # Squares of numbers up to 1 do not overflow.
    largest = np.abs(values).max(axis=1, keepdims=True, initial=0.0)
    values /= np.where(largest > 0, largest, 1.0)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    values /= np.where(lengths > 0, lengths, 1.0)
    return values, (largest * lengths)[:, 0]


def _most_variable(parts: _Parts, n_features: int) -> np.ndarray:
    """Return the numbers of the columns with the largest variances, ascending."""
    _, std, is_constant = _moments(parts)
    ranked = np.argsort(np.where(is_constant, 0.0, -std), kind="stable")
    return np.sort(ranked[:n_features])


def _extremes(parts: _Parts) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest and the largest value per column, in the dtype of the data."""
    extremes = [(part.min(axis=0), part.max(axis=0)) for part in parts()]
    low, high = (np.stack(ends) for ends in zip(*extremes, strict=True))
    return low.min(axis=0), high.max(axis=0)


def _moments(parts: _Parts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean and standard deviation per column, and whether it is constant."""
    # In the dtype of the data: integers beyond 2**53 may differ where their floats do not.
    low, high = _extremes(parts)
    origin = low.astype(np.float64)
    # Powers of two lose no digit, and squares of values within [0, 1] cannot overflow.
    exponent = np.frexp(centred(high[np.newaxis], origin)[0])[1]
    moments = Moments.of(np.ldexp(centred(part, origin), -exponent) for part in parts())
    mean, std = origin + np.ldexp(moments.mean, exponent), np.ldexp(moments.std, exponent)
    # Comparing extremes is exact, where the rounded variance of a constant may not be 0;
    # and the standard deviation of subnormal numbers may be rounded to 0.
    is_constant = (low == high) | (std == 0)
    return np.where(is_constant, origin, mean), std, is_constant
