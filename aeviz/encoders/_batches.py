"""Apply a function to samples in batches of one fixed size.

A matrix product of another shape may round differently, and a sample's code must
not depend on how many others are encoded with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

__all__ = ["in_batches", "model_in_batches"]

BATCH_SIZE = 1024


def in_batches(function: Callable[[np.ndarray], np.ndarray], X: np.ndarray) -> np.ndarray:
    """Return the function's outputs for all rows; it always sees `BATCH_SIZE` of them.

    The last batch is filled up with zeros, whose outputs are dropped.
    """
    outputs = []
    for start in range(0, len(X), BATCH_SIZE):
        batch = X[start : start + BATCH_SIZE]
        n_rows = len(batch)
        if n_rows < BATCH_SIZE:
            padding = np.zeros((BATCH_SIZE - n_rows, *X.shape[1:]), X.dtype)
            batch = np.concatenate([batch, padding])
        outputs.append(function(batch)[:n_rows])
    return np.concatenate(outputs)


def model_in_batches(model: keras.Model, X: np.ndarray) -> np.ndarray:
    """Return a Keras model's outputs, called directly and not in training."""
    import keras

    def outputs(batch: np.ndarray) -> np.ndarray:
        tensor = model(keras.ops.convert_to_tensor(batch), training=False)
        return np.asarray(keras.ops.convert_to_numpy(tensor))

    return in_batches(outputs, X)
