"""Train a compiled Keras model to reconstruct its input, epoch by epoch.

What is Keras's stays Keras's: the step is the model's own ``train_step``, so losses,
weights and metrics are those of ``keras.Model.fit`` for the same order of batches, to
float32 rounding. Callbacks are told of the beginning and end of training and of every epoch;
their methods for single batches are not called.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from aeviz.encoders.training.feeds import Feed

if TYPE_CHECKING:
    from aeviz.encoders.training.graph_loop import GraphLoop

__all__ = ["History", "train"]

History = dict[str, list[float]]

_log = logging.getLogger(__name__)


def train(
    model: keras.Model,
    feed: Feed,
    *,
    validation: np.ndarray | None = None,
    epochs: int,
    batch_size: int,
    seed: int,
    start: np.ndarray | None = None,
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
    start : ndarray of shape (n_samples, ...), float32, or None
        Training samples on which to measure the loss before the first update; it is the first
        entry of the history then, and callbacks are told of it as of the beginning's `logs`.
    callbacks : sequence of keras.callbacks.Callback
        Epoch- and training-level methods are called, batch-level ones are not.
    history : dict or None
        What is returned, filled while training: mean loss and metrics per epoch, and the
        learning rate at its end.

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
    loop = _loop()(model, feed, batch_size)

    def validate() -> dict[str, float]:
        if validation is None:
            return {}
        return {f"val_{name}": value for name, value in loop.evaluate(validation).items()}

    listeners = keras.callbacks.CallbackList(list(callbacks), model=model, epochs=epochs)
    model.stop_training = False
    logs: dict[str, float] = {}
    if start is not None:
        logs = loop.evaluate(start) | validate()
        _record(logs, history, model)
    listeners.on_train_begin(logs)
    try:
        for epoch in range(epochs):
            listeners.on_epoch_begin(epoch)
            logs = loop.train_epoch(rng) | validate()
            if not np.isfinite(list(logs.values())).all():
                if not history:
                    raise FloatingPointError(f"the loss of the first epoch is {logs['loss']}")
                _log.warning("training stopped: the loss of epoch %d is not finite", epoch + 1)
                break
            _record(logs, history, model)
            listeners.on_epoch_end(epoch, logs)
            if model.stop_training:
                break
    finally:
        listeners.on_train_end(logs)
    return history


def _record(logs: dict[str, float], history: History, model: keras.Model) -> None:
    """Add the learning rate to the logs of an epoch, and them to the history."""
    logs["learning_rate"] = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    for name, value in logs.items():
        history.setdefault(name, []).append(value)


def _loop() -> type[GraphLoop] | type[KerasLoop]:
    """Return the loop that suits the backend."""
    if keras.backend.backend() == "tensorflow":
        from aeviz.encoders.training.graph_loop import GraphLoop

        return GraphLoop
    return KerasLoop


class KerasLoop:
    """Loop that calls ``fit`` for one epoch at a time, on any backend and device of Keras."""

    def __init__(self, model: keras.Model, feed: Feed, batch_size: int) -> None:
        self.model = model
        self.feed = feed
        self.batch_size = batch_size

    def train_epoch(self, rng: np.random.Generator) -> dict[str, float]:
        """Train on every sample of the feed, and return the epoch's loss and metrics."""
        n_batches = math.ceil(self.feed.n_rows / self.batch_size)
        # Closed at once, so that nothing of this epoch is still being read in the next.
        with closing(self._batches(rng)) as batches:
            fitted = self.model.fit(batches, steps_per_epoch=n_batches, shuffle=False, verbose=0)
        return {name: float(values[0]) for name, values in fitted.history.items()}

    def evaluate(self, X: np.ndarray) -> dict[str, float]:
        """Return loss and metrics of samples, without training."""
        results = self.model.evaluate(X, X, batch_size=self.batch_size, verbose=0, return_dict=True)
        return {name: float(value) for name, value in results.items()}

    def _batches(self, rng: np.random.Generator) -> Generator[tuple[Any, ...], None, None]:
        with closing(self.feed.epoch(rng)) as windows:
            for window in windows:
                for start in range(0, len(window.order), self.batch_size):
                    rows = window.order[start : start + self.batch_size]
                    weights = () if window.weights is None else (window.weights[rows],)
                    yield window.samples[rows], window.samples[rows], *weights
