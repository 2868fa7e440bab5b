"""Offer the denoising autoencoder: it restores clean samples from noisy ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.core.seeding import draw_seed
from aeviz.core.validation import check_number
from aeviz.encoders.base import BaseAutoencoder, NetworkPlan
from aeviz.encoders.networks.default_sizes import default_code_size, default_hidden_sizes

if TYPE_CHECKING:
    import keras

    from aeviz.encoders.networks.corruption import Corruption

__all__ = ["DenoisingAutoencoder"]

DEVIATIONS = 2.0
MAX_CODE = 512


class DenoisingAutoencoder(BaseAutoencoder):
    """Learn to give back clean samples from samples with noise on them.

    In training the network sees a noisy sample and is held against the clean one [1]_; the
    noise is drawn anew for every batch. Otherwise none is added: noisy samples are denoised by
    ``inverse_transform(transform(X))``.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is half the features, but 512 at most: what is to be restored
        must not be lost in the code first. On MNIST with noise of 0.5, 8 epochs give a held-out
        loss of 0.0966 nats a pixel with 128 numbers and of 0.0940 with 392.
    noise : {"gaussian", "masking", "salt_and_pepper"}, or a sequence of these
        "gaussian" adds strength · ε with ε from a standard normal distribution; "masking"
        sets each value to 0, or to the feature's mean where data are standardised, with the
        probability `strength`; "salt_and_pepper" sets it to the
        highest or the lowest value, each with half that probability. With several, each
        sample gets one of them.
    strength : float above 0, default 0.5
        Amount of noise, at most 1 but for Gaussian noise alone. For standardised data it is in
        standard deviations of a feature, and salt and pepper are 2 of them from the mean.
    network : {"auto", "dense", "convolutional"}
        "auto" is convolutional where the images' shape is known.
    image_shape : (height, width, channels), or None
        Shape of the image that each row of `X` holds, with the channels last; one size may be
        -1 and then follows from the number of features. None asks the stream that is fitted.
    hidden_sizes : sequence of int, or None
        Widths of the encoder's dense hidden layers from the data inwards; None scales two
        layers with the data (784 features: 1024 and 512), and has none behind convolutions.
    filters, kernel_size : as in `ConvolutionalAutoencoder`
    activation : str, default "elu"
        Keras activation of all layers but the code and the output.
    loss, epochs, batch_size, learning_rate, validation_fraction, patience, callbacks, \
memory_budget, random_state
        As in `DeepAutoencoder`.

    Notes
    -----
    ``val_loss`` in `history_` is the loss of restoring held-out samples from noisy ones.

    References
    ----------
    .. [1] Vincent, P., Larochelle, H., Lajoie, I., Bengio, Y., Manzagol, P.-A. (2010). Stacked
       denoising autoencoders. Journal of Machine Learning Research 11, 3371-3408.
    """

    first_share = 4 / 3

    def __init__(
        self,
        code_size: int | None = None,
        *,
        noise: str | Sequence[str] = "gaussian",
        strength: float = 0.5,
        network: str = "auto",
        image_shape: Sequence[int] | None = None,
        hidden_sizes: Sequence[int] | None = None,
        filters: Sequence[int] | None = None,
        kernel_size: int = 3,
        activation: str = "elu",
        loss: str = "auto",
        epochs: int | None = None,
        batch_size: int | None = None,
        learning_rate: float = 1e-3,
        validation_fraction: float = 0.1,
        patience: int = 20,
        callbacks: Sequence[Any] | None = None,
        memory_budget: int = 2**30,
        random_state: Any = None,
    ) -> None:
        self.code_size = code_size
        self.noise = noise
        self.strength = strength
        self.network = network
        self.image_shape = image_shape
        self.hidden_sizes = hidden_sizes
        self.filters = filters
        self.kernel_size = kernel_size
        self.activation = activation
        self.loss = loss
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.callbacks = callbacks
        self.memory_budget = memory_budget
        self.random_state = random_state

    def corrupt(self, X: Any, *, random_state: Any = None) -> np.ndarray:
        """Return samples with the noise of training on them, to see what can be restored.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Clean samples.
        random_state : int, RandomState or None
            None takes the estimator's own.

        Returns
        -------
        ndarray of shape (n_samples, n_features), float32
            In the units of the data that were fitted.
        """
        check_is_fitted(self)
        seed = draw_seed(self.random_state if random_state is None else random_state)
        X = validate_data(self, X, dtype=np.float32, reset=False)
        return self.scaling_.inverse_transform(
            self.autoencoder_.corrupt(self.scaling_.transform(X), seed=seed)
        )

    def _default_code_size(self, n_features: int) -> int:
        return min(math.ceil(n_features / 2), MAX_CODE)

    def _build(self, plan: NetworkPlan) -> keras.Model:
        from keras import layers

        from aeviz.encoders.networks.architecture import architecture, joined

        network = architecture(
            plan,
            self.network,
            hidden_sizes=self.hidden_sizes,
            # Wide: noise is told from data by all features together.
            default_sizes=default_hidden_sizes(
                plan.n_features, default_code_size(plan.n_features), first_share=self.first_share
            ),
            filters=self.filters,
            kernel_size=self.kernel_size,
            activation=self.activation,
        )
        code = layers.Dense(plan.code_size, name="code")
        return joined(plan, network, code, self._corruption(plan))

    def _corruption(self, plan: NetworkPlan) -> Corruption:
        """Return the noise, within the limits of the data that the network sees."""
        from aeviz.encoders.networks.corruption import KINDS, Corruption

        kinds = (self.noise,) if isinstance(self.noise, str) else self.noise
        is_known = isinstance(kinds, Sequence) and all(kind in KINDS for kind in kinds)
        if not is_known or not kinds:
            raise ValueError(
                f"noise must be one or several of {', '.join(KINDS)}; got {self.noise!r}"
            )
        strength = check_number("strength", self.strength, low=0.0, low_is_open=True)
        is_unit = plan.loss == "bernoulli"
        limits = (0.0, 1.0) if is_unit else (-DEVIATIONS, DEVIATIONS)
        return Corruption(
            kinds, strength, limits=limits, clips=is_unit, seed=plan.seed, name="corruption"
        )
