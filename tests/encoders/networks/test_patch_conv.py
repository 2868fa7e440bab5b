"""Compare the convolution by patches to the function that Keras's layers compute."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose

from aeviz.encoders.networks.patch_conv import PatchConv2D

FACTORS = (
    {},
    {"strides": 2},
    {"strides": 3},
    {"pool_size": 2},
    {"pool_size": 3},
    {"up_size": 2},
    {"up_size": 3},
)


def by_keras(filters, kernel_size, shape, *, padding, strides=1, pool_size=1, up_size=1):
    """Return the same with Keras's own layers, and the convolution among them."""
    convolution = layers.Conv2D(filters, kernel_size, strides=strides, padding=padding)
    parts = [keras.Input(shape), layers.UpSampling2D(up_size), convolution, layers.ReLU()]
    if pool_size > 1:
        parts.append(layers.MaxPooling2D(pool_size, padding="same"))
    return keras.Sequential(parts), convolution


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("factors", FACTORS, ids=str)
def test_outputs_are_those_of_keras(factors, padding):
    """Every kernel from 1 to 5, on even and odd images of three channels."""
    rng = np.random.default_rng(0)
    for kernel_size, shape in itertools.product((1, 2, 3, 5), ((8, 8, 3), (7, 9, 3), (5, 6, 3))):
        ours = PatchConv2D(
            4, kernel_size, padding=padding, activation="relu", arithmetic="patches", **factors
        )
        theirs, convolution = by_keras(4, kernel_size, shape, padding=padding, **factors)
        ours.build((None, *shape))
        weights = [rng.normal(size=w.shape) for w in ours.get_weights()]
        ours.set_weights(weights)
        convolution.set_weights(weights)
        images = rng.normal(size=(2, *shape)).astype(np.float32)
        expected = keras.ops.convert_to_numpy(theirs(images))
        assert ours.compute_output_shape(images.shape) == expected.shape
        for ours.arithmetic in ("patches", "keras"):
            outputs = keras.ops.convert_to_numpy(ours(images))
            assert_allclose(outputs, expected, rtol=1e-4, atol=1e-4)


def networks():
    """Return two equal small convolutional autoencoders, of patches and of Keras's layers."""
    x = y = inputs = keras.Input((14, 14, 1))
    x = PatchConv2D(6, pool_size=2, activation="relu", arithmetic="patches")(x)
    x = PatchConv2D(4, pool_size=2, activation="relu", arithmetic="patches")(x)
    x = PatchConv2D(6, up_size=2, padding="valid", activation="relu", arithmetic="patches")(x)
    x = PatchConv2D(6, up_size=3, padding="valid", activation="relu", arithmetic="patches")(x)
    x = PatchConv2D(1, 3, padding="valid", activation="sigmoid", arithmetic="patches")(x)
    y = layers.MaxPooling2D(2, padding="same")(
        layers.Conv2D(6, 3, activation="relu", padding="same")(y)
    )
    y = layers.MaxPooling2D(2, padding="same")(
        layers.Conv2D(4, 3, activation="relu", padding="same")(y)
    )
    y = layers.Conv2D(6, 3, activation="relu")(layers.UpSampling2D(2)(y))
    y = layers.Conv2D(6, 3, activation="relu")(layers.UpSampling2D(3)(y))
    y = layers.Conv2D(1, 3, activation="sigmoid")(y)
    return keras.Model(inputs, x), keras.Model(inputs, y)


@pytest.mark.slow
def test_training_is_that_of_keras(digits):
    """Losses of ten steps on real images, whose flat background makes ties in every window."""
    images = np.pad(digits[:64].reshape(-1, 8, 8, 1), [(0, 0), (3, 3), (3, 3), (0, 0)])
    ours, theirs = networks()
    ours.set_weights(theirs.get_weights())
    assert [w.shape for w in ours.get_weights()] == [w.shape for w in theirs.get_weights()]
    target = theirs(images) * 0.0 + keras.ops.mean(images)
    losses = []
    for model in (ours, theirs):
        model.compile(keras.optimizers.SGD(0.5), "mse", jit_compile=model is ours)
        losses.append([float(model.train_on_batch(images, target)) for _ in range(10)])
    assert_allclose(losses[0], losses[1], rtol=1e-4)
    assert losses[0][-1] < losses[0][0]


def test_saved_and_loaded_it_is_the_same(tmp_path):
    model, _ = networks()
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    images = np.random.default_rng(0).uniform(size=(3, 14, 14, 1)).astype(np.float32)
    assert_allclose(np.asarray(again(images)), np.asarray(model(images)))
    assert again.layers[1].get_config() == model.layers[1].get_config()


def test_two_factors_at_once_are_refused():
    with pytest.raises(ValueError, match="at most one of strides, pool_size and up_size"):
        PatchConv2D(4, strides=2, up_size=2)
