"""Build an autoencoder that starts as PCA: linear maps with a correction that starts at zero."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from aeviz.encoders.networks.architecture import Architecture, joined
from aeviz.encoders.networks.autoencoder import Autoencoder
from aeviz.encoders.networks.default_sizes import NetworkPlan
from aeviz.encoders.networks.layers import PlainLayer

__all__ = ["LinearPath", "PairDistances", "residual_network", "set_axes"]

DECODED = "decoded"
LAST_OF_CORRECTIONS = ("code_correction", "reconstruction", "pixels")

# Keeps the slope of a square root finite where two samples are equal.
_SMALL = 1e-6


@keras.saving.register_keras_serializable(package="aeviz")
class LinearPath(PlainLayer):
    """Layer that adds an affine map of its first input to its second one.

    Called with ``[x, correction]``, of shapes (n_samples, n_in) and (n_samples, units), it
    returns x · kernel + bias + correction.
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape: Any) -> None:
        """Make the kernel, of shape (n_in, units), and the bias, of shape (units,)."""
        shape = (input_shape[0][-1], self.units)
        self.kernel = self.add_weight(shape, initializer="zeros", name="kernel")
        self.bias = self.add_weight((self.units,), initializer="zeros", name="bias")

    def call(self, inputs: list[Any]) -> Any:
        """Return the sum, of shape (n_samples, units)."""
        x, correction = inputs
        return ops.matmul(x, self.kernel) + self.bias + correction

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the correction."""
        return input_shape[1]


@keras.saving.register_keras_serializable(package="aeviz")
class PairDistances(PlainLayer):
    """Layer that returns codes, and adds to the loss how far their distances are off.

    Called with ``[x, code]``, of shapes (n_samples, n_features) and (n_samples, code_size).

    Parameters
    ----------
    weight : float, at least 0
        The loss gains weight · mean over pairs of a batch of (|code_i − code_j| − |x_i − x_j|)².
    """

    def __init__(self, weight: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.weight = weight
        self.built = True

    def call(self, inputs: list[Any]) -> Any:
        """Return the code."""
        x, code = inputs
        of_code, of_x = _distances(code), _distances(x)
        gaps = ops.square(of_code - of_x)
        n_samples = ops.cast(ops.shape(x)[0], x.dtype)
        # The diagonal adds nothing: both distances are the same there.
        n_pairs = ops.maximum(n_samples * (n_samples - 1.0), 1.0)
        self.add_loss(self.weight * ops.sum(gaps) / n_pairs)
        return code

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the code."""
        return input_shape[1]


def _distances(x: Any) -> Any:
    """Return the distances of all pairs of rows, by one matrix product."""
    squares = ops.sum(ops.square(x), axis=1)
    squared = squares[:, None] + squares[None, :] - 2.0 * ops.matmul(x, ops.transpose(x))
    return ops.sqrt(ops.maximum(squared, 0.0) + _SMALL)


def residual_network(
    plan: NetworkPlan,
    architecture: Architecture,
    *,
    distance_weight: float,
    corruption: layers.Layer | None = None,
    axes: np.ndarray | None = None,
) -> Autoencoder:
    """Return an autoencoder of linear maps with corrections, to be given to `set_axes`.

    Parameters
    ----------
    plan : NetworkPlan
        Its features are the coordinates where there are axes.
    architecture : Architecture
        Of the corrections.
    distance_weight : float, at least 0
        Of `PairDistances`.
    corruption : keras.layers.Layer or None
    axes : ndarray of shape (plan.n_features, n_features) or None
        As in `joined`.
    """

    def code(x: Any) -> Any:
        correction = layers.Dense(plan.code_size, name="code_correction")
        return LinearPath(plan.code_size, name="code")([x, correction(architecture.encode(x))])

    def decode(codes: Any) -> Any:
        return LinearPath(plan.n_features, name=DECODED)([codes, architecture.decode(codes)])

    corrected = Architecture(lambda x: x, decode)
    return joined(plan, corrected, code, corruption, PairDistances(distance_weight), axes=axes)


def set_axes(model: Autoencoder, axes: np.ndarray, mean: np.ndarray) -> None:
    """Make a `residual_network` PCA: its linear maps are PCA's, its corrections are zero.

    Parameters
    ----------
    model : Autoencoder
    axes : ndarray of shape (n_axes, n_features)
        Principal axes; where there are fewer than the code is wide, the rest of it stays zero.
    mean : ndarray of shape (n_features,)
    """
    encode, decode = model.encoder.get_layer("code"), model.decoder.get_layer(DECODED)
    kernel = np.zeros(encode.kernel.shape, np.float32)
    kernel[:, : len(axes)] = axes.T
    encode.set_weights([kernel, -mean @ kernel])
    decode.set_weights([np.ascontiguousarray(kernel.T), mean])
    for network in (model.encoder, model.decoder):
        for layer in network.layers:
            if layer.name in LAST_OF_CORRECTIONS:
                layer.set_weights([np.zeros_like(values) for values in layer.get_weights()])
