"""Time the training engine against ``keras.Model.fit``, in one process, interleaved.

Prints one JSON object: `models`, a list with one entry a network, and `matmul_gflops`,
the rate of a float32 product of two matrices of 2048 × 2048, measured in every round.
An entry of `models` holds

- `model`, `batch_size`, `n_samples`;
- `fit_seconds_per_epoch`, `engine_seconds_per_epoch`: medians over the epochs of all
  rounds; `ratio` of the two, and `ratio_of_best`, that of the fastest epochs;
- `engine_gflops`: multiplications and additions of the network as published, forward and
  backward but for the gradient of the data, over the engine's seconds;
- `output_difference`: the largest difference of the two networks' outputs at the same
  weights; `loss_difference`: the relative difference of their losses after one epoch from
  these weights over the same batches.

In a round `fit` trains for some epochs in one call, then the engine for as many; the
first round, which compiles both, is not counted, nor the first epoch of each call of
`fit`, which sets up the input pipeline. The deep autoencoder is the same model for both.
The convolutional one of the Keras blog's tutorial is made of Keras's layers for `fit` and
of `PatchConv2D` for the engine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from aeviz.encoders.networks.architecture import dense, joined
from aeviz.encoders.networks.autoencoder import bernoulli_loss
from aeviz.encoders.networks.default_sizes import NetworkPlan
from aeviz.encoders.networks.patch_conv import PatchConv2D
from aeviz.encoders.training.feeds import ResidentFeed
from aeviz.encoders.training.graph_loop import GraphLoop

HERE = Path(__file__).resolve().parents[1]
MATRIX = 2048


@dataclass
class Contest:
    """Keep two models that compute the same, and the seconds that each epoch took."""

    name: str
    batch_size: int
    X: np.ndarray
    theirs: keras.Model
    ours: keras.Model
    flops_a_sample: int
    fit_seconds: list[float] = field(default_factory=list)
    engine_seconds: list[float] = field(default_factory=list)
    output_difference: float = 0.0
    loss_difference: float = 0.0

    def prepare(self) -> None:
        """Set equal weights, compare outputs and a first epoch, and have both compiled."""
        self.ours.set_weights(self.theirs.get_weights())
        some = self.X[:256]
        difference = np.abs(np.asarray(self.ours(some)) - np.asarray(self.theirs(some)))
        self.output_difference = float(difference.max())
        feed = ResidentFeed(self.X, np.arange(len(self.X)))
        self.loop = GraphLoop(self.ours, feed, self.batch_size)
        ours = self.loop.train_epoch(np.random.default_rng(0))["loss"]
        rows = self.X[np.random.default_rng(0).permutation(len(self.X))]
        fitted = self.theirs.fit(rows, rows, batch_size=self.batch_size, shuffle=False, verbose=0)
        self.loss_difference = abs(ours / fitted.history["loss"][0] - 1)

    def play(self, epochs: int) -> None:
        """Train both for some epochs."""
        clock = EpochClock()
        options: dict[str, Any] = {"batch_size": self.batch_size, "verbose": 0}
        self.theirs.fit(self.X, self.X, epochs=epochs + 1, callbacks=[clock], **options)
        self.fit_seconds += clock.seconds[1:]
        rng = np.random.default_rng(1)
        for _ in range(epochs):
            started = time.perf_counter()
            self.loop.train_epoch(rng)
            self.engine_seconds.append(time.perf_counter() - started)

    def result(self) -> dict[str, Any]:
        """Return the entry of the JSON object."""
        fit, engine = map(statistics.median, (self.fit_seconds, self.engine_seconds))
        return {
            "model": self.name,
            "batch_size": self.batch_size,
            "n_samples": len(self.X),
            "fit_seconds_per_epoch": round(fit, 3),
            "engine_seconds_per_epoch": round(engine, 3),
            "ratio": round(fit / engine, 2),
            "ratio_of_best": round(min(self.fit_seconds) / min(self.engine_seconds), 2),
            "engine_gflops": round(self.flops_a_sample * len(self.X) / engine / 1e9, 1),
            "output_difference": self.output_difference,
            "loss_difference": self.loss_difference,
        }


class EpochClock(keras.callbacks.Callback):
    """Take the time of every epoch."""

    def on_train_begin(self, logs: Any = None) -> None:
        """Start the list."""
        self.seconds: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the clock."""
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stop the clock."""
        self.seconds.append(time.perf_counter() - self.started)


def main() -> None:
    """Measure what the command line asks for and print it."""
    arguments = parse()
    images = load(arguments.data)[: arguments.size]
    makers: dict[str, Callable[[np.ndarray], Contest]] = {
        "deep": deep,
        "convolutional": convolutional,
    }
    contests = [makers[name](images) for name in arguments.models]
    for contest in contests:
        contest.prepare()
    rates = []
    for _ in range(arguments.rounds):
        rates.append(matmul_gflops())
        for contest in contests:
            contest.play(arguments.epochs)
    result = {
        "models": [contest.result() for contest in contests],
        "matmul_gflops": round(statistics.median(rates), 1),
    }
    print(json.dumps(result, indent=1))


def parse() -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description="Time the training engine against Keras's fit.")
    default = HERE.parent / "shared" / "datasets" / "mnist.npz"
    parser.add_argument("--data", type=Path, default=default, help="an .npz with 28 x 28 x_train")
    parser.add_argument("--size", type=int, default=60_000, help="training samples")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=2, help="epochs a round")
    names = ("deep", "convolutional")
    parser.add_argument("--models", nargs="+", choices=names, default=list(names))
    return parser.parse_args()


def load(path: Path) -> np.ndarray:
    """Return the training images in [0, 1], shape (n_samples, 28, 28, 1), float32."""
    with np.load(path, allow_pickle=False) as archive:
        return (archive["x_train"] / 255).astype(np.float32)[..., None]


def deep(images: np.ndarray) -> Contest:
    """Return the contest of the autoencoder 784-128-64-32 at a batch of 256."""
    sizes, n_pixels, code_size = (128, 64), 28 * 28, 32

    def model() -> keras.Model:
        plan = NetworkPlan(
            60_000, n_pixels, code_size, "bernoulli", batch_size=256, epochs=1, seed=0
        )
        built = joined(plan, dense(plan, sizes, activation="relu"), layers.Dense(code_size))
        built.compile(optimizer="adam", loss=bernoulli_loss)
        return built

    widths = [n_pixels, *sizes, code_size, *reversed(sizes), n_pixels]
    products = [a * b for a, b in pairwise(widths)]
    flops = 2 * (3 * sum(products) - products[0])
    X = images.reshape(len(images), -1)
    return Contest("deep 784-128-64-32", 256, X, model(), model(), flops)


def convolutional(images: np.ndarray) -> Contest:
    """Return the contest of the tutorial's convolutional autoencoder at a batch of 128."""
    theirs, ours = tutorial_by_keras(), tutorial_by_patches()
    for model in (theirs, ours):
        model.compile(optimizer="adam", loss="binary_crossentropy")
    # Per layer: output height · width · channels · kernel · input channels.
    products = [
        28 * 28 * 16 * 9 * 1,
        14 * 14 * 8 * 9 * 16,
        7 * 7 * 8 * 9 * 8,
        4 * 4 * 8 * 9 * 8,
        8 * 8 * 8 * 9 * 8,
        14 * 14 * 16 * 9 * 8,
        28 * 28 * 1 * 9 * 16,
    ]
    flops = 2 * (3 * sum(products) - products[0])
    return Contest("convolutional, tutorial", 128, images, theirs, ours, flops)


