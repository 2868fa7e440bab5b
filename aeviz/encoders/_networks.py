"""Build the dense networks that the encoders share.

Nothing here is trained. Codes and code parameters are linear: a ReLU code has
units that are never active, which on MNIST costs 4 % of the held-out loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

__all__ = ["dense_decoder", "dense_stack"]


def dense_stack(x: Any, sizes: Sequence[int], *, activation: str) -> Any:
    """Apply dense layers of the given widths to a Keras tensor."""
    # He initialisation suits the ReLU family; Glorot the saturating activations.
    initializer = "he_normal" if activation in ("relu", "elu", "gelu", "silu") else "glorot_uniform"
    for size in sizes:
        x = layers.Dense(size, activation=activation, kernel_initializer=initializer)(x)
    return x


def dense_decoder(
    code_size: int, hidden_sizes: Sequence[int], n_features: int, *, activation: str, loss: str
) -> keras.Model:
    """Return the mirror of a dense encoder.

    The output is a sigmoid for the Bernoulli loss and linear for the Gaussian loss.
    """
    inputs = keras.Input((code_size,), name="code")
    x = dense_stack(inputs, tuple(reversed(hidden_sizes)), activation=activation)
    output = "sigmoid" if loss == "bernoulli" else "linear"
    x = layers.Dense(n_features, activation=output, name="reconstruction")(x)
    return keras.Model(inputs, x, name="decoder")
