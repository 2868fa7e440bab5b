"""Define what an embedding is, and share what all members of the family do.

`Embedding` is the contract that the rest of aeviz relies on: the interface of a scikit-learn
transformer, saving and loading, and declared abilities. `BaseEmbedding` checks input, keeps the
result and writes it to a folder. `NeighborEmbedding` adds the search for neighbours, for members
that work with neighbours.

Why two base classes and not one: principal components and the parametric members search no
neighbours, but share everything else. They are dataclasses, as the encoders' is: the constructor
that a dataclass writes stores the parameters and does nothing else.
"""

import logging
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.core.memory import MB, Need
from aeviz.core.validation import check_choice, check_integer, check_unmasked
from aeviz.embedding._storage import read_fitted, write_fitted
from aeviz.neighbors.search import METRICS, NeighborSearch, neighbors_of

__all__ = ["BaseEmbedding", "Callback", "Embedding", "NeighborEmbedding"]

Callback = Callable[[int, int], object]
"""Function (iteration, n_iterations); what it returns is ignored, what it raises ends the fit."""

_log = logging.getLogger(__name__)

# Memory of each sample's neighbours in the search that embeddings share.
_SEARCH_BYTES_PER_SAMPLE = 4_000
_BYTES_PER_NEIGHBOR = 60


class Embedding(Protocol):
    """Contract of an embedding: a scikit-learn transformer from samples to coordinates.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the fitted samples.
    has_meaningful_axes : bool
        Whether the axes have units and directions that a reader can interpret.
    depends_on_seed : bool
        Whether another `random_state` gives other coordinates.
    is_trained : bool
        Whether the fit trains a network.
    searches_neighbors : bool
        Whether it works with neighbours: `fit` uses `neighbors`, and `transform` needs the
        fitted samples, which `load` has to be given.
    compiles : str
        What a fit loads and compiles before it begins, and how long that takes; empty for nothing.
    starts_from : str
        What a fit starts from, in words; empty where it does not depend on a start.
    """

    embedding_: np.ndarray
    has_meaningful_axes: bool
    depends_on_seed: bool
    is_trained: bool
    searches_neighbors: bool
    compiles: str
    starts_from: str

    @property
    def min_features(self) -> int:
        """Return the smallest number of features that samples may have."""

    @property
    def can_decode(self) -> bool:
        """Return whether `inverse_transform` gives samples for points."""

    def fit(self, X: Any, y: Any = None, *, neighbors: NeighborSearch | None = None) -> Self:
        """Embed samples."""

    def fit_transform(
        self, X: Any, y: Any = None, *, neighbors: NeighborSearch | None = None
    ) -> np.ndarray:
        """Embed samples and return their coordinates."""

    def transform(self, X: Any) -> np.ndarray:
        """Return the coordinates of new samples; the fitted ones do not move."""

    def save(self, folder: Path) -> None:
        """Write the fitted embedding into a folder."""

    @classmethod
    def load(cls, folder: Path, X: np.ndarray | None = None) -> Self:
        """Return the fitted embedding of a folder."""

    def memory_need(self, n_samples: int, n_features: float) -> Need:
        """Return the memory that `fit` needs."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, as scikit-learn does."""

    def set_params(self, **params: Any) -> Self:
        """Set parameters, as scikit-learn does; every member has a `callback`."""


