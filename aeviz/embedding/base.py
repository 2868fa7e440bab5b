"""Share what every embedding by neighbours does besides its optimisation.

Checking of input, the search for neighbours and the placing of samples that were
fitted are the same for all of them. What a member adds is `_embed`, which moves the
samples of a fit, and `_place`, which finds room for new ones among them.

Why a sample equal to a fitted one is put on it: there is no better place for it, and
so `transform` of the fitted samples gives the embedding, as scikit-learn demands, row
by row and without remembering a hash of the whole array.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.neighbors.search import METRICS, NeighborSearch, neighbors_of

__all__ = ["NeighborEmbedding"]

_log = logging.getLogger(__name__)


class NeighborEmbedding(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Fit and place samples by their neighbours; a member says how."""

    has_meaningful_axes = False

    n_components: int
    metric: str
    random_state: int | np.random.RandomState | None

    def fit(self, X: Any, y: Any = None, *, neighbors: NeighborSearch | None = None) -> Self:
        """Embed samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples, at least two.
        y : ignored
            For scikit-learn's interface; labels do not shape the embedding.
        neighbors : NeighborSearch of `X`, or None
            Where several embeddings of the same samples share one search.

        Raises
        ------
        ValueError
            If `X` is not numeric, finite and two-dimensional with two samples or more, a
            parameter is out of its range, or `neighbors` are those of other samples.
        """
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        self._check_parameters()
        random_state = check_random_state(self.random_state)
        if neighbors is None:
            neighbors = NeighborSearch(X)
        elif neighbors.X.shape != X.shape:
            raise ValueError(
                f"neighbors must be of X, of shape {X.shape}; got those of {neighbors.X.shape}"
            )
        self.embedding_ = self._embed(X, neighbors, random_state).astype(X.dtype, copy=False)
        # A copy: the caller may go on to change the array, and placing needs it as it was.
        self._fit_X = X.copy()
        self._n_features_out = self.n_components
        return self

    def fit_transform(
        self, X: Any, y: Any = None, *, neighbors: NeighborSearch | None = None
    ) -> np.ndarray:
        """Embed samples and return their coordinates.

        Parameters
        ----------
        X, y, neighbors
            As in `fit`.

        Raises
        ------
        ValueError
            As in `fit`.
        """
        return self.fit(X, y, neighbors=neighbors).embedding_

    def transform(self, X: Any) -> np.ndarray:
        """Place new samples among the fitted ones, which stay where they are.

        Each is placed by itself, so its coordinates do not depend on what else is asked
        for. A sample equal to a fitted one is put on it (on the first, if several are).

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples.

        Returns
        -------
        ndarray of shape (n_samples, n_components)
            Coordinates, of the dtype of `X`.

        Raises
        ------
        ValueError
            If `X` is not numeric, finite and two-dimensional with the features of the fit.
        NotFittedError
            If nothing was fitted.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        asked = X.astype(self._fit_X.dtype, copy=False)
        n_neighbors = min(self._n_neighbors_to_place(), len(self._fit_X))
        indices, distances = neighbors_of(asked, self._fit_X, n_neighbors, metric=self.metric)
        placed = self._place(indices, distances).astype(X.dtype, copy=False)
        # Neighbours come by distance and then by row number: the first equal one is taken.
        equal = (self._fit_X[indices[:, 0]] == asked).all(axis=1)
        placed[equal] = self.embedding_[indices[equal, 0]]
        return placed

    def _check_parameters(self) -> None:
        """Check what every member has; members add their own."""
        self._require("n_components", self.n_components in (1, 2, 3), "1, 2 or 3")
        self._require("metric", self.metric in METRICS, f"one of {', '.join(METRICS)}")

    def _require(self, name: str, is_right: bool, accepted: str) -> None:
        if not is_right:
            raise ValueError(f"{name} must be {accepted}; got {getattr(self, name)!r}")

    def _clamped(self, name: str, highest: float, n_samples: int) -> Any:
        """Return a parameter, or the highest value that so few samples allow."""
        asked = getattr(self, name)
        if asked <= highest:
            return asked
        _log.info("%s is %g in place of %g: n_samples = %d", name, highest, asked, n_samples)
        return highest

    @abstractmethod
    def _embed(
        self, X: np.ndarray, neighbors: NeighborSearch, random_state: np.random.RandomState
    ) -> np.ndarray:
        """Return the coordinates of the samples of a fit."""

    @abstractmethod
    def _n_neighbors_to_place(self) -> int:
        """Return how many fitted neighbours `_place` wants."""

    @abstractmethod
    def _place(self, indices: np.ndarray, distances: np.ndarray) -> np.ndarray:
        """Return the coordinates of new samples, given their fitted neighbours."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
