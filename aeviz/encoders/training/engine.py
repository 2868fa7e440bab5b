"""Train a compiled Keras model to reconstruct its input, epoch by epoch.

What is Keras's stays Keras's: the step is the model's own ``train_step``, so losses,
weights and metrics are those of ``keras.Model.fit`` for the same order of batches, to
float32 rounding. Callbacks are told of the beginning and end of training and of every epoch;
their methods for single batches are not called.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

import keras
import numpy as np

from aeviz.encoders.training.feeds import Feed

__all__ = ["History", "train"]

History = dict[str, list[float]]

_log = logging.getLogger(__name__)


class Loop(Protocol):
    """Loop over samples; `graph_loop` and `keras_loop` each have one."""

    def train_epoch(self, rng: np.random.Generator) -> dict[str, float]:
        """Train on every sample of the feed, and return the epoch's loss and metrics."""

    def validate(self) -> dict[str, float]:
        """Return loss and metrics of the validation samples."""


def train(
    model: keras.Model,
    feed: Feed,
    *,
    validation: np.ndarray | None = None,
    epochs: int,
    batch_size: int,
    seed: int,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    history: History | None = None,
) -> History:
    """Train an autoencoder to reconstruct its input.

    Parameters
    ----------
    model : keras.Model
        Compiled and built; its target is its input.
    feed : Feed
        The samples, with weights of their losses; as in Keras the weighted sum is divided by
        the batch size.
    validation : ndarray of shape (n_validation, ...), float32, or None
        Validation samples, for the ``val_`` entries of the history.
    epochs, batch_size : int
        The last batch of an epoch is smaller where the batch size does not divide n_samples.
    seed : int
        Fixes the order of the samples, a new one each epoch.
    callbacks : sequence of keras.callbacks.Callback
        Epoch- and training-level methods are called, batch-level ones are not.
    history : dict or None
        Where to write the history while training; what it holds after an interruption.

    Returns
    -------
    dict of str to list of float
        Mean loss and metrics per epoch, with ``val_`` names for the validation samples, and
        the learning rate at the epoch's end.

    Raises
    ------
    FloatingPointError
        If the loss of the first epoch is not finite. A later such epoch ends the training
        and is left out of the history.
    KeyboardInterrupt
        On Ctrl-C, when the graph call under way has ended (about a second), after the
        callbacks were told of the end of training: `keras.callbacks.EarlyStopping` has put
        the best weights back, and the history holds the finished epochs.
    """
    history = {} if history is None else history
    rng = np.random.default_rng(seed)
    loop = _loop(model)(model, feed, validation, batch_size)
    listeners = keras.callbacks.CallbackList(list(callbacks), model=model, epochs=epochs)
    model.stop_training = False
    logs: dict[str, float] = {}
    listeners.on_train_begin()
    try:
        for epoch in range(epochs):
            listeners.on_epoch_begin(epoch)
            logs = loop.train_epoch(rng)
            if validation is not None:
                logs |= {f"val_{name}": value for name, value in loop.validate().items()}
            if not np.isfinite(list(logs.values())).all():
                if not history:
                    raise FloatingPointError(f"the loss of the first epoch is {logs['loss']}")
                _log.warning("training stopped: the loss of epoch %d is not finite", epoch + 1)
                break
            logs["learning_rate"] = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
            for name, value in logs.items():
                history.setdefault(name, []).append(value)
            listeners.on_epoch_end(epoch, logs)
            if model.stop_training:
                break
    finally:
        listeners.on_train_end(logs)
    return history


def _loop(model: keras.Model) -> Callable[..., Loop]:
    """Return the loop that suits the backend and the model."""
    if keras.backend.backend() == "tensorflow":
        from aeviz.encoders.training.graph_loop import GraphLoop

        return GraphLoop
    from aeviz.encoders.training.keras_loop import KerasLoop

    return KerasLoop
