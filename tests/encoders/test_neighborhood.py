"""Test what the neighbourhood autoencoder adds: samples decoded to their neighbours."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aeviz import NeighborhoodAutoencoder
from aeviz.encoders._engine.feeding import NeighborFeed, ResidentFeed
from aeviz.encoders.neighborhood import _neighbors
from tests.encoders.conftest import quick


def feed(share: float) -> NeighborFeed:
    """Return a feed of six samples, of which all but the third are trained on."""
    samples = np.arange(12, dtype=np.float32).reshape(6, 2)
    rows = np.array([0, 1, 3, 4, 5])
    neighbors = np.array([[1, 3], [0, 3], [4, 5], [3, 5], [3, 4]])
    return NeighborFeed(ResidentFeed(samples, rows), neighbors, share)


def targets_of(share: float, seed: int = 0) -> np.ndarray:
    (window,) = feed(share).epoch(np.random.default_rng(seed))
    return window.targets


def test_targets_are_neighbours_at_the_share_asked_for():
    assert targets_of(0.0).tolist() == [0, 1, 2, 3, 4, 5]
    every = targets_of(1.0)
    assert every[2] == 2, "a row that is not trained on has no neighbours"
    for row, near in zip(feed(1.0).resident.rows, feed(1.0).neighbors, strict=True):
        assert every[row] in near
    moved = [
        np.mean(targets_of(0.3, seed)[[0, 1, 3, 4, 5]] != [0, 1, 3, 4, 5]) for seed in range(400)
    ]
    # 2,000 draws with the chance 0.3: the standard error is 0.01.
    assert abs(np.mean(moved) - 0.3) < 0.04


def test_targets_are_new_in_every_epoch_and_the_same_for_a_seed():
    rng = np.random.default_rng(0)
    first, second = (next(iter(feed(0.5).epoch(rng))).targets for _ in range(2))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, targets_of(0.5))


def test_batch_holds_samples_targets_and_weights():
    resident = ResidentFeed(
        np.arange(3, dtype=np.float32)[:, None], np.arange(3), np.array([1, 2, 3], np.float32)
    )
    near = NeighborFeed(resident, np.array([[1], [2], [0]]), 1.0)
    (window,) = near.epoch(np.random.default_rng(0))
    samples, targets, weights = window.batch(np.array([2, 0]))
    assert (samples.ravel().tolist(), targets.ravel().tolist()) == ([2, 0], [0, 1])
    assert weights.tolist() == [3, 1]


def test_neighbours_are_exact_and_none_is_the_sample_itself():
    X = np.array([[0.0], [1.0], [3.0], [7.0]], np.float32)
    assert _neighbors(X, 1, seed=0).ravel().tolist() == [1, 0, 1, 2]
    assert _neighbors(X, 9, seed=0).shape == (4, 3), "as many as there are"
    wide = np.random.default_rng(0).normal(size=(60, 80)).astype(np.float32)
    assert _neighbors(wide, 5, seed=0).shape == (60, 5)


def test_samples_are_decoded_to_the_neighbours_that_they_were_trained_on():
    """Two samples over each corner of a cube, a low and a high one, and no other so near."""
    corners = np.stack(np.meshgrid(*[[0.1, 0.9]] * 4), axis=-1).reshape(-1, 4)
    low, high = (np.column_stack([corners, np.full(16, height)]) for height in (0.3, 0.7))
    X = np.concatenate([low, high]).astype(np.float32)
    height = {}
    for share in (0.0, 1.0):
        encoder = quick(
            "neighborhood", code_size=5, n_neighbors=1, neighbor_share=share, beta=0.0,
            hidden_sizes=(32,), epochs=300, learning_rate=0.01, validation_fraction=0.0,
        )  # fmt: skip
        height[share] = encoder.fit(X).inverse_transform(encoder.transform(X))[:, 4]
    np.testing.assert_allclose(height[0.0], X[:, 4], atol=0.1)
    np.testing.assert_allclose(height[1.0], 1.0 - X[:, 4], atol=0.1)


@pytest.mark.slow
def test_codes_of_digits_know_neighbours_better_than_those_of_the_deep_autoencoder():
    from aeviz import evaluate

    X, y = load_digits(return_X_y=True)
    X = (X / 16).astype(np.float32)
    scores = {}
    for kind in ("neighborhood", "deep"):
        code = quick(kind, epochs=30, hidden_sizes=(128,), code_size=16).fit_transform(X)
        scores[kind] = evaluate(X, code, y, metrics=["knn_accuracy"]).set_index("metric")["value"]
    assert scores["neighborhood"]["knn_accuracy"] > 0.96
    assert scores["neighborhood"]["knn_accuracy"] > scores["deep"]["knn_accuracy"]


@pytest.mark.slow
def test_data_read_block_by_block_are_decoded_to_themselves(tmp_path):
    X = np.random.default_rng(0).random((300, 5), dtype=np.float32)
    encoder = quick("neighborhood", code_size=2, memory_budget=2000, neighbor_share=1.0)
    alone = quick("neighborhood", code_size=2, memory_budget=2000, neighbor_share=0.0)
    np.testing.assert_array_equal(encoder.fit_transform(X), alone.fit_transform(X))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"neighbor_share": 1.5}, r"neighbor_share must be .*1.5"),
        ({"n_neighbors": 0}, r"n_neighbors must be .*0"),
        ({"beta": -1.0}, r"beta must be .*-1"),
    ],
)
def test_bad_parameters_are_refused_in_one_line(parameters, message):
    X = np.zeros((20, 4), np.float32)
    with pytest.raises(ValueError, match=message):
        NeighborhoodAutoencoder(2, **parameters).fit(X)


# -- shifts ------------------------------------------------------------------------------------


def shifted(images, share, *, training=True, seed=0):
    from aeviz.encoders._shifting import RandomShift

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


def test_codes_of_digits_do_not_depend_on_small_shifts():
    X = (load_digits().data / 16).astype(np.float32)
    moved = shifted(X.reshape(-1, 8, 8, 1), 0.06).reshape(X.shape)
    change = {}
    for shift in (0.0, 0.06):
        encoder = quick(
            "neighborhood", epochs=20, hidden_sizes=(64,), code_size=8, image_shape=(8, 8, 1),
            shift=shift, neighbor_share=0.0,
        ).fit(X)  # fmt: skip
        code = encoder.transform(X)
        change[shift] = np.abs(encoder.transform(moved) - code).mean() / code.std()
    assert change[0.06] < 0.9 * change[0.0]
