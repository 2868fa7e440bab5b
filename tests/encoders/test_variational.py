"""Test the variational encoder's bound, its warm-up and its two networks."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz import AevizError
from tests.encoders.conftest import quick


@pytest.fixture(scope="module")
def trained(digits):
    return quick("variational", epochs=6).fit(digits[:300])


def set_layer(encoder, name, kernel, bias):
    """Set a dense layer of the encoder to constants."""
    layer = encoder.encoder_.get_layer(name)
    shapes = [weight.shape for weight in layer.weights]
    layer.set_weights([np.full(shapes[0], kernel), np.full(shapes[1], bias)])


def test_the_bound_of_a_known_posterior(digits):
    """Mean 0 and log-variance −20: KL = −½ · 2 · (1 − 20 − e⁻²⁰) = 19, and every draw is 0."""
    encoder = quick("variational").fit(digits[:100])
    set_layer(encoder, "mean", 0.0, 0.0)
    set_layer(encoder, "log_variance", 0.0, -20.0)
    bound = encoder.elbo(digits[:50], n_draws=2)
    p = encoder.decode([[0.0, 0.0]]).astype(np.float64)
    entropy = -(digits[:50] * np.log(p) + (1 - digits[:50]) * np.log(1 - p)).sum(axis=1).mean()
    assert_allclose(bound["kl"], 19.0, rtol=1e-6)
    assert_allclose(bound["reconstruction"], entropy, rtol=1e-4)
    assert_allclose(bound["negative_elbo"], bound["kl"] + bound["reconstruction"], rtol=1e-12)
    assert bound["active_units"] == 0


def test_draws_cost_what_their_spread_loses(trained, digits):
    """The bound is above the loss of decoding the means, and settles as draws are added."""
    bounds = [trained.elbo(digits[:300], n_draws=40, random_state=seed) for seed in (1, 2)]
    assert_allclose(bounds[0]["negative_elbo"], bounds[1]["negative_elbo"], rtol=0.005)
    p = np.clip(trained.decode(trained.transform(digits[:300])), 1e-7, 1 - 1e-7)
    of_means = -(digits[:300] * np.log(p) + (1 - digits[:300]) * np.log(1 - p)).sum(axis=1).mean()
    assert bounds[0]["reconstruction"] > of_means
    assert trained.elbo(digits[:9]) == trained.elbo(digits[:9])


def test_a_unit_that_follows_the_samples_is_active(trained, digits):
    assert trained.elbo(digits[:300])["active_units"] == 2


def test_gaussian_data_have_a_bound_in_standard_units(digits):
    X = digits[:200] * 300 - 40
    encoder = quick("variational").fit(X)
    scaled = encoder.scaling_.transform(X)
    bound = encoder.elbo(X, n_draws=20)
    back = encoder.scaling_.transform(encoder.decode(encoder.transform(X)))
    of_means = 0.5 * np.square(scaled - back).sum(axis=1).mean()
    assert of_means < bound["reconstruction"] < 2 * of_means


def test_warmup_raises_the_weight_in_training_only(digits):
    """With 3 epochs of warm-up the weights are ¼, ½, ¾ and then 1; held out it is always 1."""
    encoder = quick("variational", epochs=6, warmup_epochs=3, beta=2.0).fit(digits[:300])
    history = {name: np.array(values) for name, values in encoder.history_.items()}
    weights = 2.0 * np.array([0.25, 0.5, 0.75, 1, 1, 1])
    assert_allclose(history["loss"], history["reconstruction"] + weights * history["kl"], rtol=1e-3)
    held_out = history["val_reconstruction"] + 2.0 * history["val_kl"]
    assert_allclose(history["val_loss"], held_out, rtol=1e-4)
    assert encoder.best_epoch_ == 3 + int(np.argmin(history["val_loss"][3:]))
    assert float(encoder.encoder_.get_layer("latent").warmth) == 1.0


def test_warmup_longer_than_training_keeps_the_last_epoch(digits):
    encoder = quick("variational", epochs=3, warmup_epochs=9).fit(digits[:100])
    assert encoder.best_epoch_ == 2
    assert float(encoder.encoder_.get_layer("latent").warmth) == 1.0
    with pytest.raises(ValueError, match="warmup_epochs must be at least 0, got -1"):
        quick("variational", warmup_epochs=-1).fit(digits[:100])


@pytest.mark.slow
def test_divergence_in_the_warmup_leaves_no_broken_network(digits):
    """Before the warm-up ends there were no best weights to go back to, and NaN was kept."""

    class Break(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                # All of them: on some processors a rectifier makes 0 of NaN.
                weights = self.model.get_weights()
                self.model.set_weights([np.full_like(one, np.nan) for one in weights])

    encoder = quick("variational", epochs=6, warmup_epochs=5).set_params(callbacks=[Break()])
    with pytest.raises(AevizError, match="training diverged: the loss after epoch 2 is not finite"):
        encoder.fit(digits[:100])
    assert not hasattr(encoder, "autoencoder_")


@pytest.mark.slow
def test_warmup_keeps_more_units_in_use(digits):
    """Measured before and after, for each of two seeds: ten dimensions under a large weight."""
    for seed in (0, 1):
        options = {"code_size": 10, "beta": 4.0, "epochs": 40, "random_state": seed}
        cold = quick("variational", **options, hidden_sizes=(64,)).fit(digits)
        warm = quick("variational", **options, hidden_sizes=(64,), warmup_epochs=20).fit(digits)
        units = [encoder.elbo(digits)["active_units"] for encoder in (cold, warm)]
        assert units[1] >= units[0]


@pytest.mark.slow
def test_a_convolutional_one_draws_samples(digits):
    encoder = quick("variational", network="convolutional", image_shape=(8, 8, 1), epochs=2)
    encoder.fit(digits[:100])
    drawn = encoder.sample(3, random_state=0)
    assert drawn.shape == (3, 64)
    assert_array_equal(drawn, encoder.sample(3, random_state=0))
    assert "PatchConv2D" in {type(layer).__name__ for layer in encoder.decoder_.layers}
