"""Write the steps of an encoder or decoder as plain layers, without Keras where none is in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.encoders.base import LinearStep, Step

__all__ = ["Layers", "plain_steps"]

Layers = tuple[list[dict[str, Any]], list[dict[str, np.ndarray]]]


def plain_steps(steps: list[Step]) -> Layers:
    """Return steps as plain layers, and the weights of each.

    Raises
    ------
    NotPortableError
        If a network has a layer that has no plain form.
    """
    layers: list[dict[str, Any]] = []
    weights: list[dict[str, np.ndarray]] = []
    for step in steps:
        found, arrays = _linear(step) if isinstance(step, LinearStep) else _network(step)
        layers += found
        weights += arrays
    return layers, weights


def _linear(step: LinearStep) -> Layers:
    if step.kernel is not None:
        arrays = {"kernel": step.kernel}
        return [{"kind": "dense"}], [
            arrays if step.shift is None else {**arrays, "bias": step.shift}
        ]
    scale = np.ones(1) if step.scale is None else step.scale
    shift = np.zeros(1) if step.shift is None else step.shift
    both = (np.array(values, np.float32) for values in np.broadcast_arrays(scale, shift))
    return [{"kind": "affine"}], [dict(zip(("scale", "shift"), both, strict=True))]


def _network(model: Any) -> Layers:
    """Return a network as plain layers; the code of a variational encoder is its mean."""
    import keras

    from aeviz.encoders.networks.layers import GaussianSample
    from aeviz.portable.from_keras import plain_layers

    for layer in model.layers:
        if isinstance(layer, GaussianSample) and layer.output is model.output:
            mean, _ = layer.input
            return plain_layers(keras.Model(model.input, mean))
    return plain_layers(model)
