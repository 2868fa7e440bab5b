"""Share what the parametric embeddings do besides their objective.

A parametric embedding is a function, here a network, from a sample to its place: new samples
cost one forward pass, need no search among the fitted ones, and nothing of those is kept. A
member adds `_prepare`: which samples attract each other, and what is minimised.

Why all features share one scale: the network then sees samples as the distances between them
do. Standardising each feature would blow up the last principal components, which are noise.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.core.seeding import draw_seed, seeded
from aeviz.core.validation import check_choice, check_integer, check_number, check_sizes
from aeviz.data.feature_scaling import FeatureScaling, Moments
from aeviz.embedding._initial import initial_positions
from aeviz.embedding._parametric_networks import Network, dense_network
from aeviz.embedding._progress import Callback, Progress
from aeviz.neighbors.search import METRICS

__all__ = ["ParametricEmbedding"]

MIN_UPDATES = 3000
MAX_PRETRAINING = 300
SHARE_PRETRAINING = 0.1


class ParametricEmbedding(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Train a network to place samples; a member says by what objective."""

    has_meaningful_axes = False

    n_components: int
    metric: str
    hidden_sizes: Sequence[int]
    n_updates: int | None
    batch_size: int
    learning_rate: float
    input_noise: float
    reconstruction_weight: float
    random_state: int | np.random.RandomState | None
    callback: Callback | None

    def fit(self, X: Any, y: Any = None) -> Self:
        """Train the network on samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples, at least two.
        y : ignored
            For scikit-learn's interface; labels do not shape the embedding.

        Raises
        ------
        ValueError, TypeError
            If `X` is not numeric, finite and two-dimensional with two samples or more, or
            a parameter is out of its range.
        AevizError
            If the loss is not finite.
        """
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        self._check_parameters()
        seed = draw_seed(self.random_state)
        with seeded(seed):
            self._train(X, seed)
        self._n_features_out = self.n_components
        self.embedding_ = self._placed(X)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> np.ndarray:
        """Train the network and return the coordinates of the samples.

        Parameters
        ----------
        X, y
            As in `fit`.

        Raises
        ------
        ValueError, TypeError, AevizError
            As in `fit`.
        """
        return self.fit(X, y).embedding_

    def transform(self, X: Any) -> np.ndarray:
        """Place samples by one forward pass, each independently of the others.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples.

        Returns
        -------
        ndarray of shape (n_samples, n_components)
            Coordinates, of the dtype of `X`; of the fitted samples `embedding_`.

        Raises
        ------
        ValueError
            If `X` is not numeric, finite and two-dimensional with the features of the fit.
        NotFittedError
            If nothing was fitted.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return self._placed(X)

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return the samples that the decoder sees at points of the embedding.

        Parameters
        ----------
        X : array-like of shape (n_points, n_components)
            Points.

        Returns
        -------
        ndarray of shape (n_points, n_features), float32
            Samples, in the units of the data that were fitted.

        Raises
        ------
        ValueError
            If no decoder was trained, or the points have another number of axes.
        NotFittedError
            If nothing was fitted.
        """
        check_is_fitted(self)
        if self.decoder_ is None:
            raise ValueError(
                "inverse_transform needs a decoder: fit with a reconstruction_weight greater "
                f"than 0; it was {self.reconstruction_weight!r}"
            )
        points = np.asarray(X, dtype=np.float32)
        if points.ndim != 2 or points.shape[1] != self._n_features_out:
            raise ValueError(
                f"points must have the shape (n_points, {self._n_features_out}), got {points.shape}"
            )
        return self.scaling_.inverse_transform(self.decoder_(points))

    def _train(self, X: np.ndarray, seed: int) -> None:
        from aeviz.embedding._parametric_training import Plan, train_placement

        rng = np.random.default_rng(seed)
        scaling = _one_scale(X)
        objective, edges = self._prepare(X)
        n_updates = self.n_updates or max(MIN_UPDATES, len(X) // 2)
        start = initial_positions(X, self.n_components, np.random.RandomState(seed))
        n_features = X.shape[1]
        encoder = dense_network("encoder", n_features, self.hidden_sizes, self.n_components)
        decoder = None
        if self.reconstruction_weight > 0:
            sizes = tuple(self.hidden_sizes)[::-1]
            decoder = dense_network("decoder", self.n_components, sizes, n_features)
        train_placement(
            encoder,
            decoder,
            _scaled(X, scaling),
            start.astype(np.float32),
            objective=objective,
            edges=edges,
            plan=Plan(
                n_pretraining=min(MAX_PRETRAINING, int(SHARE_PRETRAINING * n_updates)),
                n_updates=n_updates,
                batch_size=min(self.batch_size, len(X)),
                learning_rate=self.learning_rate,
                reconstruction_weight=float(self.reconstruction_weight),
                input_noise=float(self.input_noise),
                seed=seed,
            ),
            rng=rng,
            progress=Progress(self.callback, n_updates),
        )
        # Only now: an interrupted fit leaves what an earlier one learnt.
        self.scaling_ = scaling
        self.encoder_ = Network(encoder)
        self.decoder_ = None if decoder is None else Network(decoder)

    def _placed(self, X: np.ndarray) -> np.ndarray:
        return self.encoder_(_scaled(X, self.scaling_)).astype(X.dtype, copy=False)

    def _check_parameters(self) -> None:
        """Check what every member has; members add their own."""
        check_integer("n_components", self.n_components, low=1, high=3)
        check_choice("metric", self.metric, METRICS)
        check_sizes("hidden_sizes", self.hidden_sizes)
        if self.n_updates is not None:
            check_integer("n_updates", self.n_updates, low=1)
        check_integer("batch_size", self.batch_size, low=2)
        check_number("learning_rate", self.learning_rate, low=0, low_is_open=True)
        check_number("input_noise", self.input_noise, low=0)
        check_number("reconstruction_weight", self.reconstruction_weight, low=0)

    @abstractmethod
    def _prepare(self, X: np.ndarray) -> tuple[Any, Any]:
        """Return the objective and the sampler of edges; see `_parametric_training`."""

    def __sklearn_is_fitted__(self) -> bool:
        """Tell scikit-learn whether there is a trained network."""
        return hasattr(self, "embedding_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        tags.non_deterministic = self.random_state is None
        return tags


def _scaled(X: np.ndarray, scaling: FeatureScaling) -> np.ndarray:
    return scaling.transform(X).astype(np.float32, copy=False)


def _one_scale(X: np.ndarray) -> FeatureScaling:
    """Return the scaling to mean 0 a feature and to mean variance 1 over features."""
    moments = Moments.of([X])
    spread = float(np.sqrt(np.mean(np.square(moments.std))))
    # Rounding leaves a tiny standard deviation where all samples are equal.
    if spread <= 1e-6 * np.abs(moments.mean).max():
        spread = 1.0
    scale = np.full(X.shape[1], spread, np.float32)
    return FeatureScaling(moments.mean.astype(np.float32), scale)
