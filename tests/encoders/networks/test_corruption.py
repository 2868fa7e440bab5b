"""Test the noise of denoising networks: what it does, when, and from which seed."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz.encoders.networks.autoencoder import Autoencoder, gaussian_loss
from aeviz.encoders.networks.corruption import KINDS, Corruption
from aeviz.encoders.training.engine import train
from aeviz.encoders.training.feeds import ResidentFeed


def corrupt(x, *args, **kwargs):
    layer = Corruption(*args, seed=0, **kwargs)
    return keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(x), training=True))


@pytest.fixture
def grey():
    return np.full((2000, 30), 0.5, np.float32)


def test_each_kind_does_what_it_says(grey):
    free = corrupt(grey, ["gaussian"], 0.25, clips=False)
    assert_allclose([free.mean(), free.std()], [0.5, 0.25], atol=0.005)
    clipped = corrupt(grey, ["gaussian"], 0.5)
    assert clipped.min() == 0
    assert clipped.max() == 1
    masked = corrupt(grey, ["masking"], 0.3)
    assert set(np.unique(masked)) == {0, 0.5}
    assert_allclose((masked == 0).mean(), 0.3, atol=0.01)
    salted = corrupt(grey, ["salt_and_pepper"], 0.3, limits=(-1.0, 2.0))
    assert set(np.unique(salted)) == {-1, 0.5, 2}
    assert_allclose([(salted == -1).mean(), (salted == 2).mean()], 0.15, atol=0.01)


def test_mixed_noise_is_of_one_kind_a_sample(grey):
    noisy = corrupt(grey, KINDS, 0.4)
    is_masked = (np.isin(noisy, [0, 0.5])).all(axis=1)
    is_salted = (np.isin(noisy, [0, 0.5, 1])).all(axis=1) & ~is_masked
    is_gaussian = ~is_masked & ~is_salted
    assert_allclose([is_masked.mean(), is_salted.mean(), is_gaussian.mean()], 1 / 3, atol=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_happens_outside_training(kind, grey):
    layer = Corruption([kind])
    assert_array_equal(keras.ops.convert_to_numpy(layer(grey)), grey)


def denoiser(seed):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((64,))
    x = Corruption(KINDS, 0.3, seed=seed)(inputs)
    encoder = keras.Model(inputs, keras.layers.Dense(8)(x))
    code = keras.Input((8,))
    model = Autoencoder(encoder, keras.Model(code, keras.layers.Dense(64)(code)))
    model.compile(keras.optimizers.Adam(0.01), gaussian_loss)
    return model


def test_the_engine_draws_it_in_the_graph_from_the_seed(digits):
    """Equal seeds give equal weights; the noise differs between batches and from other seeds."""
    feed = ResidentFeed(digits[:128], np.arange(128))
    models = [denoiser(seed) for seed in (1, 1, 2)]
    for model in models:
        before = model.get_weights()[0].copy()
        history = train(model, feed, epochs=3, batch_size=32, seed=0)
        assert history["loss"][-1] < history["loss"][0]
        assert not np.array_equal(model.get_weights()[0], before)
    kernels = [model.trainable_variables[0].numpy() for model in models]
    assert_array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[0], kernels[2])
    state = models[0].encoder.layers[1].seed_generator.state
    assert_array_equal(state, models[1].encoder.layers[1].seed_generator.state)
    fresh = denoiser(1).encoder.layers[1].seed_generator.state
    assert not np.array_equal(state, fresh)


def test_saved_and_loaded_it_is_the_same(tmp_path):
    model = denoiser(1)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    assert again.encoder.layers[1].get_config() == model.encoder.layers[1].get_config()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kinds": ["blur"]}, "kinds must be some of gaussian, masking, salt_and_pepper; got"),
        ({"kinds": []}, "kinds must be some of"),
        ({"strength": 0.0}, "strength must be above 0, and at most 1"),
        ({"kinds": ["masking"], "strength": 1.5}, "got 1.5"),
    ],
)
def test_wrong_parameters_are_told(arguments, message):
    with pytest.raises(ValueError, match=message):
        Corruption(**arguments)
