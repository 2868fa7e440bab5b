"""Build the networks of the parametric embeddings, and keep one to be applied.

Dense, ReLU inside and linear outside. Nothing here is trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aeviz.encoders.networks.batches import in_batches

__all__ = ["Network", "dense_network"]


def dense_network(name: str, n_inputs: int, hidden_sizes: Sequence[int], n_outputs: int) -> Any:
    """Return an untrained functional model.

    Parameters
    ----------
    name : str
    n_inputs, n_outputs : int
    hidden_sizes : sequence of int
        Widths of the ReLU layers between; none makes the model linear.

    Returns
    -------
    keras.Model
        From (n_samples, n_inputs) to (n_samples, n_outputs).
    """
    import keras

    inputs = outputs = keras.Input((n_inputs,))
    for width in hidden_sizes:
        outputs = keras.layers.Dense(width, "relu", kernel_initializer="he_normal")(outputs)
    return keras.Model(inputs, keras.layers.Dense(n_outputs)(outputs), name=name)


class Network:
    """Apply a model to samples, each placed alone as in company.

    The function is compiled at its first use; a copy and a pickle compile it anew.

    Parameters
    ----------
    model : keras.Model
        Trained.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self._function: Any = None

    def __call__(self, X: np.ndarray) -> np.ndarray:
        """Return the model's outputs, float32, for rows of any number."""
        if self._function is None:
            from aeviz.encoders.networks.compiled import compiled

            self._function = compiled(self.model)
        return in_batches(self._function, X)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the compiled function behind."""
        return {"model": self.model, "_function": None}
