"""Train a network so that its outputs are an embedding.

Edges between samples are drawn in NumPy, some dozen batches at a time. Each such window is one
call of one compiled program, which gathers the samples, computes the coordinates of both ends
and takes the optimizer's steps. The rest of the batch repels, so no negatives are drawn.

Why one program: the network first learns principal components, which keep the large-scale
arrangement of the data, and then the objective. A variable blends the two losses, so that
both phases share the compiled program.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from aeviz.core.exceptions import AevizError
from aeviz.encoders.networks.corruption import Corruption

__all__ = ["EdgeModel", "dense_network", "train_networks"]

# About a second of the default network; a call cannot be interrupted.
BATCHES_PER_CALL = 25

# The first steps lead towards the principal components: this share of all, and no more.
SHARE_PRETRAINING, MAX_PRETRAINING = 0.1, 300


def dense_network(name: str, n_inputs: int, hidden_sizes: Sequence[int], n_outputs: int) -> Any:
    """Return an untrained `keras.Model` with ReLU layers of some widths; none makes it linear."""
    inputs = outputs = keras.Input((n_inputs,))
    for width in hidden_sizes:
        outputs = keras.layers.Dense(width, "relu", kernel_initializer="he_normal")(outputs)
    return keras.Model(inputs, keras.layers.Dense(n_outputs)(outputs), name=name)


class EdgeModel(keras.Model):
    """Model of both ends of edges and, with a decoder, of the samples' reconstruction.

    The objective is a function (heads, tails) -> scalar loss of coordinates, (batch_size,
    n_components), tail i a neighbour of head i. Beside it the squared error of the
    reconstruction, averaged over features and batch, has a weight; the encoder's inputs get noise.
    """

    def __init__(
        self,
        encoder: Any,
        decoder: Any,
        objective: Callable[[Any, Any], Any],
        *,
        reconstruction_weight: float,
        input_noise: float,
        seed: int,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.objective = objective
        self.reconstruction_weight = reconstruction_weight
        self.noise = None
        if input_noise > 0:
            self.noise = Corruption(("gaussian",), input_noise, clips=False, seed=seed)
        self.objective_share = self.add_weight(
            name="objective_share", initializer="zeros", trainable=False
        )
        self.built = True

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Return the coordinates of samples; in training noise is added to them."""
        if self.noise is not None:
            x = self.noise(x, training=training)
        return self.encoder(x, training=training)

    def compute_loss(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """Return the loss of a batch: heads in its first half, their tails in its second."""
        heads, tails = ops.split(y_pred, 2)
        share = self.objective_share
        start = ops.mean(ops.sum(ops.square(y_pred - y), axis=-1))
        loss = share * self.objective(heads, tails) + (1.0 - share) * start
        if self.decoder is None:
            return loss
        reconstruction = self.decoder(heads, training=training)
        error = ops.mean(ops.square(reconstruction - ops.split(x, 2)[0]))
        return loss + self.reconstruction_weight * error


def train_networks(
    model: EdgeModel,
    samples: np.ndarray,
    start: np.ndarray,
    edges: Callable[[int], np.ndarray],
    *,
    n_updates: int,
    learning_rate: float,
    report: Callable[[int], object],
) -> None:
    """Train a model in place, and report the number of steps after each call.

    The encoder's target is `start`, (n_samples, n_components), before the objective; `edges` draws
    so many batches of the rows of heads and of tails, int32 of shape (n_batches, 2, batch_size).
    Adam's learning rate falls to 0 along a cosine.

    Raises
    ------
    AevizError
        If the loss is not finite.
    """
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, n_updates)
    model.compile(optimizer=keras.optimizers.Adam(schedule), jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    take_steps = _steps(model, samples, start, n_updates=n_updates)
    done = 0
    n_pretraining = min(MAX_PRETRAINING, int(SHARE_PRETRAINING * n_updates))
    for until, share in ((n_pretraining, 0.0), (n_updates, 1.0)):
        model.objective_share.assign(share)
        while done < until:
            n_batches = min(BATCHES_PER_CALL, until - done)
            model.reset_metrics()
            take_steps(edges(n_batches))
            done += n_batches
            if not np.isfinite(float(model.get_metrics_result()["loss"])):
                raise AevizError(
                    f"training diverged within {done} updates; choose a learning_rate below "
                    f"{learning_rate:g}"
                )
            report(done)


def _steps(
    model: keras.Model, samples: np.ndarray, start: np.ndarray, *, n_updates: int
) -> Callable[[np.ndarray], None]:
    """Return a function that takes one step per batch of edges."""
    if keras.backend.backend() != "tensorflow":

        def take_each(edges: np.ndarray) -> None:
            for rows in edges.reshape(len(edges), -1):
                model.train_on_batch(samples[rows], start[rows])

        return take_each

    import tensorflow as tf

    from aeviz.encoders.networks.compiled import MIN_UPDATES_FOR_XLA, graph_function

    def take_all(samples: Any, start: Any, edges: Any, n_batches: Any) -> None:
        # Not `for i in tf.range(n_batches)`: XLA would compile again for every number.
        batch = tf.constant(0)
        while batch < n_batches:
            rows = tf.reshape(edges[batch], [-1])
            model.train_step((tf.gather(samples, rows), tf.gather(start, rows)))
            batch += 1

    compiled = graph_function(take_all, xla=n_updates >= MIN_UPDATES_FOR_XLA)
    tensors = tf.convert_to_tensor(samples), tf.convert_to_tensor(start)

    def take_padded(edges: np.ndarray) -> None:
        padded = np.zeros((BATCHES_PER_CALL, *edges.shape[1:]), np.int32)
        padded[: len(edges)] = edges
        compiled(*tensors, tf.constant(padded), tf.constant(len(edges)))

    return take_padded