def tutorial_by_keras() -> keras.Model:
    """Return the tutorial's network, layer for layer."""
    x = inputs = keras.Input((28, 28, 1))
    for filters in (16, 8, 8):
        x = layers.Conv2D(filters, 3, activation="relu", padding="same")(x)
        x = layers.MaxPooling2D(2, padding="same")(x)
    x = layers.Conv2D(8, 3, activation="relu", padding="same")(x)
    x = layers.UpSampling2D(2)(x)
    x = layers.Conv2D(8, 3, activation="relu", padding="same")(x)
    x = layers.UpSampling2D(2)(x)
    x = layers.Conv2D(16, 3, activation="relu")(x)
    x = layers.UpSampling2D(2)(x)
    return keras.Model(inputs, layers.Conv2D(1, 3, activation="sigmoid", padding="same")(x))


def tutorial_by_patches() -> keras.Model:
    """Return the same function with the same weights, by `PatchConv2D`."""
    x = inputs = keras.Input((28, 28, 1))
    for filters in (16, 8, 8):
        x = PatchConv2D(filters, pool_size=2, activation="relu")(x)
    x = PatchConv2D(8, activation="relu")(x)
    x = PatchConv2D(8, up_size=2, activation="relu")(x)
    x = PatchConv2D(16, up_size=2, padding="valid", activation="relu")(x)
    return keras.Model(inputs, PatchConv2D(1, up_size=2, activation="sigmoid")(x))


def matmul_gflops(repeat: int = 5) -> float:
    """Return the rate of a float32 product of two square matrices, the best of some."""
    a = tf.random.normal((MATRIX, MATRIX))
    seconds = []
    for _ in range(repeat + 1):
        started = time.perf_counter()
        tf.matmul(a, a).numpy()
        seconds.append(time.perf_counter() - started)
    return 2 * MATRIX**3 / min(seconds[1:]) / 1e9


if __name__ == "__main__":
    main()
