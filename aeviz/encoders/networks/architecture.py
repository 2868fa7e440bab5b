"""Build the networks that the encoders share: dense ones, and convolutional ones for images.

Nothing here is trained. An `Architecture` is the layers from the samples inwards and back
out again; `joined` puts a kind's code between them. Codes and code parameters are linear: a
ReLU code has units that are never active, which on MNIST costs 4 % of the validation loss.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import layers

from aeviz.core.validation import check_number
from aeviz.encoders.networks.autoencoder import Autoencoder
from aeviz.encoders.networks.default_sizes import NetworkPlan
from aeviz.encoders.networks.layers import GaussianSample
from aeviz.encoders.networks.patch_conv import PatchConv2D

__all__ = [
    "Architecture",
    "convolutional",
    "dense",
    "dense_stack",
    "gaussian_code",
    "joined",
]


class Architecture(NamedTuple):
    """Layers of an encoder and its mirror, without the code between them.

    Both are functions of a Keras tensor. `encode` leads from samples to what stands in front of
    the code, (n_samples, any); `decode` from codes to (n_samples, n_features): probabilities for
    the Bernoulli loss, any numbers for the Gaussian loss.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def joined(
    plan: NetworkPlan,
    architecture: Architecture,
    code_layer: Callable[[Any], Any],
    corruption: layers.Layer | None = None,
    penalty: layers.Layer | None = None,
    *,
    axes: np.ndarray | None = None,
) -> Autoencoder:
    """Return the untrained autoencoder of an architecture and a code.

    Parameters
    ----------
    plan : NetworkPlan
        Its features are the coordinates where there are axes.
    architecture : Architecture
    code_layer : function
        From a Keras tensor of shape (n_samples, any) to one of (n_samples, code_size).
    corruption, penalty : keras.layers.Layer or None
        As in `Autoencoder`.
    axes : ndarray of shape (plan.n_features, n_features) or None
        Orthogonal unit vectors; samples are mapped to their coordinates first, and back at last.
    """
    samples = keras.Input((plan.n_features if axes is None else axes.shape[1],), name="sample")
    x = samples if axes is None else _fixed(axes.T, "coordinates")(samples)
    encoder = keras.Model(samples, code_layer(architecture.encode(x)), name="encoder")
    code = keras.Input((plan.code_size,), name="code")
    x = architecture.decode(code)
    x = x if axes is None else _fixed(axes, "features")(x)
    return Autoencoder(encoder, keras.Model(code, x, name="decoder"), corruption, penalty)


def _fixed(kernel: np.ndarray, name: str) -> layers.Layer:
    """Return a linear map that is not trained."""
    n_in, n_out = kernel.shape
    layer = layers.Dense(n_out, use_bias=False, trainable=False, name=name)
    layer.build((None, n_in))
    layer.set_weights([np.ascontiguousarray(kernel, np.float32)])
    return layer


def gaussian_code(plan: NetworkPlan, *, beta: float) -> Callable[[Any], Any]:
    """Return the layers of a variational code: mean, log-variance and a draw from the two.

    Raises
    ------
    ValueError, TypeError
        If `beta`, the weight of the Kullback-Leibler term, is no number of at least 0.
    """
    mean = layers.Dense(plan.code_size, name="mean")
    # A log-variance that starts at zero keeps the first draws near the mean's scale.
    log_var = layers.Dense(plan.code_size, kernel_initializer="zeros", name="log_variance")
    beta = check_number("beta", beta, low=0.0)
    sample = GaussianSample(beta=beta, seed=plan.seed, name="latent")
    return lambda x: sample([mean(x), log_var(x)])


def dense(plan: NetworkPlan, hidden_sizes: Sequence[int], *, activation: str) -> Architecture:
    """Return dense layers of the given widths, from the data inwards, and their mirror."""

    def decode(code: Any) -> Any:
        x = dense_stack(code, tuple(reversed(hidden_sizes)), activation=activation)
        output = layers.Dense(plan.n_features, _output(plan.loss), name="reconstruction")
        return output(x)

    return Architecture(lambda x: dense_stack(x, hidden_sizes, activation=activation), decode)


def convolutional(
    plan: NetworkPlan,
    filters: Sequence[int],
    hidden_sizes: Sequence[int],
    *,
    kernel_size: int,
    activation: str,
) -> Architecture:
    """Return convolutions that halve the image each, dense layers behind them, and the mirror.

    Sizes that are odd are rounded up on the way in, and what is too much is cut off on the
    way out, so that reconstructions have the height and width of the images. `ValueError` is
    raised for a plan without `image_shape`.
    """
    if plan.image_shape is None:
        raise ValueError("a convolutional network needs a plan with an image_shape, got None")
    shapes = [plan.image_shape]
    for n_filters in filters:
        height, width, _ = shapes[-1]
        shapes.append((math.ceil(height / 2), math.ceil(width / 2), n_filters))
    common: dict[str, Any] = {
        "kernel_size": kernel_size,
        "activation": activation,
        "kernel_initializer": _initializer(activation),
    }

    def encode(x: Any) -> Any:
        x = layers.Reshape(shapes[0])(x)
        for n_filters in filters:
            x = PatchConv2D(n_filters, strides=2, **common)(x)
        return dense_stack(layers.Flatten()(x), hidden_sizes, activation=activation)

    def decode(code: Any) -> Any:
        sizes = (*reversed(hidden_sizes), math.prod(shapes[-1]))
        x = layers.Reshape(shapes[-1])(dense_stack(code, sizes, activation=activation))
        for shape in shapes[-2:0:-1]:
            x = PatchConv2D(shape[2], up_size=2, **common)(x)
            x = _cropped(x, shape)
        output = _output(plan.loss)
        x = PatchConv2D(shapes[0][2], kernel_size, up_size=2, activation=output, name="pixels")(x)
        return layers.Flatten(name="reconstruction")(_cropped(x, shapes[0]))

    return Architecture(encode, decode)


def dense_stack(x: Any, sizes: Sequence[int], *, activation: str) -> Any:
    """Apply dense layers of the given widths to a Keras tensor."""
    for size in sizes:
        layer = layers.Dense(size, activation, kernel_initializer=_initializer(activation))
        x = layer(x)
    return x


def _cropped(x: Any, shape: tuple[int, int, int]) -> Any:
    """Cut off the last row or column where up-sampling made one too many."""
    surplus = (x.shape[1] - shape[0], x.shape[2] - shape[1])
    return layers.Cropping2D([(0, n) for n in surplus])(x) if any(surplus) else x


def _initializer(activation: str) -> str:
    # He initialisation suits the ReLU family; Glorot the saturating activations.
    return "he_normal" if activation in ("relu", "elu", "gelu", "silu") else "glorot_uniform"


def _output(loss: str) -> str:
    return "sigmoid" if loss == "bernoulli" else "linear"
