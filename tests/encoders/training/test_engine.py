"""Compare the training engine with Keras's own arithmetic and protocol."""

from __future__ import annotations

import logging
import time
from contextlib import closing

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz.encoders.networks.architecture import dense, joined
from aeviz.encoders.networks.autoencoder import bernoulli_loss
from aeviz.encoders.networks.default_sizes import NetworkPlan
from aeviz.encoders.training.engine import train
from aeviz.encoders.training.feeds import ResidentFeed, StreamFeed


def small_model(seed: int = 0, *, rate: float = 1e-2, xla: bool = False) -> keras.Model:
    """Return a compiled autoencoder 64-16-4 whose weights depend on the seed only."""
    keras.utils.set_random_seed(seed)
    plan = NetworkPlan(
        n_samples=400,
        n_features=64,
        code_size=4,
        loss="bernoulli",
        batch_size=32,
        epochs=1,
        seed=seed,
    )
    model = joined(plan, dense(plan, (16,), activation="relu"), keras.layers.Dense(4))
    optimizer = keras.optimizers.Adam(rate)
    model.compile(optimizer=optimizer, loss=bernoulli_loss, jit_compile=xla)
    return model


def resident(X, weights=None):
    return ResidentFeed(X, np.arange(len(X)), weights)


def streamed(X, *, batch_size=32, n_rows_a_window=64, block=25, weights=None, is_used=None):
    """Return a feed that reads `X` in blocks through windows of some rows."""
    blocks = [slice(start, min(start + block, len(X))) for start in range(0, len(X), block)]
    return StreamFeed(
        lambda rows: X[rows],
        lambda rng: [blocks[i] for i in rng.permutation(len(blocks))],
        np.ones(len(X), bool) if is_used is None else is_used,
        weights,
        batch_size=batch_size,
        budget_bytes=4 * 4 * X.shape[1] * n_rows_a_window,
    )


def batches_of(feed, seed, batch_size):
    """Return the batches of an epoch in the feed's order, and their weights."""
    for window in feed.epoch(np.random.default_rng(seed)):
        for start in range(0, len(window.order), batch_size):
            rows = window.order[start : start + batch_size]
            weights = None if window.weights is None else window.weights[rows]
            yield window.samples[rows], weights


