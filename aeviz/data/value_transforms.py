"""Change the values of samples before they are scaled, and back: logarithms, counts, arcsinh.

Values with heavy tails, such as counts of molecules or of words, are compared by their
logarithms, since otherwise a few large values decide all distances.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from aeviz.core.exceptions import AevizError

__all__ = ["TRANSFORMS", "ValueTransform"]

TRANSFORMS = ("none", "log1p", "arcsinh", "arcsinh150", "counts")
"""Names of the transforms."""

# Usual cofactors of cytometry: 5 for mass, 150 for fluorescence.
COFACTORS = {"arcsinh": 5.0, "arcsinh150": 150.0}
# exp of more is beyond the largest float.
MAX_EXPONENT = 700.0


@dataclass(frozen=True)
class ValueTransform:
    """Function of each value, and for counts of the total of its sample.

    Parameters
    ----------
    name : {"none", "log1p", "arcsinh", "arcsinh150", "counts"}
        ``"log1p"``: log(1 + x). ``"arcsinh"``: arcsinh(x / 5); ``"arcsinh150"``:
        arcsinh(x / 150). ``"counts"``: log(1 + x · total / the sample's own total) [1]_.
    total : float
        Of ``"counts"``: the median total of the training samples, without those of total 0.

    References
    ----------
    .. [1] Wolf, F. A., Angerer, P., Theis, F. J. (2018). SCANPY: large-scale single-cell gene
       expression data analysis. Genome Biology 19, 15. doi:10.1186/s13059-017-1382-0

    Examples
    --------
    >>> counts = ValueTransform.fit("counts", [np.array([[1.0, 1.0], [3.0, 3.0]])])
    >>> counts.total
    4.0
    >>> np.expm1(counts.apply(np.array([[5, 15]]))).round(6).tolist()
    [[1.0, 3.0]]
    """

    name: str = "none"
    total: float = 1.0

    @classmethod
    def fit(cls, name: str, blocks: Iterable[np.ndarray]) -> ValueTransform:
        """Return the transform of a name for training samples.

        Parameters
        ----------
        name : str
            One of `TRANSFORMS`.
        blocks : iterable of ndarray of shape (n_rows, n_features)
            Read for ``"counts"`` only.

        Raises
        ------
        AevizError
            If they are negative and the transform is not for negative values.
        """
        if name != "counts":
            return cls(name)
        totals = np.concatenate([_totals(_not_negative(block, name)) for block in blocks])
        is_counted = totals > 0
        return cls(name, float(np.median(totals[is_counted])) if is_counted.any() else 1.0)

    def apply(self, X: np.ndarray) -> np.ndarray:
        """Return transformed samples, float64; `X` itself where the transform is none.

        A sample of total 0 stays as it is.

        Raises
        ------
        AevizError
            If values are negative and the transform is not for negative values.
        """
        if self.name == "none":
            return X
        if self.name in COFACTORS:
            return np.asarray(np.arcsinh(X / COFACTORS[self.name]), np.float64)
        values = _not_negative(X, self.name).astype(np.float64)
        if self.name == "counts":
            totals = _totals(values)
            values *= (self.total / np.where(totals > 0, totals, 1.0))[:, np.newaxis]
        return np.log1p(values, out=values)

    def invert(self, X: np.ndarray) -> np.ndarray:
        """Return the values that `apply` made `X` of.

        The totals of ``"counts"`` are not known any more: these are the counts of samples of the
        median total.
        """
        if self.name == "none":
            return X
        low = -MAX_EXPONENT
        if self.name in COFACTORS:
            return np.asarray(np.sinh(np.clip(X, low, MAX_EXPONENT)) * COFACTORS[self.name])
        return np.asarray(np.expm1(np.clip(X, low, MAX_EXPONENT)))

    @property
    def words(self) -> str:
        """Return what is done to the values, in words; empty if nothing is."""
        if self.name in COFACTORS:
            kind = "mass" if self.name == "arcsinh" else "fluorescence"
            return f"arcsinh of the values / {COFACTORS[self.name]:g} (usual for {kind} cytometry)"
        return {
            "none": "",
            "log1p": "the logarithm of 1 + value",
            "counts": "every sample to the median total of the training samples "
            f"({self.total:,.6g}), and the logarithm of 1 + value",
        }[self.name]


def _totals(X: np.ndarray) -> np.ndarray:
    return np.asarray(X.sum(axis=1, dtype=np.float64))


def _not_negative(X: np.ndarray, name: str) -> np.ndarray:
    """Return the samples if none of their values is negative."""
    low = X.min(initial=0)
    if low < 0:
        raise AevizError(
            f"transform={name} takes values of at least 0, and there are smaller ones, such as "
            f"{low:g}; accepted: transform=arcsinh or transform=none"
        )
    return X
