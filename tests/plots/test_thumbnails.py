"""Test sheets of small images by what comes out of them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from aeviz.plots.images import ImageScale
from aeviz.plots.thumbnails import N_COLUMNS, PER_SHEET, make_thumbnails

PLENTY = 10_000_000


def made(X, shape, budget_bytes=PLENTY):
    """Return small images and the pixels of each that is there, in its place of the sheets."""
    found = make_thumbnails(
        lambda rows: X[rows], len(X), ImageScale(X, shape), budget_bytes=budget_bytes
    )
    sheets = [np.asarray(Image.open(io.BytesIO(sheet))) for sheet in found.sheets]
    height, width = found.height_px, found.width_px
    tiles = []
    for i in range(len(found.rows)):
        row, column = divmod(i % PER_SHEET, N_COLUMNS)
        sheet = sheets[i // PER_SHEET]
        tiles.append(
            sheet[row * height : (row + 1) * height, column * width : (column + 1) * width]
        )
    return found, np.array(tiles)


def drawings(n, side=8):
    """Return images of ink on an empty ground: a column of pixels, a different one in each."""
    X = np.zeros((n, side, side), np.float32)
    X[np.arange(n), :, np.arange(n) % side] = 4
    X[np.arange(n), np.arange(n) % side // 2, 0] = 4
    return X.reshape(n, -1)


def noise(n, shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, size=(n, np.prod(shape))).astype(np.uint8)


def test_drawings_come_out_as_they_went_in():
    X = drawings(40)
    found, tiles = made(X, (8, 8, 1))
    assert_array_equal(found.rows, np.arange(40))
    assert_array_equal(tiles[..., 0], (X.reshape(-1, 8, 8) / 4 * 255))
    assert_array_equal(tiles[..., 0], tiles[..., 2])


def test_images_follow_each_other_over_several_sheets():
    X = drawings(PER_SHEET + 5)
    found, tiles = made(X, (8, 8, 1))
    assert len(found.sheets) == 2
    assert_array_equal(tiles[..., 0], (X.reshape(-1, 8, 8) / 4 * 255))


def test_photographs_keep_their_colours():
    X = np.repeat(np.arange(6, dtype=np.uint8)[:, None] * 51, 20 * 30 * 3, axis=1)
    X.reshape(6, 20, 30, 3)[..., 0] = 255
    found, tiles = made(X, (20, 30, 3))
    assert (found.height_px, found.width_px) == (20, 30)
    middle = tiles[:, 10, 15].astype(int)
    assert np.abs(middle - X.reshape(6, 20, 30, 3)[:, 10, 15]).max() < 12


def test_large_images_are_made_small_in_their_shape():
    found, tiles = made(noise(3, (100, 200, 1)), (100, 200, 1))
    assert (found.height_px, found.width_px) == (32, 64)
    assert tiles.shape[1:3] == (32, 64)


@pytest.mark.parametrize("shape", [(1, 1, 1), (10, 40, 3), (3, 2, 2), (5, 4, 4)])
def test_images_of_odd_shapes_are_drawn(shape):
    found, tiles = made(noise(4, shape), shape)
    assert (found.height_px, found.width_px) == shape[:2]
    assert len(tiles) == 4


def test_images_of_one_value_are_drawn():
    _, tiles = made(np.full((3, 16), 7.0, np.float32), (4, 4, 1))
    assert len(np.unique(tiles)) == 1


def test_budget_is_kept_by_size_before_number():
    X = noise(300, (32, 32, 1))
    best, _ = made(X, (32, 32, 1))
    size = sum(map(len, best.sheets))
    smaller, _ = made(X, (32, 32, 1), budget_bytes=size // 2)
    assert len(smaller.rows) == 300
    assert sum(map(len, smaller.sheets)) <= size // 2


def test_budget_is_kept_by_leaving_out_evenly_at_last():
    X = noise(400, (32, 32, 1))
    found, tiles = made(X, (32, 32, 1), budget_bytes=10_000)
    n = len(found.rows)
    assert 10 < n < 400
    assert sum(map(len, found.sheets)) < 15_000
    assert (found.rows[0], found.rows[-1]) == (0, 399)
    assert np.ptp(np.diff(found.rows)) <= 1
    assert len(tiles) == n
    assert found.width_px >= 16
    one, _ = made(X, (32, 32, 1), budget_bytes=1)
    assert_array_equal(one.rows, [0])


def test_drawings_lose_shades_before_size():
    """Sixteen shades of strokes look like 256; half the pixels do not."""
    rng = np.random.default_rng(0)
    X = np.where(rng.random((200, 256)) < 0.5, 0, rng.random((200, 256))).astype(np.float32)
    full, tiles = made(X, (16, 16, 1))
    budget = sum(map(len, full.sheets)) * 2 // 3
    fewer, coarse = made(X, (16, 16, 1), budget_bytes=budget)
    assert (fewer.width_px, len(fewer.rows)) == (16, 200)
    assert len(np.unique(coarse)) <= 16 < len(np.unique(tiles))
