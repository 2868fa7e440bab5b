"""Offer the simple autoencoder: one layer to the code and one back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aeviz.encoders.base import BaseAutoencoder, NetworkPlan
from aeviz.encoders.networks.default_sizes import default_code_size

if TYPE_CHECKING:
    import keras

__all__ = ["SimpleAutoencoder"]


class SimpleAutoencoder(BaseAutoencoder):
    """Learn a code of samples with one dense layer in and one dense layer out.

    With the Gaussian loss and a linear code this is a linear autoencoder, whose code spans
    the subspace of the first principal components [1]_. With the Bernoulli loss the output is
    a sigmoid, and the code is that of a logistic form of principal components.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is 32, or half the features where that is less.
    code_activation : str, default "linear"
        Keras activation of the code. A "relu" code, which the field's best-known tutorial
        has, keeps units that are never active.
    loss, epochs, batch_size, learning_rate, validation_fraction, patience, callbacks, \
memory_budget, random_state
        As in `DeepAutoencoder`.

    References
    ----------
    .. [1] Baldi, P., Hornik, K. (1989). Neural networks and principal component analysis:
       learning from examples without local minima. Neural Networks 2, 53-58.
       doi:10.1016/0893-6080(89)90014-2.
    """

    def __init__(
        self,
        code_size: int | None = None,
        *,
        code_activation: str = "linear",
        loss: str = "auto",
        epochs: int | None = None,
        batch_size: int | None = None,
        learning_rate: float = 2e-3,
        validation_fraction: float = 0.1,
        patience: int = 20,
        callbacks: Sequence[Any] | None = None,
        memory_budget: int = 2**30,
        random_state: Any = None,
    ) -> None:
        self.code_size = code_size
        self.code_activation = code_activation
        self.loss = loss
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.callbacks = callbacks
        self.memory_budget = memory_budget
        self.random_state = random_state

    def _default_code_size(self, n_features: int) -> int:
        return default_code_size(n_features)

    def _build(self, plan: NetworkPlan) -> keras.Model:
        from keras import layers

        from aeviz.encoders.networks.architecture import dense, joined

        code = layers.Dense(plan.code_size, activation=self.code_activation, name="code")
        return joined(plan, dense(plan, (), activation="linear"), code)
