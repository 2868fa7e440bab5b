"""Train a compiled Keras model on data in memory, a whole epoch in one graph call.

`keras.Model.fit` spends most of a small network's epoch between the batches: in
Python, in the input pipeline and in dispatching single operations. Here the data
stay in memory as one tensor, each batch is gathered inside the graph from the
epoch's permutation, and Keras's own ``train_step`` is compiled by XLA, so that the
arithmetic, the optimizer and the metrics are Keras's to the letter. Callbacks are
called at the beginning and end of training and of each epoch.

Why not ``fit(jit_compile=True, steps_per_execution=…)``: it still copies each
batch through an input pipeline; measured, it gains a quarter where this gains
threefold. On other backends than TensorFlow ``fit`` is what is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

__all__ = ["History", "train"]

History = dict[str, list[float]]


def train(
    model: keras.Model,
    X: np.ndarray,
    *,
    validation: np.ndarray | None = None,
    sample_weight: np.ndarray | None = None,
    epochs: int,
    batch_size: int,
    seed: int,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> History:
    """Train an autoencoder to give back its input.

    Parameters
    ----------
    model : keras.Model
        Compiled and built; its target is its input.
    X : ndarray of shape (n_samples, ...), float32
        Training samples.
    validation : ndarray of shape (n_validation, ...), float32, or None
        Held-out samples for the ``val_`` entries of the history.
    sample_weight : ndarray of shape (n_samples,) or None
        Weight of each sample's loss; as in Keras the sum is divided by the batch size.
    epochs, batch_size : int
        The last batch of an epoch is smaller where the batch size does not divide n_samples.
    seed : int
        Fixes the order of the samples, a new permutation each epoch.
    callbacks : sequence of keras.callbacks.Callback
        Epoch- and training-level methods are called, batch-level ones are not.

    Returns
    -------
    dict of str to list of float
        Mean loss and metrics an epoch, with ``val_`` names for the validation samples, and
        the learning rate at the epoch's end.
    """
    rng = np.random.default_rng(seed)
    if keras.backend.backend() == "tensorflow":
        run_epoch, run_validation = _compiled_loops(model, X, sample_weight, validation, batch_size)
    else:
        run_epoch, run_validation = _fit_loops(model, X, sample_weight, validation, batch_size)
    history: History = {}
    listeners = keras.callbacks.CallbackList(list(callbacks), model=model, epochs=epochs)
    model.stop_training = False
    listeners.on_train_begin()
    for epoch in range(epochs):
        listeners.on_epoch_begin(epoch)
        logs = run_epoch(rng.permutation(len(X)))
        if run_validation is not None:
            logs |= {f"val_{name}": value for name, value in run_validation().items()}
        logs["learning_rate"] = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
        for name, value in logs.items():
            history.setdefault(name, []).append(value)
        listeners.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    listeners.on_train_end(logs)
    return history


Loop = Callable[..., dict[str, float]]


def _compiled_loops(
    model: keras.Model,
    X: np.ndarray,
    sample_weight: np.ndarray | None,
    validation: np.ndarray | None,
    batch_size: int,
) -> tuple[Loop, Loop | None]:
    """Return one function that trains for an epoch and one that validates, on TensorFlow."""
    import tensorflow as tf

    model.optimizer.build(model.trainable_variables)
    samples = tf.convert_to_tensor(X)
    weights = None if sample_weight is None else tf.convert_to_tensor(sample_weight, tf.float32)
    is_eager = tf.config.functions_run_eagerly()

    @tf.function(jit_compile=True)
    def train_batch(rows: Any, weight: Any) -> None:
        model.train_step((rows, rows, weight))

    @tf.function(jit_compile=True)
    def test_batch(rows: Any) -> None:
        model.test_step((rows, rows))

    def epoch(data: Any, weights: Any, order: Any) -> None:
        n_full = len(X) // batch_size
        for i in range(n_full) if is_eager else tf.range(n_full):
            rows = order[i * batch_size : (i + 1) * batch_size]
            weight = None if weights is None else tf.gather(weights, rows)
            train_batch(tf.gather(data, rows), weight)
        if len(X) % batch_size:
            rows = order[n_full * batch_size :]
            weight = None if weights is None else tf.gather(weights, rows)
            train_batch(tf.gather(data, rows), weight)

    def validate(data: Any) -> None:
        n_full = data.shape[0] // batch_size
        for i in range(n_full) if is_eager else tf.range(n_full):
            test_batch(data[i * batch_size : (i + 1) * batch_size])
        if data.shape[0] % batch_size:
            test_batch(data[n_full * batch_size :])

    compiled_epoch, compiled_validate = tf.function(epoch), tf.function(validate)

    def run_epoch(order: np.ndarray) -> dict[str, float]:
        model.reset_metrics()
        compiled_epoch(samples, weights, tf.convert_to_tensor(order, tf.int32))
        return _results(model)

    if validation is None:
        return run_epoch, None
    held_out = tf.convert_to_tensor(validation)

    def run_validation() -> dict[str, float]:
        model.reset_metrics()
        compiled_validate(held_out)
        return _results(model)

    return run_epoch, run_validation


def _fit_loops(
    model: keras.Model,
    X: np.ndarray,
    sample_weight: np.ndarray | None,
    validation: np.ndarray | None,
    batch_size: int,
) -> tuple[Loop, Loop | None]:
    """Return the same two functions through Keras's own loops, on any backend."""

    def run_epoch(order: np.ndarray) -> dict[str, float]:
        rows = X[order]
        weight = None if sample_weight is None else sample_weight[order]
        model.fit(rows, rows, sample_weight=weight, batch_size=batch_size, shuffle=False, verbose=0)
        return _results(model)

    if validation is None:
        return run_epoch, None

    def run_validation() -> dict[str, float]:
        results = model.evaluate(
            validation, validation, batch_size=batch_size, verbose=0, return_dict=True
        )
        return {name: float(value) for name, value in results.items()}

    return run_epoch, run_validation


def _results(model: keras.Model) -> dict[str, float]:
    """Return the model's metrics since they were last reset, as plain floats."""
    results = model.get_metrics_result()
    return {name: float(keras.ops.convert_to_numpy(value)) for name, value in results.items()}