@pytest.mark.parametrize("xla", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_losses_and_weights_are_those_of_fit(digits, weighted, xla):
    """Epoch by epoch, with the same order of batches and a last batch that is not full."""
    X, held_out = digits[:330], digits[330:400]
    weights = np.random.default_rng(1).uniform(0, 2, len(X)).astype(np.float32)
    weights = weights if weighted else None
    ours, theirs = small_model(xla=xla), small_model()
    feed = resident(X, weights)
    history = train(ours, feed, validation=held_out, epochs=4, batch_size=32, seed=5)
    rng = np.random.default_rng(5)
    for epoch in range(4):
        order = rng.permutation(len(X))
        expected = theirs.fit(
            X[order],
            X[order],
            sample_weight=None if weights is None else weights[order],
            validation_data=(held_out, held_out),
            batch_size=32,
            shuffle=False,
            verbose=0,
        ).history
        assert_allclose(history["loss"][epoch], expected["loss"][0], rtol=1e-4)
        assert_allclose(history["val_loss"][epoch], expected["val_loss"][0], rtol=1e-4)
    for mine, their in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert_allclose(mine, their, rtol=1e-3, atol=1e-4)


def test_every_single_step_is_that_of_fit(digits):
    """An epoch of one batch is one step: loss and weights agree to float32 rounding after each."""
    ours, theirs = small_model(xla=True), small_model()

    class Compare(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            expected = theirs.fit(X, X, batch_size=32, shuffle=False, verbose=0).history["loss"][0]
            assert_allclose(logs["loss"], expected, rtol=1e-5)
            for mine, their in zip(self.model.get_weights(), theirs.get_weights(), strict=True):
                # Adam divides a gradient by its own size: one that is nearly zero turns rounding,
                # which differs from processor to processor, into a part of a step of 0.01.
                assert_allclose(mine, their, rtol=1e-4, atol=2e-5)

    X = digits[:32]
    rows = np.arange(32)
    # The order within a batch does not matter to the loss, but to rounding.
    train(ours, ResidentFeed(X, rows), epochs=10, batch_size=32, seed=0, callbacks=[Compare()])


@pytest.mark.slow
@pytest.mark.parametrize("weighted", [False, True])
def test_windows_train_as_fit_does_on_the_same_batches(digits, weighted):
    X = digits[:330]
    weights = np.linspace(0, 2, len(X), dtype=np.float32) if weighted else None
    feed = streamed(X, weights=weights)
    ours, theirs = small_model(), small_model()
    history = train(ours, feed, epochs=1, batch_size=32, seed=5)
    losses = [
        (len(batch), theirs.train_on_batch(batch, batch, sample_weight=w))
        for batch, w in batches_of(feed, 5, 32)
    ]
    assert [n for n, _ in losses] == [32] * 10 + [10]
    for mine, their in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert_allclose(mine, their, rtol=1e-3, atol=1e-4)
    sizes, means = zip(*losses, strict=True)
    assert_allclose(history["loss"][0], np.average(np.array(means), weights=sizes), rtol=1e-4)


def test_a_stream_gives_every_used_row_once_an_epoch_in_a_new_order():
    X = np.arange(400, dtype=np.float32).reshape(200, 2)
    is_used = np.arange(200) % 5 > 0
    feed = streamed(X, batch_size=8, n_rows_a_window=40, block=7, is_used=is_used)
    assert feed.n_rows == 160
    epochs = []
    for seed in (0, 1):
        windows = list(feed.epoch(np.random.default_rng(seed)))
        assert {window.samples.shape for window in windows} == {(40, 2)}
        assert all(len(window.order) % 8 == 0 for window in windows[:-1])
        seen = np.concatenate([window.samples[window.order] for window in windows])
        assert_array_equal(np.sort(seen[:, 0]), X[is_used, 0])
        epochs.append(seen[:, 0])
    assert not np.array_equal(*epochs)
    # The first window holds samples from all over the data.
    assert np.ptp(epochs[0][:40]) > 200


def test_an_error_while_reading_ahead_reaches_the_trainer(digits):
    def read(rows):
        if rows.start >= 100:
            raise OSError("the disk is gone")
        return digits[rows]

    feed = streamed(digits[:200])
    broken = StreamFeed(read, feed.shuffled_blocks, feed.is_used, None, 32, feed.budget_bytes)
    with pytest.raises(OSError, match="the disk is gone"):
        train(small_model(), broken, epochs=1, batch_size=32, seed=0)


def test_an_interrupted_trainer_waits_for_a_block_and_not_for_a_window(digits):
    read = []

    def slowly(rows):
        read.append(rows)
        time.sleep(0.02)
        return digits[rows]

    feed = streamed(digits[:1600], n_rows_a_window=800, block=8)
    slow = StreamFeed(slowly, feed.shuffled_blocks, feed.is_used, None, 32, feed.budget_bytes)
    with closing(slow.epoch(np.random.default_rng(0))) as windows:
        next(windows)
    assert len(read) < 110


def test_callbacks_hear_training_and_epochs_and_can_stop_it(digits):
    heard = []

    class Listener(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            heard.append("begin")

        def on_epoch_end(self, epoch, logs=None):
            heard.append((epoch, sorted(logs)))
            self.model.stop_training = epoch == 1

        def on_train_end(self, logs=None):
            heard.append("end")

    feed = resident(digits[:64])
    history = train(small_model(), feed, epochs=9, batch_size=32, seed=0, callbacks=[Listener()])
    logged = ["learning_rate", "loss"]
    assert heard == ["begin", (0, logged), (1, logged), "end"]
    assert len(history["loss"]) == 2


def test_keras_callbacks_work_at_epoch_ends(digits, tmp_path):
    """Schedules, checkpoints, logs: what Keras ships, used as with fit."""
    model = small_model()
    callbacks = [
        keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.01 / (epoch + 1)),
        keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.weights.h5", save_weights_only=True),
        keras.callbacks.CSVLogger(tmp_path / "log.csv"),
    ]
    feed = resident(digits[:64])
    history = train(model, feed, epochs=3, batch_size=32, seed=0, callbacks=callbacks)
    assert_allclose(history["learning_rate"], [0.01, 0.005, 0.01 / 3], rtol=1e-5)
    assert sorted(path.name for path in tmp_path.glob("*.h5")) == [
        f"{epoch}.weights.h5" for epoch in (1, 2, 3)
    ]
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 4
    again = small_model()
    again.optimizer.build(again.trainable_variables)
    again.load_weights(tmp_path / "3.weights.h5")
    assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_tensorboard_gets_the_losses(digits, tmp_path):
    pytest.importorskip("tensorboard", reason="needs the package tensorboard")
    feed = resident(digits[:64])
    board = keras.callbacks.TensorBoard(tmp_path)
    train(small_model(), feed, epochs=2, batch_size=32, seed=0, callbacks=[board])
    assert list(tmp_path.rglob("*tfevents*"))


def test_interruption_keeps_the_best_weights_and_the_history(digits):
    """Ctrl-C in the third epoch, whose losses rise: the weights of the best one are kept."""
    kept = []

    class Interrupt(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            kept.append(self.model.get_weights()[0])
            if epoch == 2:
                raise KeyboardInterrupt
            # Steps so large that the next epoch is worse.
            self.model.optimizer.learning_rate = 10.0

    model, history = small_model(), {}
    stopping = keras.callbacks.EarlyStopping("loss", patience=9, restore_best_weights=True)
    with pytest.raises(KeyboardInterrupt):
        train(
            model,
            resident(digits[:320]),
            epochs=9,
            batch_size=32,
            seed=0,
            callbacks=[stopping, Interrupt()],
            history=history,
        )
    assert len(history["loss"]) == 3
    best = int(np.argmin(history["loss"]))
    assert best < 2
    assert_array_equal(model.get_weights()[0], kept[best])


def test_a_loss_that_is_not_finite_ends_training(digits, caplog):
    class Poison(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                self.model.set_weights([w * np.nan for w in self.model.get_weights()])

    feed = resident(digits[:64])
    caplog.set_level(logging.WARNING, "aeviz")
    history = train(small_model(), feed, epochs=9, batch_size=32, seed=0, callbacks=[Poison()])
    assert len(history["loss"]) == 2
    assert "the loss of epoch 3 is not finite" in caplog.text
    model = small_model()
    model.set_weights([w * np.nan for w in model.get_weights()])
    with pytest.raises(FloatingPointError, match="the loss of the first epoch is nan"):
        train(model, feed, epochs=9, batch_size=32, seed=0)


@pytest.mark.slow
def test_order_of_samples_depends_on_the_seed(digits):
    for feed in (resident(digits[:200]), streamed(digits[:200])):
        runs = [small_model(), small_model(), small_model()]
        for model, seed in zip(runs, (0, 0, 1), strict=True):
            train(model, feed, epochs=2, batch_size=32, seed=seed)
        first, same, other = (model.get_weights()[0] for model in runs)
        assert_array_equal(first, same)
        assert not np.array_equal(first, other)
