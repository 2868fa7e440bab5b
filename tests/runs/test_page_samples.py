"""Test what a run keeps of single samples, and in which order."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from aeviz.data.prepared import prepare
from aeviz.data.scaling import Scaling
from aeviz.encoders.identity import IdentityEncoder
from aeviz.encoders.pca import PCAEncoder
from aeviz.runs.page_samples import LIMITS, Browsable, PageLimits, read_decoder, write_decoder
from tests._runs import digits, table


def kept(dataset, points, n_embeddings=1, limits=LIMITS):
    return Browsable.of(
        prepare(dataset, seed=0),
        np.asarray(points, np.float32),
        n_embeddings=n_embeddings,
        limits=limits,
    )


def grid(side):
    """Return the points of a grid in a mixed order."""
    points = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)
    return np.random.default_rng(0).permutation(points).astype(np.float32)


def test_order_is_a_z_curve_through_the_first_picture():
    # The four quarters follow each other, and within each its four: x is the lower bit.
    points = grid(4)
    found = kept(table(16), points)
    assert sorted(found.rows) == list(range(16))
    quarters = points[found.rows].reshape(4, 4, 2)
    steps = [[0, 0], [1, 0], [0, 1], [1, 1]]
    assert_array_equal(quarters[0], steps)
    assert_array_equal(quarters[:, 0] / 2, steps)


def test_any_even_choice_covers_the_picture():
    points = grid(16)
    chosen = points[kept(table(256), points).rows[::16]] // 4
    assert len(np.unique(chosen, axis=0)) == 16


def test_picture_without_extent_keeps_the_order_of_the_data():
    found = kept(table(12), np.full((12, 2), 3.5))
    assert_array_equal(found.rows, np.arange(12))


def test_more_points_than_fit_are_drawn_at_random():
    points = grid(16)
    found = kept(table(256), points, n_embeddings=2, limits=PageLimits(points=100))
    assert len(found.rows) == len(set(found.rows)) == 50
    # Not by place or order: all quarters of the picture and of the data are there.
    assert len(np.unique(points[found.rows] // 8, axis=0)) == 4
    assert set(found.rows // 64) == {0, 1, 2, 3}
    assert_array_equal(
        found.rows, kept(table(256), points, n_embeddings=2, limits=PageLimits(points=100)).rows
    )


def test_tables_keep_the_features_that_fit():
    dataset = table(40, 90)
    found = kept(dataset, dataset.X[:, :2])
    assert_array_equal(found.columns, np.arange(64))
    assert found.images is None
    assert found.X.dtype == dataset.X.dtype == float
    assert_array_equal(found.X, dataset.X[found.rows, :64])
    few = kept(dataset, dataset.X[:, :2], limits=PageLimits(feature_bytes=4 * 40 * 5))
    assert_array_equal(few.columns, np.arange(5))
    assert_array_equal(
        kept(dataset, dataset.X[:, :2], limits=PageLimits(feature_bytes=1)).columns, [0]
    )


@pytest.mark.parametrize("dataset", [digits(60), table(60)], ids=["images", "table"])
def test_what_is_written_is_read(dataset, tmp_path):
    found = kept(dataset, dataset.X[:, 3:5])
    found.write(tmp_path)
    again = Browsable.read(tmp_path)
    for name in ("rows", "columns", "X"):
        assert_array_equal(getattr(again, name), getattr(found, name))
    if dataset.is_image:
        assert again.images.sheets == found.images.sheets
        assert (again.images.width_px, again.images.height_px) == (8, 8)
        assert_array_equal(again.images.rows, np.arange(60))
        assert again.X.shape == (60, 0)
    else:
        assert again.images is None


def test_folder_of_a_former_version_has_nothing(tmp_path):
    assert Browsable.read(tmp_path) is None
    assert Browsable.read(tmp_path / "missing") is None
    assert read_decoder(tmp_path / "missing") == (None, "the run was made without it")


def test_decoders_are_in_the_units_of_the_source(tmp_path):
    dataset = table(60)
    scaling = Scaling.fit(dataset, np.ones(60, bool))
    X = scaling.transform(dataset.X)
    encoder = PCAEncoder(4).fit(X)
    code = encoder.transform(X)
    write_decoder(tmp_path / "pca", encoder, code, scaling)
    portable, why = read_decoder(tmp_path / "pca")
    assert why == ""
    expected = scaling.inverse_transform(encoder.inverse_transform(code))
    assert np.abs((portable.run(code) - expected) / scaling.scale).max() < 1e-3


def test_decoders_that_cannot_run_say_why(tmp_path):
    X = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
    scaling = Scaling.fit(table(30, 5), np.ones(30, bool))
    write_decoder(tmp_path / "identity", IdentityEncoder().fit(X), X, scaling)
    assert read_decoder(tmp_path / "identity") == (None, "IdentityEncoder has no decoder")
    encoder = PCAEncoder(2).fit(X)
    write_decoder(tmp_path / "pca", encoder, encoder.transform(X), scaling, max_weights=10)
    portable, why = read_decoder(tmp_path / "pca")
    assert portable is None
    assert why == "it has 15 weights, more than the 10 that a page holds"
