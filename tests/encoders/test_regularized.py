"""Test what the regularised autoencoder adds: codes that do not depend on small shifts."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aeviz import RegularizedAutoencoder
from tests.encoders.conftest import quick


@pytest.mark.slow
def test_codes_of_digits_know_neighbours_better_than_those_of_pca():
    from aeviz import evaluate
    from aeviz.encoders.pca import PCAEncoder

    X, y = load_digits(return_X_y=True)
    X = (X / 16).astype(np.float32)
    encoder = RegularizedAutoencoder(image_shape=(8, 8, 1), epochs=60, random_state=0)
    found = {}
    for name, code in (("own", encoder.fit_transform(X)), ("pca", PCAEncoder().fit_transform(X))):
        scores = evaluate(X, code, y, metrics=["knn_accuracy"])
        found[name] = float(scores["value"][0])
    assert found["own"] > found["pca"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"shift": 1.5}, r"shift must be .*1.5"),
        ({"beta": -1.0}, r"beta must be .*-1"),
    ],
)
def test_bad_parameters_are_refused_in_one_line(parameters, message):
    X = np.zeros((20, 4), np.float32)
    with pytest.raises(ValueError, match=message):
        RegularizedAutoencoder(2, **parameters).fit(X)


# -- shifts ------------------------------------------------------------------------------------


def shifted(images, share, *, training=True, seed=0):
    from aeviz.encoders.networks.random_shift import RandomShift

    layer = RandomShift(images.shape[1:], share, seed=seed)
    flat = images.reshape(len(images), -1)
    return np.asarray(layer(flat, training=training)).reshape(images.shape)


def test_shift_moves_a_ramp_by_what_it_has_drawn_and_repeats_the_edge():
    """A ramp of slope 1 down and 10 across: its rise tells by how much it was moved."""
    down, across = np.mgrid[0:9, 0:7].astype(np.float32)
    ramps = np.repeat((down + 10 * across)[None, :, :, None], 300, axis=0)
    moved = shifted(ramps, 0.2)
    rise = (moved - ramps)[:, 3:6, 2:5, 0]  # far enough from every edge
    np.testing.assert_allclose(rise, np.broadcast_to(rise[:, :1, :1], rise.shape), atol=1e-4)
    steps = rise[:, 0, 0] / 10  # the shift across, and a tenth of that down
    assert np.abs(steps).max() <= 0.2 * 7 + 0.1 * 0.2 * 9 + 1e-4
    assert abs(steps.mean()) < 0.2
    assert steps.std() == pytest.approx(0.2 * 7 / np.sqrt(3), rel=0.15)
    assert moved.min() >= 0
    assert moved.max() <= ramps.max() + 1e-4


def test_shift_does_nothing_outside_training_and_keeps_channels_apart():
    images = np.random.default_rng(0).random((5, 6, 6, 3), dtype=np.float32)
    np.testing.assert_array_equal(shifted(images, 0.3, training=False), images)
    images[..., 1] = 0.25
    moved = shifted(images, 0.3)
    np.testing.assert_allclose(moved[..., 1], 0.25, atol=1e-6)
    assert not np.allclose(moved[..., 0], images[..., 0])


@pytest.mark.slow
def test_codes_of_digits_do_not_depend_on_small_shifts():
    X = (load_digits().data / 16).astype(np.float32)
    moved = shifted(X.reshape(-1, 8, 8, 1), 0.06).reshape(X.shape)
    change = {}
    for shift in (0.0, 0.06):
        encoder = quick(
            "regularized", epochs=20, hidden_sizes=(64,), code_size=8, image_shape=(8, 8, 1),
            shift=shift,
        ).fit(X)  # fmt: skip
        code = encoder.transform(X)
        change[shift] = np.abs(encoder.transform(moved) - code).mean() / code.std()
    assert change[0.06] < 0.9 * change[0.0]
