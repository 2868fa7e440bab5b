"""Train on TensorFlow with all batches of a window in one graph call.

XLA compiles the graph where the model was compiled with ``jit_compile``. The samples are one
tensor; each batch is gathered inside the graph, and the loop over the batches is itself part of
the program that XLA compiles, so that between two steps there is neither Python nor
TensorFlow's dispatch. The step is Keras's own ``train_step``: arithmetic, optimizer and metrics
are Keras's to the letter.

Why the loop is compiled and not only the step: for the autoencoder 784-128-64-32 at a
batch of 256 that takes 2.1 ms a batch where a compiled step in an uncompiled loop
takes 2.5 ms, and the number of batches is an argument, so that one program serves all.
"""

import time
from contextlib import closing
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from aeviz.encoders.networks.compiled import graph_function
from aeviz.encoders.training.feeds import ALIGNMENT_BYTES, Feed, aligned_zeros

__all__ = ["GraphLoop"]

# A graph call cannot be interrupted, so an epoch that takes longer is made in several.
SECONDS_PER_CALL = 1.0


class GraphLoop:
    """Loop that runs Keras's ``train_step`` and ``test_step`` over whole windows; see `train`."""

    def __init__(self, model: keras.Model, feed: Feed, batch_size: int) -> None:
        self.model = model
        self.feed = feed
        self.batch_size = batch_size
        self.seconds_per_batch = 0.0
        self._samples: np.ndarray | None = None
        self._tensors: tuple[Any, Any] = (None, None)
        # The samples that were evaluated last, mostly those for validation, and their tensor.
        self._evaluated: tuple[Any, Any] = (None, None)
        model.optimizer.build(model.trainable_variables)
        functions = _functions(model, batch_size)
        self._train_batches, self._train_rows, self._test_batches = functions

    def train_epoch(self, rng: np.random.Generator) -> dict[str, float]:
        """Train on every sample of the feed, and return the epoch's loss and metrics."""
        self.model.reset_metrics()
        with closing(self.feed.epoch(rng)) as windows:
            for window in windows:
                samples, weights = self._as_tensors(window.samples, window.weights)
                self._train_window(samples, weights, window.order)
        return _results(self.model)

    def evaluate(self, X: np.ndarray) -> dict[str, float]:
        """Return loss and metrics of samples, without training."""
        self.model.reset_metrics()
        if X is not self._evaluated[0]:
            self._evaluated = X, _shared_tensor(X)
        self._test_batches(self._evaluated[1])
        return _results(self.model)

    def _train_window(self, samples: Any, weights: Any, order: np.ndarray) -> None:
        n_full = len(order) // self.batch_size
        # The order is as long as the samples, so that every window has the same shapes.
        padded = np.zeros(samples.shape[0], np.int32)
        padded[: len(order)] = order
        rows = tf.convert_to_tensor(padded)
        done = 0
        while done < n_full:
            # The first call compiles, and makes one batch: no rate is known yet.
            known = self.seconds_per_batch
            n_batches = max(1, int(SECONDS_PER_CALL / known)) if known else 1
            until = min(n_full, done + n_batches)
            started = time.perf_counter()
            # Python numbers would each be compiled for; tensors are arguments.
            self._train_batches(samples, weights, rows, tf.constant(done), tf.constant(until))
            seconds = (time.perf_counter() - started) / (until - done)
            self.seconds_per_batch = min(known or seconds, seconds)
            done = until
        if len(order) % self.batch_size:
            rest = tf.convert_to_tensor(order[n_full * self.batch_size :])
            self._train_rows(samples, weights, rest)

    def _as_tensors(self, samples: np.ndarray, weights: np.ndarray | None) -> tuple[Any, Any]:
        """Return tensors of a window's arrays; the one window of resident data is kept."""
        if samples is not self._samples:
            # Free the last window before there is another.
            self._tensors = (None, None)
            self._samples = samples
            weighted = None if weights is None else tf.convert_to_tensor(weights, tf.float32)
            self._tensors = (_shared_tensor(samples), weighted)
        return self._tensors


def _shared_tensor(samples: np.ndarray) -> Any:
    """Return a tensor of an array's own memory on a CPU; a GPU gets a copy, once.

    `tf.convert_to_tensor` copies, and for a moment holds the samples three times. An array
    that is not laid out for sharing is copied once into one that is.
    """
    if tf.config.list_logical_devices("GPU"):
        return tf.convert_to_tensor(samples)
    is_shareable = (
        samples.dtype == np.float32
        and samples.flags.c_contiguous
        and samples.flags.writeable
        and samples.ctypes.data % ALIGNMENT_BYTES == 0
    )
    if not is_shareable:
        shared = aligned_zeros(samples.shape)
        shared[...] = samples
        samples = shared
    return tf.experimental.dlpack.from_dlpack(samples.__dlpack__())


def _functions(model: keras.Model, batch_size: int) -> tuple[Any, Any, Any]:
    """Return the functions of a model; one that is trained again has those of its first training.

    They are kept with what they were traced with.
    """
    traced_with = (model.optimizer, batch_size)
    # Not as an attribute: Keras would take the optimizer for a part of the model.
    kept = vars(model).get("_functions_of_loop")
    if kept is None or kept[0] != traced_with:
        training = _training_functions(model, batch_size)
        kept = traced_with, (*training, _validation_function(model, batch_size))
        vars(model)["_functions_of_loop"] = kept
    functions: tuple[Any, Any, Any] = kept[1]
    return functions


def _training_functions(model: keras.Model, batch_size: int) -> tuple[Any, Any]:
    """Return a function that trains on batches `start` to `stop`, and one for single rows."""

    def train_step(samples: Any, weights: Any, rows: Any) -> None:
        batch = tf.gather(samples, rows)
        weight = None if weights is None else tf.gather(weights, rows)
        model.train_step((batch, batch, weight))

    def train_batches(samples: Any, weights: Any, order: Any, start: Any, stop: Any) -> None:
        # Not `for i in tf.range(start, stop)`: XLA would compile anew for every start and stop.
        while start < stop:
            # Without XLA, TensorFlow would hold the memory of ten steps at a time.
            tf.autograph.experimental.set_loop_options(parallel_iterations=1)
            train_step(samples, weights, tf.slice(order, [start * batch_size], [batch_size]))
            start += 1

    xla = model.jit_compile
    return graph_function(train_batches, xla=xla), graph_function(train_step, xla=xla)


def _validation_function(model: keras.Model, batch_size: int) -> Any:
    """Return a function that evaluates samples in batches."""

    def test_batches(samples: Any) -> None:
        n_samples = samples.shape[0]
        n_whole = n_samples // batch_size * batch_size
        if n_whole:
            for batch in tf.reshape(samples[:n_whole], (-1, batch_size, *samples.shape[1:])):
                tf.autograph.experimental.set_loop_options(parallel_iterations=1)
                model.test_step((batch, batch))
        if n_samples > n_whole:
            model.test_step((samples[n_whole:], samples[n_whole:]))

    return graph_function(test_batches, xla=model.jit_compile)


def _results(model: keras.Model) -> dict[str, float]:
    """Return the model's metrics since they were last reset, as plain floats."""
    results = model.get_metrics_result()
    return {name: float(keras.ops.convert_to_numpy(value)) for name, value in results.items()}
