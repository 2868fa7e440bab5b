"""Give every network-based encoder its scikit-learn interface.

A kind says how its encoder and decoder are built; everything else (checks, the
split for early stopping, scaling, training, encoding, saving) is here, once.

Why not ``keras.wrappers``: they wrap a model given from outside, whose parameters
scikit-learn cannot see, and encode through ``predict``, whose result for a sample
depends on the batch that it is in.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz._checks import check_choice, check_integer, check_number, check_sizes
from aeviz._seeding import draw_seed, seeded
from aeviz.encoders import _storage
from aeviz.encoders._batches import model_in_batches
from aeviz.encoders._scaling import FeatureScaling
from aeviz.encoders._sizes import default_batch_size, default_epochs

if TYPE_CHECKING:
    import keras

__all__ = ["BaseAutoencoder", "NetworkPlan"]

MOST_BATCH = 128
LOSS_CHOICES = ("auto", "bernoulli", "gaussian")


@dataclass(frozen=True)
class NetworkPlan:
    """Say what a kind has to build: sizes checked, defaults filled in."""

    n_features: int
    code_size: int
    loss: str
    batch_size: int
    epochs: int
    seed: int


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

    code_size: int | None
    loss: str
    epochs: int | None
    batch_size: int | None
    learning_rate: float
    validation_fraction: float
    patience: int
    callbacks: Sequence[Any] | None
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
        X : array-like of shape (n_samples, n_features)
            Training samples; converted to float32.
        y : ignored
        sample_weight : array-like of shape (n_samples,) or None
            Weights of the samples in the training loss.

        Returns
        -------
        self

        Raises
        ------
        ValueError, TypeError
            If `X` or a parameter is out of its range.
        """
        X = validate_data(self, X, dtype=np.float32, ensure_min_samples=2)
        plan = self._plan(X)
        weights = _checked_weights(sample_weight, len(X))
        self.scaling_ = FeatureScaling.fit(X, plan.loss)
        rows, held_out = self._validation_split(len(X), plan.seed)
        with seeded(plan.seed):
            self.autoencoder_ = self._build(plan)
            self._train(self.scaling_.transform(X), rows, held_out, weights=weights, plan=plan)
        self.code_size_ = plan.code_size
        self.loss_ = plan.loss
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the codes of samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, code_size), float32
            Independent of what else is in `X`.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float32, reset=False)
        return model_in_batches(self.encoder_, self.scaling_.transform(X))

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
        if codes.ndim != 2 or codes.shape[1] != self.code_size_:
            raise ValueError(
                f"codes must have the shape (n_samples, {self.code_size_}), got {codes.shape}"
            )
        return self.scaling_.inverse_transform(model_in_batches(self.decoder_, codes))

    def score(self, X: Any, y: Any = None) -> float:
        """Return minus the mean squared reconstruction error a feature; higher is better."""
        X = validate_data(self, X, dtype=np.float32, reset=False)
        return -float(np.mean(np.square(self.inverse_transform(self.transform(X)) - X)))

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

    # -- fitting, step by step -------------------------------------------------------------

    def _plan(self, X: np.ndarray) -> NetworkPlan:
        """Check every parameter against the data and fill in the defaults."""
        n_samples, n_features = X.shape
        code_size = self.code_size
        if code_size is None:
            code_size = self._default_code_size(n_features)
        code_size = check_integer(
            "code_size", code_size, low=1, high=n_features, high_is=f"n_features={n_features}"
        )
        loss = check_choice("loss", self.loss, LOSS_CHOICES)
        if loss == "auto":
            is_unit = X.min() >= 0.0 and X.max() <= 1.0
            loss = "bernoulli" if is_unit else "gaussian"
        elif loss == "bernoulli" and (X.min() < 0.0 or X.max() > 1.0):
            raise ValueError(
                f"loss='bernoulli' needs data in [0, 1], got values in [{X.min():g}, {X.max():g}]"
            )
        check_number("learning_rate", self.learning_rate, low=0.0, low_is_open=True)
        check_integer("patience", self.patience, low=1)
        check_number(
            "validation_fraction", self.validation_fraction, low=0.0, high=1.0, high_is_open=True
        )
        batch_size = self.batch_size
        if batch_size is None:
            batch_size = default_batch_size(n_samples, MOST_BATCH)
        batch_size = check_integer("batch_size", batch_size, low=1)
        epochs = self.epochs
        if epochs is None:
            epochs = default_epochs(n_samples, batch_size)
        epochs = check_integer("epochs", epochs, low=1)
        return NetworkPlan(
            n_features=n_features,
            code_size=code_size,
            loss=loss,
            batch_size=batch_size,
            epochs=epochs,
            seed=draw_seed(self.random_state),
        )

    def _hidden_sizes(self, value: Any, default: tuple[int, ...]) -> tuple[int, ...]:
        return default if value is None else check_sizes("hidden_sizes", value)

    def _validation_split(self, n_samples: int, seed: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Return the rows to train on and those held out for early stopping, if any."""
        n_held_out = min(round(self.validation_fraction * n_samples), 5000)
        rows = np.arange(n_samples)
        if n_held_out == 0 or n_samples - n_held_out < 2:
            return rows, None
        rows, held_out = train_test_split(rows, test_size=n_held_out, random_state=seed)
        return np.sort(rows), np.sort(held_out)

    def _train(
        self,
        X: np.ndarray,
        rows: np.ndarray,
        held_out: np.ndarray | None,
        *,
        weights: np.ndarray | None,
        plan: NetworkPlan,
    ) -> None:
        """Train the model, keep the weights of the best epoch and the history."""
        import keras

        from aeviz.encoders._autoencoder import LOSSES
        from aeviz.encoders._training import train

        n_updates = math.ceil(len(rows) / plan.batch_size) * plan.epochs
        rate = keras.optimizers.schedules.CosineDecay(self.learning_rate, n_updates)
        loss = LOSSES[plan.loss]
        # Where a layer adds to the loss, the reconstruction is followed apart from it.
        metrics = [keras.metrics.MeanMetricWrapper(loss, name="reconstruction")]
        self.autoencoder_.compile(
            optimizer=keras.optimizers.Adam(rate),
            loss=loss,
            metrics=metrics if self._adds_to_loss else None,
        )
        monitored = "loss" if held_out is None else "val_loss"
        stopping = keras.callbacks.EarlyStopping(
            monitored, patience=self.patience, restore_best_weights=True, mode="min"
        )
        self.history_ = train(
            self.autoencoder_,
            X[rows],
            validation=None if held_out is None else X[held_out],
            sample_weight=None if weights is None else weights[rows],
            epochs=plan.epochs,
            batch_size=plan.batch_size,
            seed=plan.seed,
            callbacks=[stopping, *(self.callbacks or ())],
        )
        self.best_epoch_ = int(np.argmin(self.history_[monitored]))


def _checked_weights(sample_weight: Any, n_samples: int) -> np.ndarray | None:
    if sample_weight is None:
        return None
    weights = np.asarray(sample_weight, dtype=np.float32)
    if weights.shape != (n_samples,):
        raise ValueError(f"sample_weight must have the shape ({n_samples},), got {weights.shape}")
    if not weights.any():
        raise ValueError("sample_weight must have a value above zero; every weight is zero")
    return weights
