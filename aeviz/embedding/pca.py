"""Offer plain principal components as an embedding like the others.

The baseline that every other picture has to beat: linear, fast, and the only one whose
axes mean something. It does not scale features; that is preparation.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.embedding._progress import Callback, Progress

__all__ = ["PCAEmbedding"]


class PCAEmbedding(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Embed samples by their first principal components.

    Parameters
    ----------
    n_components : int, default 2
        Number of axes, at most min(n_samples, n_features).
    random_state : int, RandomState or None, default None
        Used where scikit-learn chooses its randomised solver (over 1,000 features).
    callback : callable of (iteration, n_iterations) or None, default None
        Called once, with (1, 1), when the components are found.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the samples fitted, of the dtype of `X`.
    components_ : ndarray of shape (n_components, n_features)
        The axes, unit vectors; each one's largest entry is positive.
    mean_ : ndarray of shape (n_features,)
        What is subtracted first.
    explained_variance_ratio_ : ndarray of shape (n_components,)
        Share of the variance along each axis; NaN where all samples are equal.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> embedding = PCAEmbedding().fit(load_iris().data)
    >>> embedding.explained_variance_ratio_.round(2).tolist()
    [0.92, 0.05]
    """

    has_meaningful_axes = True
    # But for rounding, in scikit-learn's randomised solver too.
    depends_on_seed = False

    def __init__(
        self,
        n_components: int = 2,
        *,
        random_state: int | np.random.RandomState | None = None,
        callback: Callback | None = None,
    ) -> None:
        self.n_components = n_components
        self.random_state = random_state
        self.callback = callback

    @property
    def least_features(self) -> int:
        """Return how many features samples must have at least."""
        return self.n_components

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the components of samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples, at least two.
        y : ignored
            For scikit-learn's interface.

        Raises
        ------
        ValueError
            If `X` is not numeric, finite and two-dimensional, or has fewer than
            `n_components` samples or features.
        """
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        n_most = min(X.shape)
        if not 1 <= self.n_components <= n_most:
            raise ValueError(
                f"n_components must be in 1..{n_most} (n_samples = {X.shape[0]}, "
                f"n_features = {X.shape[1]}), got {self.n_components}"
            )
        # Samples that are all equal have no variance to share out: 0 / 0 is expected there.
        with np.errstate(invalid="ignore", divide="ignore"):
            pca = PCA(self.n_components, random_state=self.random_state).fit(X)
        self.components_ = pca.components_
        self.mean_ = pca.mean_
        self.explained_variance_ratio_ = pca.explained_variance_ratio_
        self._n_features_out = self.n_components
        self.embedding_ = self._project(X)
        Progress(self.callback, 1).report(1)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> np.ndarray:
        """Find the components of samples and return their coordinates.

        Parameters
        ----------
        X, y
            As in `fit`.

        Raises
        ------
        ValueError
            As in `fit`.
        """
        return self.fit(X, y).embedding_

    def transform(self, X: Any) -> np.ndarray:
        """Return the coordinates of new samples on the same axes.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples.

        Raises
        ------
        ValueError
            If `X` is not numeric, finite and two-dimensional with the features of the fit.
        NotFittedError
            If nothing was fitted.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return self._project(X)

    def _project(self, X: np.ndarray) -> np.ndarray:
        components = self.components_.astype(X.dtype, copy=False)
        mean = self.mean_.astype(X.dtype, copy=False)
        # Why einsum: a product by BLAS rounds a row by where it stands among the others.
        return np.einsum("ij,kj->ik", X - mean, components)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
