"""What the samples of an array are taken as: images, series or rows of a table."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from aeviz import AevizError, load_dataset
from aeviz.data._array_layout import array_layout
from aeviz.data.card import DataCard
from aeviz.data.formats.base import ReadOptions
from aeviz.data.prepared import data_card, prepare
from tests.data._files import save_npy, save_npz

RNG = np.random.default_rng(0)


def layout(shape, dtype="f4", **options):
    return array_layout(shape, np.dtype(dtype), what="X", options=ReadOptions(**options))


@pytest.mark.parametrize(
    ("shape", "dtype", "image_shape"),
    [
        ((50, 28, 28), "u1", (28, 28, 1)),
        ((50, 5, 4), "u1", (5, 4, 1)),
        ((50, 4, 16), ">u2", (4, 16, 1)),
        ((50, 8, 8), "f8", (8, 8, 1)),
        ((50, 16, 12), "i8", (16, 12, 1)),
        ((50, 32, 32, 3), "f4", (32, 32, 3)),
        ((50, 3, 32, 32), "f4", (32, 32, 3)),
        ((50, 1, 28, 28), "f4", (28, 28, 1)),
        ((50, 28, 28, 1), "?", (28, 28, 1)),
    ],
)
def test_what_looks_like_images(shape, dtype, image_shape):
    found = layout(shape, dtype)
    assert found.image_shape == image_shape
    assert found.array_shape is None
    is_obvious = np.dtype(dtype).itemsize < 3 or image_shape[0] == image_shape[1]
    assert (found.note == "") == is_obvious


@pytest.mark.parametrize(
    ("shape", "dtype", "n_steps", "n_channels"),
    [
        ((240, 24, 2), "f4", 24, 2),
        ((240, 24, 2), "u1", 24, 2),
        ((240, 128, 9), "f8", 128, 9),
        ((240, 3, 100), "f8", 100, 3),
        ((240, 100, 1), "f8", 100, 1),
        ((240, 1, 100), "f8", 100, 1),
        ((240, 1, 22, 250), "f4", 250, 22),
        ((240, 128, 6, 1), "f4", 128, 6),
    ],
)
def test_what_looks_like_series(shape, dtype, n_steps, n_channels):
    found = layout(shape, dtype)
    assert found.series_shape == (n_steps, n_channels)
    assert found.image_shape is None
    channels = f"{n_channels} channel{'s' * (n_channels > 1)}"
    assert f"a series of {n_steps} steps and {channels}" in found.note
    assert "(--as)" in found.note


@pytest.mark.parametrize(
    "shape", [(50, 5, 4), (50, 20, 9, 10), (50, 100, 45), (50, 2, 2), (50, 4, 8, 8, 3), (50, 0, 9)]
)
def test_what_looks_like_neither_is_refused_until_it_is_said(shape):
    with pytest.raises(AevizError, match=r"with kind=images, kind=series or kind=table"):
        layout(shape)
    assert layout(shape, kind="table").n_features == np.prod(shape[1:])
    assert layout(shape, kind="table").note == ""
    assert layout(shape, kind="series").series_shape is not None
    if len(shape) < 5:
        assert layout(shape, kind="images").image_shape[:2] in (shape[1:3], shape[2:4])


def test_images_of_many_channels_say_where_they_are():
    assert layout((9, 64, 64, 10), kind="images").image_shape == (64, 64, 10)
    found = layout((9, 10, 64, 64), kind="images")
    assert found.image_shape == (64, 64, 10)
    assert "64 × 64 pixels with 10 channels" in found.note
    with pytest.raises(AevizError, match=r"kind=images needs an array \(n, height, width\)"):
        layout((50, 784), kind="images")


def test_features_of_series_are_named_in_the_order_of_the_array():
    last = layout((9, 12, 2)).feature_names
    assert last[:3] == ("step 0 channel 0", "step 0 channel 1", "step 1 channel 0")
    first = layout((9, 2, 12)).feature_names
    assert first[:2] == ("step 0 channel 0", "step 1 channel 0")
    assert sorted(first) == sorted(last)


SERIES = RNG.normal(size=(60, 24, 2)) * [1, 1000]


def saved(folder, values, kind):
    """Return a source of some kind that holds an array."""
    if kind == "array":
        return values
    if kind == "npy":
        return save_npy(folder / "a.npy", values)
    if kind == "npz":
        return save_npz(folder / "a.npz", data=values)
    with h5py.File(folder / "a.h5", "w") as file:
        file["data"] = values
    return folder / "a.h5"


@pytest.mark.parametrize("kind", ["array", "npy", "npz", "hdf5"])
def test_every_source_of_arrays_takes_the_kind(kind, tmp_path):
    """A series was one grey picture, in which the small channel vanished."""
    source = saved(tmp_path, SERIES, kind)
    series = load_dataset(source)
    np.testing.assert_array_equal(series.X, SERIES.reshape(60, 48))
    assert series.feature_names[-1] == "step 23 channel 1"
    assert series.image_shape is None
    assert any("a series of 24 steps and 2 channels" in note for note in series.notes)
    table = load_dataset(source, kind="table")
    assert (table.feature_names, table.image_shape) == (None, None)
    assert load_dataset(source, kind="images").image_shape == (24, 2, 1)
    # Every feature is scaled by itself, so the channels are.
    scaled = prepare(series, seed=0).X
    np.testing.assert_allclose(scaled.std(axis=0), 1, atol=0.3)


@pytest.mark.parametrize("kind", [None, "series", "table", "images"])
def test_later_samples_are_read_as_the_fitted_ones(kind):
    card = data_card(prepare(load_dataset(SERIES, kind=kind), seed=0), source="a")
    card = DataCard.from_json(vars(card))
    later = load_dataset(SERIES[:3], **card.reading)
    assert later.image_shape == card.image_shape
    assert later.array_shape == card.array_shape
    np.testing.assert_array_equal(later.X, SERIES[:3].reshape(3, 48))
    if kind != "images":
        turned = SERIES.transpose(0, 2, 1)
        with pytest.raises(AevizError, match=r"samples of shape \(2, 24\); accepted: \(24, 2\)"):
            load_dataset(turned, **card.reading)


def test_later_images_are_images_whatever_their_values():
    """Pixels as floats of another size would be refused, or be a series."""
    images = RNG.integers(0, 255, (40, 6, 5), dtype=np.uint8)
    card = data_card(prepare(load_dataset(images), seed=0), source="a")
    assert load_dataset(images[:4] / 1.0, **card.reading).image_shape == (6, 5, 1)


def test_order_and_byte_order_change_nothing():
    for values in (np.asfortranarray(SERIES), SERIES.astype(">f8"), SERIES[::-1][::-1]):
        found = load_dataset(values)
        np.testing.assert_array_equal(found.X, SERIES.reshape(60, 48))
        assert found.X.flags.c_contiguous
        assert found.X.dtype.isnative
