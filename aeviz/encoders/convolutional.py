"""The convolutional autoencoder for images of any size."""

from collections.abc import Sequence
from dataclasses import dataclass

from aeviz.encoders._base_autoencoder import BaseAutoencoder

__all__ = ["ConvolutionalAutoencoder"]


@dataclass(eq=False, repr=False, kw_only=True)
class ConvolutionalAutoencoder(BaseAutoencoder):
    """Autoencoder of images, with convolutions that halve the image step by step.

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
        As in `DeepAutoencoder`, which has the same attributes.

    Raises
    ------
    ValueError
        In `fit`, if nothing says what the images' shape is: the network is not for tables. Also
        if the product of `image_shape` is not the number of features.

    Notes
    -----
    By default an image of 28 × 28 pixels becomes 14 × 14 × 32 and then 7 × 7 × 64 numbers, of which
    the code is made. Odd sizes are rounded up, and what is too much is cut off in the decoder.

    References
    ----------
    .. [1] Masci, J., Meier, U., Cireşan, D., Schmidhuber, J. (2011). Stacked convolutional
       auto-encoders for hierarchical feature extraction. ICANN 2011, 52-59.
       doi:10.1007/978-3-642-21735-7_7.
    """

    network = "convolutional"

    image_shape: Sequence[int] | None = None
    filters: Sequence[int] | None = None
    kernel_size: int = 3
    hidden_sizes: Sequence[int] | None = ()
    activation: str = "elu"
    learning_rate: float = 1e-3
