"""Make networks ready to be applied: compile them, and read them from files."""

import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line

__all__ = ["MIN_UPDATES_FOR_XLA", "compiled", "graph_function", "load_network"]

# XLA compiles a training in 8 to 20 s and saves 2 to 4 ms per update: it pays from here on.
MIN_UPDATES_FOR_XLA = 5000


def load_network(path: Path) -> keras.Model:
    """Return the network of a ``.keras`` file; its own classes must be registered.

    Raises
    ------
    AevizError
        If it is no model, a damaged one, or one that would run code.
    """
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, KeyError, OSError, zipfile.BadZipFile) as error:
        reason = first_line(error)
        raise AevizError(f"{path} is not a model that aeviz saved: {reason}") from error


def graph_function(function: Callable[..., Any], *, xla: bool = True) -> Any:
    """Return a graph function of TensorFlow, which XLA compiles at its first call for each shape.

    TensorFlow counts the traces of all functions that share a piece of code, and warns of
    "retracing" where every fit rightly has a function of its own; a partial has no code.
    """
    import tensorflow as tf

    return tf.function(partial(function), jit_compile=xla)


def compiled(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from a batch of float32 to the model's outputs, not in training.

    It is compiled by XLA on TensorFlow and JAX, at the first call for each shape; weights that
    are set later are seen.
    """
    outputs = _compile(model)

    def function(batch: np.ndarray) -> np.ndarray:
        return np.asarray(keras.ops.convert_to_numpy(outputs(keras.ops.convert_to_tensor(batch))))

    return function


def _compile(model: keras.Model) -> Callable[[Any], Any]:
    backend = keras.backend.backend()
    if backend == "tensorflow":
        function: Callable[[Any], Any] = graph_function(lambda batch: model(batch, training=False))
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
