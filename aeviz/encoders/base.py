"""Give every network-based encoder its scikit-learn interface.

A kind says how its encoder and decoder are built; everything else (checks, the
split for early stopping, scaling, training, encoding, saving) is here, once.

Why not ``keras.wrappers``: they wrap a model given from outside, whose parameters
scikit-learn cannot see, and encode through ``predict``, whose result for a sample
depends on the batch that it is in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.core.exceptions import AevizError
from aeviz.core.seeding import seeded
from aeviz.core.validation import check_integer
from aeviz.data.feature_scaling import FeatureScaling
from aeviz.data.sample_stream import SampleStream
from aeviz.data.stream_source import open_stream
from aeviz.encoders import _storage
from aeviz.encoders._feature_names import check_features, features_of_last_fit, take_features
from aeviz.encoders.networks.batches import in_batches, write_in_batches
from aeviz.encoders.networks.plan import NetworkPlan
from aeviz.encoders.training.network_fit import best_epoch, fit_network
from aeviz.encoders.training.network_plan import checked_weights, plan_network
from aeviz.encoders.training.samples import (
    ArraySamples,
    Samples,
    StreamSamples,
    as_stream,
    stream_blocks,
)

if TYPE_CHECKING:
    import keras

__all__ = ["BaseAutoencoder", "NetworkPlan"]


class BaseAutoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator, ABC):
    """Fit a Keras autoencoder as a scikit-learn transformer; a kind builds the network.

    Attributes
    ----------
    autoencoder_ : keras.Model
        The trained model; its parts are ``encoder_`` and ``decoder_``.
    code_size_ : int
        Width of the code.
    loss_ : {"bernoulli", "gaussian"}
        The reconstruction loss used.
    history_ : dict of str to list of float
        Loss a sample (summed over features, in nats for the Bernoulli loss) an epoch, for
        training samples and, with the prefix ``val_``, for held-out ones.
    best_epoch_ : int
        Index of the epoch whose weights were kept.
    n_features_in_ : int
        Number of features seen in fit.
    """

    # The default width of the first dense layer, as a share of the features.
    first_share: ClassVar[float] = 1 / 6

    code_size: int | None
    loss: str
    epochs: int | None
    batch_size: int | None
    learning_rate: float
    validation_fraction: float
    patience: int
    callbacks: Sequence[Any] | None
    memory_budget: int
    random_state: Any

    _adds_to_loss = False

    @abstractmethod
    def _build(self, plan: NetworkPlan) -> keras.Model:
        """Return the untrained autoencoder with functional `encoder` and `decoder`."""

    @abstractmethod
    def _default_code_size(self, n_features: int) -> int:
        """Return the code size where none was asked for."""

    # -- scikit-learn ----------------------------------------------------------------

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Train the network to give back `X` through its code.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or SampleStream
            Training samples; converted to float32. A stream (`aeviz.open_stream`), or an
            array larger than `memory_budget`, is read block by block.
        y : ignored
        sample_weight : array-like of shape (n_samples,) or None
            Weights of the samples in the reconstruction loss of training, at least 0; what a
            layer adds to the loss (KL, penalties) is not weighted, so weights of mean 1 keep
            the balance. A sample of weight 0 is not trained on. The scale of the features is
            that of all samples.

        Returns
        -------
        self

        Raises
        ------
        ValueError, TypeError
            If `X` or a parameter is out of its range.
        AevizError
            If the loss of the first epoch is not finite.
        KeyboardInterrupt
            On Ctrl-C, about a second later. Where an epoch had ended, the estimator is
            fitted then, with the best weights so far.
        """
        history: dict[str, list[float]] = {}
        with features_of_last_fit(self, history):
            samples = self._samples(X)
            plan = plan_network(self, samples)
            weights = checked_weights(sample_weight, samples.n_samples)
            scaling = FeatureScaling(None, None)
            if plan.loss != "bernoulli":
                scaling = FeatureScaling.standardising(samples.moments)
            with seeded(plan.seed):
                model = self._build(plan)
                try:
                    fit_network(self, model, samples, scaling, weights, plan=plan, history=history)
                except FloatingPointError as error:
                    raise AevizError(
                        f"training diverged: {error}; choose a learning_rate below the "
                        f"{self.learning_rate:g} of now"
                    ) from error
                finally:
                    # Also after Ctrl-C: what was learnt until then is kept.
                    if history:
                        self._keep(model, scaling, plan, history)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the codes of samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or SampleStream

        Returns
        -------
        ndarray of shape (n_samples, code_size), float32
            Independent of what else is in `X`.
        """
        check_is_fitted(self)
        stream = self._stream(X)
        if stream is not None:
            return np.concatenate([in_batches(self._encode, b) for b in stream_blocks(stream)])
        X = validate_data(self, X, dtype=np.float32, reset=False)
        return in_batches(self._encode, X)

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return what the decoder makes of codes.

        Parameters
        ----------
        X : array-like of shape (n_samples, code_size)
            Codes.

        Returns
        -------
        ndarray of shape (n_samples, n_features), float32
            Reconstructions in the units of the data that were fitted.

        Raises
        ------
        ValueError
            If the codes have another width.
        """
        check_is_fitted(self)
        codes = np.asarray(X, dtype=np.float32)
        self._check_codes(codes.shape)
        return in_batches(self._decode, codes)

    def transform_to(self, path: str | Path, X: Any) -> None:
        """Write the codes of samples into an ``.npy`` file, block by block.

        Parameters
        ----------
        path : path-like
            The file to write; it appears whole or not at all.
        X : SampleStream, path-like or ndarray
            What `aeviz.open_stream` takes.

        Raises
        ------
        ValueError
            If the samples have another number of features.
        """
        check_is_fitted(self)
        with open_stream(X) as stream:
            check_features(self, stream)
            shape = (stream.n_samples, self.code_size_)
            write_in_batches(self._encode, stream_blocks(stream), Path(path), shape=shape)

    def inverse_transform_to(self, path: str | Path, X: Any) -> None:
        """Write what the decoder makes of codes into an ``.npy`` file, block by block.

        Parameters
        ----------
        path : path-like
            The file to write; it appears whole or not at all.
        X : SampleStream, path-like or ndarray
            Codes, of shape (n_samples, code_size).

        Raises
        ------
        ValueError
            If the codes have another width.
        """
        check_is_fitted(self)
        with open_stream(X) as stream:
            self._check_codes((stream.n_samples, stream.n_features))
            shape = (stream.n_samples, self.n_features_in_)
            write_in_batches(self._decode, stream_blocks(stream), Path(path), shape=shape)

    def score(self, X: Any, y: Any = None) -> float:
        """Return minus the mean squared reconstruction error a feature; higher is better."""
        check_is_fitted(self)
        stream = self._stream(X)
        if stream is None:
            X = validate_data(self, X, dtype=np.float32, reset=False)
        error = 0.0
        for block in (X,) if stream is None else stream_blocks(stream):
            gaps = self.inverse_transform(in_batches(self._encode, block)) - block
            error += float(np.sum(np.square(gaps), dtype=np.float64))
        n_samples = len(X) if stream is None else stream.n_samples
        return -error / (n_samples * self.n_features_in_)

    @property
    def needs_images(self) -> bool:
        """Tell whether the parameters ask for a network that takes images only."""
        return getattr(self, "network", "dense") == "convolutional"

    def __sklearn_is_fitted__(self) -> bool:
        """Tell scikit-learn whether there is a trained model."""
        return hasattr(self, "autoencoder_")

    def __sklearn_tags__(self) -> Any:
        """Say that codes are float32 and that training is random."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        tags.non_deterministic = self.random_state is None
        return tags

    # -- the parts ---------------------------------------------------------------------

    @property
    def encoder_(self) -> keras.Model:
        """Return the functional encoder."""
        return self.autoencoder_.encoder

    @property
    def decoder_(self) -> keras.Model:
        """Return the functional decoder."""
        return self.autoencoder_.decoder

    @property
    def _n_features_out(self) -> int:
        return self.code_size_

    # -- files ---------------------------------------------------------------------------

    def save(self, folder: str | Path) -> None:
        """Write ``model.keras``, ``params.json`` and ``history.json`` into a folder."""
        check_is_fitted(self)
        _storage.save_autoencoder(self, Path(folder))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the encoder that `save` wrote; no code from the files is run.

        Raises
        ------
        AevizError
            If the folder does not hold an encoder of this kind.
        """
        return _storage.load_autoencoder(cls, Path(folder))

    # -- applying ------------------------------------------------------------------------

    def _encode(self, batch: np.ndarray) -> np.ndarray:
        return self.autoencoder_.encode(self.scaling_.transform(batch))

    def _decode(self, batch: np.ndarray) -> np.ndarray:
        return self.scaling_.inverse_transform(self.autoencoder_.decode(batch))

    def _check_codes(self, shape: tuple[int, ...]) -> None:
        if len(shape) != 2 or shape[1] != self.code_size_:
            raise ValueError(
                f"codes must have the shape (n_samples, {self.code_size_}), got {shape}"
            )

    def _stream(self, X: Any) -> SampleStream | None:
        """Return `X` as a stream where it is to be read block by block."""
        stream = as_stream(X, self.memory_budget)
        if stream is not None:
            check_features(self, stream)
        return stream

    # -- fitting, step by step -------------------------------------------------------------

    def _samples(self, X: Any) -> Samples:
        """Return what `fit` was given, checked as scikit-learn does or as a stream."""
        budget = check_integer("memory_budget", self.memory_budget, low=1)
        stream = as_stream(X, budget)
        if stream is None:
            X = validate_data(self, X, dtype=np.float32, ensure_min_samples=2)
            # A table or a list is an array only now.
            stream = as_stream(X, budget)
            return ArraySamples(X) if stream is None else StreamSamples(stream, budget)
        if stream.n_samples < 2:
            raise ValueError(f"a minimum of 2 samples is required, got {stream.n_samples}")
        take_features(self, stream)
        return StreamSamples(stream, budget)

    def _keep(
        self,
        model: keras.Model,
        scaling: FeatureScaling,
        plan: NetworkPlan,
        history: dict[str, list[float]],
    ) -> None:
        """Take over what was learnt."""
        self.autoencoder_ = model
        self.scaling_ = scaling
        self.history_ = history
        self.best_epoch_ = best_epoch(history, plan)
        self.code_size_ = plan.code_size
        self.loss_ = plan.loss
