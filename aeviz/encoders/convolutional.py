"""Offer the convolutional autoencoder for images of any size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aeviz.encoders.base import BaseAutoencoder, NetworkPlan
from aeviz.encoders.networks.default_sizes import default_code_size

if TYPE_CHECKING:
    import keras

__all__ = ["ConvolutionalAutoencoder"]


class ConvolutionalAutoencoder(BaseAutoencoder):
    """Learn a code of images with convolutions that halve the image step by step.

    Each convolution has a stride of two; behind them stand dense layers and the linear code.
    The decoder is the mirror image, with up-sampling in front of its convolutions. Any
    height, width and number of channels will do.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is 32, or half the features where that is less.
    image_shape : (height, width, channels), or None
        Shape of the image that each row of `X` holds, with the channels last; one size may be
        -1 and then follows from the number of features. None asks the stream that is fitted.
    filters : sequence of int, or None
        Filters of the encoder's convolutions from the image inwards; None halves the image
        until its longer side is 8 or less, with 32, 64 and then 128 filters.
    kernel_size : int, at least 1, default 3
        Height and width of the kernels.
    hidden_sizes : sequence of int, default ()
        Widths of the dense layers between the convolutions and the code.
    activation : str, default "elu"
        Keras activation of all layers but the code and the output.
    loss, epochs, batch_size, learning_rate, validation_fraction, patience, callbacks, \
memory_budget, random_state
        As in `DeepAutoencoder`.

    Raises
    ------
    ValueError
        In `fit`, if nothing says what the images' shape is: the network is not for tables.

    References
    ----------
    .. [1] Masci, J., Meier, U., Cireşan, D., Schmidhuber, J. (2011). Stacked convolutional
       auto-encoders for hierarchical feature extraction. ICANN 2011, 52-59.
       doi:10.1007/978-3-642-21735-7_7.
    """

    def __init__(
        self,
        code_size: int | None = None,
        *,
        image_shape: Sequence[int] | None = None,
        filters: Sequence[int] | None = None,
        kernel_size: int = 3,
        hidden_sizes: Sequence[int] = (),
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
        self.image_shape = image_shape
        self.filters = filters
        self.kernel_size = kernel_size
        self.hidden_sizes = hidden_sizes
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

    @property
    def needs_images(self) -> bool:
        """Return True: the network is made for images."""
        return True

    def _default_code_size(self, n_features: int) -> int:
        return default_code_size(n_features)

    def _build(self, plan: NetworkPlan) -> keras.Model:
        from keras import layers

        from aeviz.encoders.networks.architecture import architecture, joined

        network = architecture(
            plan,
            "convolutional",
            hidden_sizes=self.hidden_sizes,
            default_sizes=(),
            filters=self.filters,
            kernel_size=self.kernel_size,
            activation=self.activation,
        )
        return joined(plan, network, layers.Dense(plan.code_size, name="code"))
