"""Hold the training engine to Keras's own arithmetic and protocol."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz.encoders._autoencoder import Autoencoder, bernoulli_loss
from aeviz.encoders._networks import dense_decoder, dense_stack
from aeviz.encoders._training import train


def small_model(seed: int = 0) -> keras.Model:
    """Return a compiled autoencoder 64-16-4 whose weights depend on the seed only."""
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((64,))
    code = keras.layers.Dense(4)(dense_stack(inputs, (16,), activation="relu"))
    decoder = dense_decoder(4, (16,), 64, activation="relu", loss="bernoulli")
    model = Autoencoder(keras.Model(inputs, code), decoder)
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss=bernoulli_loss)
    return model


@pytest.mark.parametrize("weighted", [False, True])
def test_losses_and_weights_are_those_of_fit(digits, weighted):
    """Epoch by epoch, with the same order of batches and a last batch that is not full."""
    X, held_out = digits[:330], digits[330:400]
    weights = np.random.default_rng(1).uniform(0, 2, len(X)).astype(np.float32)
    weights = weights if weighted else None
    ours, theirs = small_model(), small_model()
    history = train(
        ours, X, validation=held_out, sample_weight=weights, epochs=4, batch_size=32, seed=5
    )
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

    history = train(
        small_model(), digits[:64], epochs=9, batch_size=32, seed=0, callbacks=[Listener()]
    )
    logged = ["learning_rate", "loss"]
    assert heard == ["begin", (0, logged), (1, logged), "end"]
    assert len(history["loss"]) == 2


def test_order_of_samples_depends_on_the_seed(digits):
    runs = [small_model(), small_model(), small_model()]
    for model, seed in zip(runs, (0, 0, 1), strict=True):
        train(model, digits[:200], epochs=2, batch_size=32, seed=seed)
    first, same, other = (model.get_weights()[0] for model in runs)
    assert_array_equal(first, same)
    assert not np.array_equal(first, other)
