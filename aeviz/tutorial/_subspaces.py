"""Compare the subspace that a decoder spans with that of the first principal components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Spectrum", "angles_of_components", "decoder_span", "share_kept"]


@dataclass(frozen=True, eq=False)
class Spectrum:
    """All principal components of samples, float64.

    Parameters
    ----------
    variances : ndarray of shape (n_features,)
        In falling order.
    components : ndarray of shape (n_features, n_features)
        A component a column, of length 1.
    covariance : ndarray of shape (n_features, n_features)
        Divided by n.
    """

    variances: np.ndarray
    components: np.ndarray
    covariance: np.ndarray

    @classmethod
    def of(cls, X: np.ndarray) -> Spectrum:
        """Return the spectrum of samples of shape (n_samples, n_features)."""
        centred = X.astype(np.float64)
        centred -= centred.mean(axis=0)
        covariance = centred.T @ centred / len(X)
        variances, components = np.linalg.eigh(covariance)
        return cls(variances[::-1], components[:, ::-1], covariance)

    def share(self, n_components: int) -> float:
        """Return the share of the variance that the first components keep, in [0, 1]."""
        return float(self.variances[:n_components].sum() / self.variances.sum())


def decoder_span(decoder: Any) -> np.ndarray:
    """Return the weights of a network's last dense layer, (n_features, code_size), float64."""
    return np.asarray(decoder.layers[-1].kernel, np.float64).T


def angles_of_components(span: np.ndarray, components: np.ndarray) -> np.ndarray:
    """Return the angle in degrees between each component, a column, and the span of columns.

    Examples
    --------
    >>> angles_of_components(np.eye(3)[:, :2], np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]))
    array([90.,  0.])
    """
    basis = np.linalg.qr(span)[0]
    inside = basis.T @ components
    outside = components - basis @ inside
    lengths = np.linalg.norm(outside, axis=0), np.linalg.norm(inside, axis=0)
    return np.degrees(np.arctan2(*lengths))


def share_kept(span: np.ndarray, covariance: np.ndarray) -> float:
    """Return the share of the variance that lies within a subspace, in [0, 1]."""
    basis = np.linalg.qr(span)[0]
    return float(np.sum((covariance @ basis) * basis) / np.trace(covariance))