@dataclass(eq=False, repr=False)
class BaseEmbedding(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Base of embeddings: checked input, coordinates and storage.

    A member implements `_fit` and `_transform`, and overrides the abilities that differ.

    Parameters
    ----------
    n_components : {1, 2, 3}, default 2
        Number of axes.
    random_state : int, RandomState or None, default None
        Source of all that is random in the fit.
    callback : callable of (iteration, n_iterations) or None, default None
        Told how far the fit is; what it raises ends the fit.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the fitted samples, of the dtype of `X`.
    """

    # Not annotated, like all class attributes here, so that they are no parameters.
    has_meaningful_axes = False
    depends_on_seed = True
    is_trained = False
    searches_neighbors = False
    compiles = ""
    starts_from = ""
    # The parameter for the size of a neighbourhood, if there is one, and its neighbours per unit.
    neighborhood = ("", 0)

    n_components: int = 2
    _: KW_ONLY
    random_state: int | np.random.RandomState | None = None
    callback: Callback | None = None

    @property
    def min_features(self) -> int:
        """Return the smallest number of features that samples may have."""
        return 1

    @property
    def can_decode(self) -> bool:
        """Return whether `inverse_transform` gives samples for points."""
        return False

    def fit(self, X: Any, y: Any = None, *, neighbors: NeighborSearch | None = None) -> Self:
        """Embed samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples, at least two.
        y : ignored
            For scikit-learn's interface; labels do not change the embedding.
        neighbors : NeighborSearch of `X`, or None
            A search that several embeddings of the same samples share; ignored by members
            that search no neighbours.

        Raises
        ------
        ValueError, TypeError
            If `X` is not numeric, finite and two-dimensional with two samples or more, a
            parameter is out of its range, or `neighbors` belong to other samples.
        AevizError
            If a network's loss is not finite.
        """
        check_unmasked("X", X)
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        self._check_parameters(X)
        self.embedding_ = self._fit(X, neighbors)
        self._n_features_out = self.n_components
        return self

    def fit_transform(
        self, X: Any, y: Any = None, *, neighbors: NeighborSearch | None = None
    ) -> np.ndarray:
        """Embed samples and return their coordinates; parameters and errors are those of `fit`.

        Returns
        -------
        ndarray of shape (n_samples, n_components)
            `embedding_`, of the dtype of `X`.
        """
        return self.fit(X, y, neighbors=neighbors).embedding_

    def transform(self, X: Any) -> np.ndarray:
        """Return the coordinates of new samples; the fitted ones do not move.

        The coordinates of a sample do not depend on the other samples of the call.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples.

        Returns
        -------
        ndarray of shape (n_samples, n_components)
            Coordinates, of the dtype of `X`; for a fitted sample those in `embedding_`.

        Raises
        ------
        ValueError
            If `X` is not numeric, finite and two-dimensional with the features of the fit.
        NotFittedError
            If nothing was fitted.
        """
        check_is_fitted(self)
        check_unmasked("X", X)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return self._transform(X)

    def save(self, folder: Path) -> None:
        """Write ``points.npy``, ``embedding.json`` and ``arrays.npz`` into a folder.

        It is made if missing. The fitted samples are not written; `load` has to be given them.
        """
        write_fitted(self, folder)

    @classmethod
    def load(cls, folder: Path, X: np.ndarray | None = None) -> Self:
        """Return the fitted embedding of a folder that `save` wrote.

        Parameters
        ----------
        folder : Path
        X : ndarray of shape (n_samples, n_features) or None
            The fitted samples; only `transform` of members that search neighbours needs them.

        Raises
        ------
        AevizError
            If the folder holds no embedding, a damaged one or one of another schema.
        """
        model = read_fitted(folder, cls)
        model._n_features_out = model.embedding_.shape[1]
        if X is not None:
            model._fit_X = np.asarray(X)
        return model

    def memory_need(self, n_samples: int, n_features: float) -> Need:
        """Return the memory that `fit` needs for so many samples or codes."""
        name, per_unit = self.neighborhood
        if not name:
            return Need(20 * MB, 4.5 * n_features, n_samples)
        # `fit` rejects what is no number.
        size = getattr(self, name)
        n_neighbors = per_unit * size if isinstance(size, int | float) and size > 0 else 0
        of_neighbors = _SEARCH_BYTES_PER_SAMPLE + _BYTES_PER_NEIGHBOR * n_neighbors
        libraries = self._libraries()
        fixed = 20 * MB + sum(libraries.values())
        return Need(fixed, 10.0 * n_features + of_neighbors, n_samples, libraries=libraries)

    def _libraries(self) -> dict[str, float]:
        """Return the memory of the libraries that `fit` loads, by name."""
        return {}

    def _reporter(self, n_iterations: int) -> Callable[[int], None]:
        """Return a function that tells `callback` of a growing iteration, each at most once."""
        reached = 0

        def report(iteration: int) -> None:
            nonlocal reached
            if self.callback is not None and reached < iteration <= n_iterations:
                reached = iteration
                self.callback(iteration, n_iterations)

        return report

    def _check_parameters(self, X: np.ndarray) -> None:
        """Check the parameters, before the samples are embedded."""
        check_integer("n_components", self.n_components, low=1, high=3)

    @abstractmethod
    def _fit(self, X: np.ndarray, neighbors: NeighborSearch | None) -> np.ndarray:
        """Return the coordinates of the samples of a fit."""

    @abstractmethod
    def _transform(self, X: np.ndarray) -> np.ndarray:
        """Return the coordinates of new samples."""

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether there are coordinates."""
        return hasattr(self, "embedding_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


@dataclass(eq=False, repr=False, kw_only=True)
class NeighborEmbedding(BaseEmbedding):
    """Base of embeddings that fit and transform samples by their neighbours.

    A member implements `_embed`, which finds the coordinates of a fit, and `_embed_new`, which
    finds those of new samples.

    Why a sample equal to a fitted one gets its coordinates: no others are better. So `transform`
    of the fitted samples gives the embedding, as scikit-learn demands, row by row and without a
    hash of the whole array.

    Parameters
    ----------
    n_components, random_state, callback
        As in `BaseEmbedding`.
    metric : {"euclidean", "cosine", "manhattan"}, default "euclidean"
        Distance between samples.
    """

    searches_neighbors = True

    metric: str = "euclidean"

    def _check_parameters(self, X: np.ndarray) -> None:
        super()._check_parameters(X)
        check_choice("metric", self.metric, METRICS)

    def _fit(self, X: np.ndarray, neighbors: NeighborSearch | None) -> np.ndarray:
        random_state = check_random_state(self.random_state)
        if neighbors is None:
            neighbors = NeighborSearch(X)
        elif neighbors.X.shape != X.shape:
            raise ValueError(
                f"neighbors must be of X, of shape {X.shape}; got those of {neighbors.X.shape}"
            )
        points = self._embed(X, neighbors, random_state).astype(X.dtype, copy=False)
        # A copy: the caller may change the array later, and `transform` needs it as it was.
        self._fit_X = X.copy()
        return points

    def _transform(self, X: np.ndarray) -> np.ndarray:
        samples = X.astype(self._fit_X.dtype, copy=False)
        n_neighbors = min(self._n_neighbors_of_new(), len(self._fit_X))
        indices, distances = neighbors_of(samples, self._fit_X, n_neighbors, metric=self.metric)
        points = self._embed_new(indices, distances).astype(X.dtype, copy=False)
        # Neighbours come by distance and then by row number: the first equal one is taken.
        is_equal = (self._fit_X[indices[:, 0]] == samples).all(axis=1)
        points[is_equal] = self.embedding_[indices[is_equal, 0]]
        return points

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
    def _n_neighbors_of_new(self) -> int:
        """Return how many fitted neighbours `_embed_new` needs."""

    @abstractmethod
    def _embed_new(self, indices: np.ndarray, distances: np.ndarray) -> np.ndarray:
        """Return the coordinates of new samples, given their fitted neighbours."""
