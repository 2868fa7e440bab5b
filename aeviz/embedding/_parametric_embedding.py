"""Share what the parametric embeddings do besides their objective.

A parametric embedding is a network from samples to coordinates: new samples cost one forward
pass and need no search among the fitted ones, which are not kept. A member adds `_prepare`:
which samples attract each other, and what is minimised.

Why all features share one scale: it keeps the distances between samples. Standardising each
feature would enlarge the last principal components, which are noise.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from aeviz.core.atomic_files import atomic_file
from aeviz.core.exceptions import AevizError
from aeviz.core.memory import keras_libraries
from aeviz.core.seeding import draw_seed, seeded
from aeviz.core.validation import check_choice, check_integer, check_number, check_sizes
from aeviz.data.feature_scaling import FeatureScaling, Moments
from aeviz.embedding._initial_positions import initial_positions
from aeviz.embedding.base import BaseEmbedding
from aeviz.encoders.networks.batches import in_batches
from aeviz.neighbors.search import METRICS, NeighborSearch

__all__ = ["ParametricEmbedding"]

MIN_UPDATES = 3000
_NETWORKS = ("encoder_", "decoder_")


@dataclass(eq=False, repr=False, kw_only=True)
class ParametricEmbedding(BaseEmbedding):
    """Base of embeddings that train a network; a member gives the objective."""

    is_trained = True
    starts_from = "random weights"

    metric: str = "euclidean"
    hidden_sizes: Sequence[int] = (256, 256, 256)
    n_updates: int | None = None
    batch_size: int = 256
    learning_rate: float = 3e-3
    input_noise: float = 0.2
    reconstruction_weight: float = 0.0

    @property
    def can_decode(self) -> bool:
        """Return whether a decoder is trained along."""
        return self.reconstruction_weight > 0

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return the samples that the decoder gives for points of the embedding.

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

    def save(self, folder: Path) -> None:
        """Write what other embeddings write, ``encoder.keras`` and perhaps ``decoder.keras``."""
        super().save(folder)
        for key in _NETWORKS:
            network = getattr(self, key)
            if network is not None:
                with atomic_file(folder / f"{key[:-1]}.keras") as partial:
                    network.model.save(partial)

    @classmethod
    def load(cls, folder: Path, X: np.ndarray | None = None) -> Self:
        """Return the fitted embedding of a folder that `save` wrote; the samples are not needed.

        Raises
        ------
        AevizError
            As of the other embeddings, and if a network would run code.
        """
        from aeviz.encoders.networks.compiled import load_network

        model = super().load(folder)
        if "scaling_" not in vars(model):
            raise AevizError(f"{folder} holds no embedding that aeviz saved: it has no scaling")
        model.scaling_ = FeatureScaling.from_json(vars(model)["scaling_"])
        for key in _NETWORKS:
            path = folder / f"{key[:-1]}.keras"
            setattr(model, key, _Network(load_network(path)) if path.is_file() else None)
        return model

    def _libraries(self) -> dict[str, float]:
        return keras_libraries()

    def _fit(self, X: np.ndarray, neighbors: NeighborSearch | None) -> np.ndarray:
        seed = draw_seed(self.random_state)
        with seeded(seed):
            self._train(X, seed)
        return self._transform(X)

    def _train(self, X: np.ndarray, seed: int) -> None:
        from aeviz.embedding._network_training import EdgeModel, dense_network, train_networks

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
        train_networks(
            EdgeModel(
                encoder,
                decoder,
                objective,
                reconstruction_weight=float(self.reconstruction_weight),
                input_noise=float(self.input_noise),
                seed=seed,
            ),
            scaling.transform(X),
            start.astype(np.float32),
            lambda n_batches: edges(rng, n_batches, min(self.batch_size, len(X))),
            n_updates=n_updates,
            learning_rate=self.learning_rate,
            report=self._reporter(n_updates),
        )
        # Set last, so that an interrupted fit leaves the result of an earlier one.
        self.scaling_ = scaling
        self.encoder_ = _Network(encoder)
        self.decoder_ = None if decoder is None else _Network(decoder)

    def _transform(self, X: np.ndarray) -> np.ndarray:
        return self.encoder_(self.scaling_.transform(X)).astype(X.dtype, copy=False)

    def _check_parameters(self, X: np.ndarray) -> None:
        super()._check_parameters(X)
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
        """Return the objective, see `_network_training`, and the sampler of edges.

        The sampler is a function (rng, n_batches, batch_size) -> ndarray of int32 of shape
        (n_batches, 2, batch_size), the rows of heads and of tails.
        """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = self.random_state is None
        return tags


class _Network:
    """Function of a trained `keras.Model`, whose output for a sample depends on no other sample.

    It is compiled at its first use; a copy and a pickle compile it again.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self._function: Any = None

    def __call__(self, X: np.ndarray) -> np.ndarray:
        """Return the model's outputs, float32, for any number of samples."""
        if self._function is None:
            from aeviz.encoders.networks.compiled import compiled

            self._function = compiled(self.model)
        return in_batches(self._function, X)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the compiled function behind."""
        return {"model": self.model, "_function": None}


def _one_scale(X: np.ndarray) -> FeatureScaling:
    """Return the scaling to mean 0 per feature and to mean variance 1 over features."""
    moments = Moments.of([X])
    spread = float(np.sqrt(np.mean(np.square(moments.std))))
    return FeatureScaling(moments.mean, np.full(X.shape[1], spread or 1.0))
