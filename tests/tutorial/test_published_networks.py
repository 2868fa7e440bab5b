"""Test that the networks are those that were published, and that they can be trained and kept."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz.tutorial._model_numbers import decoded, encoded
from aeviz.tutorial._published_networks import PUBLISHED, PublishedSample, train_published
from aeviz.tutorial.chapters.base import KINDS
from aeviz.tutorial.folder import TutorialFolder

# Worked out by hand from the published layers: (inputs + 1) · outputs for a dense one,
# (9 · channels in + 1) · channels out for a convolution of 3 × 3.
PARAMETERS = {
    "simple": 785 * 32 + 33 * 784,
    "sparse": 785 * 32 + 33 * 784,
    "deep": 785 * 128 + 129 * 64 + 65 * 32 + 33 * 64 + 65 * 128 + 129 * 784,
    "convolutional": 10 * 16 + 145 * 8 + 73 * 8 + 73 * 8 + 73 * 8 + 73 * 16 + 145 * 1,
    "denoising": 10 * 32 + 289 * 32 + 289 * 32 + 289 * 32 + 289 * 1,
    "variational": 785 * 256 + 2 * 257 * 2 + 3 * 256 + 257 * 784,
}
CODE_SIZES = {
    "simple": 32,
    "sparse": 32,
    "deep": 32,
    "convolutional": 4 * 4 * 8,
    "denoising": 7 * 7 * 32,
    "variational": 2,
}


def test_kinds_are_the_tutorials():
    assert tuple(PUBLISHED) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_and_shapes(kind):
    model = PUBLISHED[kind].build(0)
    # Generators of random numbers keep their state in variables that are no parameters.
    assert sum(int(np.prod(w.shape)) for w in model.trainable_weights) == PARAMETERS[kind]
    assert model.encoder.output_shape == (None, CODE_SIZES[kind])
    assert model.decoder.output_shape == (None, 784)
    assert (model.corruption is not None) == (kind == "denoising")
    output = model(np.full((3, 784), 0.5, np.float32))
    assert output.shape == (3, 784)
    assert (np.asarray(output) >= 0).all()
    assert (np.asarray(output) <= 1).all()


def test_published_penalty_by_hand():
    """For mean 1 and s = log 2: −½ · (1 + log 2 − 1 − 2) = 1 − ½ log 2, the mean over the code."""
    layer = PublishedSample(seed=0)
    mean, s = np.ones((4, 2), np.float32), np.full((4, 2), np.log(2), np.float32)
    drawn = np.asarray(layer([mean, s]))
    assert_allclose(float(layer.losses[0]), 1 - np.log(2) / 2, rtol=1e-6)
    many = np.asarray(layer([np.ones((20_000, 2), np.float32), np.full((20_000, 2), np.log(2))]))
    assert drawn.shape == (4, 2)
    assert_allclose(many.std(), 2.0, rtol=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_training_lowers_the_loss_and_the_model_can_be_kept(kind, images, tmp_path):
    published = PUBLISHED[kind]
    model, history = train_published(published, images.X, images.X_test, epochs=3, seed=0)
    assert set(history) >= {"loss", "val_loss"}
    assert len(history["loss"]) == 3
    assert history["loss"][-1] < history["loss"][0]
    folder = TutorialFolder(tmp_path)
    folder.begin({})
    folder.save_published(kind, model, history, seconds=1.5)
    again = folder.load_published(kind)
    assert folder.published_history(kind) == history
    assert folder.seconds(f"published {kind}") == 1.5
    codes = encoded(model, images.X_test)
    assert codes.shape == (len(images.X_test), CODE_SIZES[kind])
    assert_allclose(encoded(again, images.X_test), codes, rtol=1e-5, atol=1e-6)
    assert_allclose(decoded(again, codes), decoded(model, codes), rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_network(images):
    losses = [
        train_published(PUBLISHED["simple"], images.X, images.X_test, epochs=2, seed=seed)[1]
        for seed in (3, 3, 4)
    ]
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


@pytest.mark.slow
def test_codes_of_the_variational_network_are_means(images):
    """A draw for every look would give another picture every time."""
    model = PUBLISHED["variational"].build(0)
    assert_array_equal(encoded(model, images.X_test), encoded(model, images.X_test))
    assert (model.encode(images.X_test) != model.encode(images.X_test)).any()
