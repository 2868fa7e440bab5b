"""Compile a network into one function from samples to outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

__all__ = ["compiled"]


def compiled(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from a batch to the model's outputs, not in training.

    Parameters
    ----------
    model : keras.Model
        Built. Weights that are set later are seen.

    Returns
    -------
    function (ndarray of shape (n_rows, ...), float32) -> ndarray
        Compiled by XLA on TensorFlow and JAX, at the first call for each shape.
    """
    outputs = _compile(model)

    def function(batch: np.ndarray) -> np.ndarray:
        return np.asarray(keras.ops.convert_to_numpy(outputs(keras.ops.convert_to_tensor(batch))))

    return function


def _compile(model: keras.Model) -> Callable[[Any], Any]:
    backend = keras.backend.backend()
    if backend == "tensorflow":
        from aeviz.encoders.networks.xla import compiled_by_xla

        function: Callable[[Any], Any] = compiled_by_xla(lambda batch: model(batch, training=False))
        return function
    if backend == "jax":
        import jax

        @jax.jit
        def stateless(trained: Any, other: Any, batch: Any) -> Any:
            outputs, _ = model.stateless_call(trained, other, batch, training=False)
            return outputs

        return lambda batch: stateless(
            [variable.value for variable in model.trainable_variables],
            [variable.value for variable in model.non_trainable_variables],
            batch,
        )
    return lambda batch: model(batch, training=False)
