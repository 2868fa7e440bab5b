"""Build the networks of the parametric embeddings, and apply them to samples.

They are dense, with ReLU in the hidden layers and a linear output. Nothing is trained here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line
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
    """Function of a trained model, whose output for a sample depends on no other sample.

    The function is compiled at its first use; a copy and a pickle compile it again.

    Parameters
    ----------
    model : keras.Model
        Trained.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self._function: Any = None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the network of a ``.keras`` file.

        Raises
        ------
        AevizError
            If it is no model, a damaged one, or one that would run code.
        """
        import keras

        try:
            return cls(keras.saving.load_model(path, compile=False, safe_mode=True))
        except (ValueError, TypeError, KeyError, OSError, zipfile.BadZipFile) as error:
            reason = first_line(error)
            raise AevizError(f"{path} is not a model that aeviz saved: {reason}") from error

    def __call__(self, X: np.ndarray) -> np.ndarray:
        """Return the model's outputs, float32, for any number of samples."""
        if self._function is None:
            from aeviz.encoders.networks.compiled import compiled

            self._function = compiled(self.model)
        return in_batches(self._function, X)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the compiled function behind."""
        return {"model": self.model, "_function": None}
