"""Test what is special to the simple, the sparse and the denoising encoder."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA

from aeviz.core.registry import ENCODERS
from aeviz.encoders.networks.layers import BatchStandardisation
from tests.encoders.conftest import quick


@pytest.mark.slow
def test_a_simple_linear_code_spans_the_principal_subspace():
    """Three strong directions of ten: both subspaces agree to a degree."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 3)) @ rng.normal(size=(3, 10)) + 0.05 * rng.normal(size=(600, 10))
    encoder = quick("simple", code_size=3, epochs=150, learning_rate=0.02).fit(X)
    scaled = encoder.scaling_.transform(X.astype(np.float32))
    kernel = encoder.decoder_.get_layer("reconstruction").get_weights()[0]
    angles = subspace_angles(kernel.T, PCA(3).fit(scaled).components_.T)
    assert np.degrees(angles).max() < 1.0


def test_a_simple_network_is_one_layer_in_and_one_out(digits):
    encoder = quick("simple", code_size=5, code_activation="relu").fit(digits[:100])
    assert encoder.autoencoder_.count_params() == 64 * 5 + 5 + 5 * 64 + 64
    assert encoder.transform(digits[:100]).min() == 0.0


@pytest.mark.slow
def test_the_penalty_makes_codes_sparser(digits):
    """Measured before and after: a stronger penalty, more zeros and a larger loss."""
    near, losses = [], []
    for l1 in (0.0, 0.01):
        encoder = quick("sparse", code_size=16, l1=l1, epochs=40, learning_rate=0.01).fit(digits)
        code = encoder.transform(digits)
        assert code.min() == 0.0
        assert (code.max(axis=0) > 0).all()
        near.append(float((code < 0.01 * code.max(axis=0)).mean()))
        losses.append(min(encoder.history_["val_reconstruction"]))
    assert near[1] > near[0] + 0.1
    assert losses[1] > losses[0]


def test_the_penalty_is_of_the_code_and_in_nats(digits):
    """Loss − reconstruction = n_features · l1 · mean over samples of Σ code."""
    encoder = quick("sparse", l1=0.01, epochs=2, validation_fraction=0.5).fit(digits[:200])
    history = encoder.history_
    found = encoder.autoencoder_.evaluate(digits[:200], digits[:200], verbose=0, return_dict=True)
    code = encoder.transform(digits[:200])
    penalty = found["loss"] - found["reconstruction"]
    assert_allclose(penalty, 64 * 0.01 * code.sum(axis=1).mean(), rtol=1e-3)
    assert set(history) >= {"loss", "reconstruction", "val_loss", "val_reconstruction"}


@pytest.mark.slow
@pytest.mark.parametrize("noise", ["gaussian", "masking", "salt_and_pepper"])
@pytest.mark.parametrize("network", ["dense", "convolutional"])
def test_noise_is_taken_away(digits, noise, network):
    """Measured before and after: held-out samples are nearer to the clean ones once restored."""
    encoder = ENCODERS.get("denoising")(
        noise=noise,
        network=network,
        image_shape=(8, 8, 1),
        hidden_sizes=(64,),
        filters=(16,),
        epochs=25,
        learning_rate=0.01,
        random_state=0,
    ).fit(digits[:1400])
    clean = digits[1400:]
    noisy = encoder.corrupt(clean, random_state=1)
    restored = encoder.inverse_transform(encoder.transform(noisy))
    errors = [np.square(values - clean).mean() for values in (noisy, restored)]
    assert errors[1] < 0.6 * errors[0]
    assert_array_equal(noisy, encoder.corrupt(clean, random_state=1))
    assert not np.array_equal(noisy, encoder.corrupt(clean, random_state=2))


@pytest.mark.slow
def test_a_short_last_batch_does_not_spoil_the_sparse_code(digits):
    """One sample left over at an epoch's end weighed a tenth in the running moments."""
    X = digits[:1217]
    encoder = quick("sparse", batch_size=64, epochs=40, validation_fraction=0).fit(X)
    layers = encoder.encoder_.layers
    (normalised,) = [layer for layer in layers if isinstance(layer, BatchStandardisation)]
    values = keras.Model(encoder.encoder_.input, normalised.input)(X)
    true = keras.ops.convert_to_numpy(values).var(axis=0)
    running = keras.ops.convert_to_numpy(normalised.variance)
    assert_allclose((running / true).mean(), 1.0, atol=0.05)


def test_held_out_loss_is_that_of_restoring(digits):
    """With noise that hides everything the network cannot do better than the mean."""
    encoder = quick("denoising", noise="masking", strength=1.0, network="dense", epochs=30)
    encoder.set_params(learning_rate=0.01).fit(digits)
    mean = np.clip(digits.mean(axis=0), 1e-7, 1 - 1e-7)
    of_mean = -(digits * np.log(mean) + (1 - digits) * np.log(1 - mean)).sum(axis=1).mean()
    assert_allclose(min(encoder.history_["val_loss"]), of_mean, rtol=0.03)


def test_noise_of_standardised_data_is_in_deviations(digits):
    """Salt and pepper are two deviations from the mean; Gaussian noise is not clipped."""
    X = digits[:300] * 1000
    encoder = quick("denoising", noise="salt_and_pepper", strength=1.0, network="dense").fit(X)
    scaled = encoder.scaling_.transform(encoder.corrupt(X))
    assert_allclose(np.abs(scaled), 2.0, rtol=1e-3)
    encoder = quick("denoising", noise="gaussian", strength=3.0, network="dense").fit(X)
    noise = encoder.scaling_.transform(encoder.corrupt(X)) - encoder.scaling_.transform(X)
    assert_allclose(noise.std(), 3.0, rtol=0.02)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"noise": "blur"}, "noise must be one or several of gaussian, masking, salt_and_pepper"),
        ({"noise": 3}, "noise must be one or several of .*, got 3"),
        ({"noise": ()}, "noise must be one or several of"),
        ({"noise": ("masking", "gaussian"), "strength": 1.5}, "at most 1 but for gaussian alone"),
        ({"strength": 0}, r"strength must be in \(0, inf\), got 0"),
    ],
)
def test_wrong_noise_is_told(digits, options, message):
    with pytest.raises(ValueError, match=message):
        quick("denoising", **options).fit(digits[:50])


def test_a_negative_penalty_is_told(digits):
    with pytest.raises(ValueError, match=r"l1 must be in \[0, inf\), got -1"):
        quick("sparse", l1=-1).fit(digits[:50])
