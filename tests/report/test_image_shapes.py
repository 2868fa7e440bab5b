"""Test that images of any shape are drawn at a size that can be seen, and held in memory."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz.core.registry import SECTIONS
from aeviz.page.drawing import draw
from aeviz.plots.image_lists import Outlier, image_rows, outlier_images
from aeviz.plots.images import ImageScale, image_grid
from aeviz.plots.thumbnails import Thumbnails, make_thumbnails
from tests._runs import digits, make_run

# Height and width; arrays of time series are read as images too.
SHAPES = [(1, 28), (4, 64), (128, 6), (1000, 1), (1, 200)]
SECTIONS_WITH_IMAGES = (
    "data",
    "reconstruction",
    "denoising",
    "outliers",
    "faithfulness",
    "latent",
)
PAIRS = (("pca", "tsne"), ("denoising", "umap"), ("variational", "latent"))


def images(shape, n=60):
    """Return waves along the pixels, of several lengths."""
    places = np.linspace(0, 6, np.prod(shape))
    waves = np.sin(places * (np.arange(n)[:, None] % 4 + 1) + np.arange(n)[:, None])
    return np.round(127 * (waves + 1)).astype(np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES, ids="{0[0]}x{0[1]}".format)
def test_every_figure_of_images_is_drawn(tmp_path, shape):
    """A latent plane of 4 × 64 pixels had no height left; one of 1000 × 1 exhausted memory."""
    dataset = digits(60, X=images(shape), image_shape=(*shape, 1))
    run = make_run(tmp_path / "run", dataset, pairs=PAIRS)
    n_drawn = 0
    for name in SECTIONS_WITH_IMAGES:
        content = SECTIONS.get(name).build(run)
        for figure in (*content.figures(), *content.files):
            if figure.name.startswith(("false_", "missed_", "class_", "shepard_", "latent_")):
                continue
            drawn = draw(figure, tmp_path)
            assert 8 <= drawn.height_px <= 1100, figure.name
            assert 100 <= drawn.width_px <= 1100, figure.name
            n_drawn += 1
    assert n_drawn >= 12


@pytest.mark.parametrize("shape", SHAPES, ids="{0[0]}x{0[1]}".format)
def test_a_side_is_drawn_at_most_four_times_as_long_as_the_other(shape):
    X = images(shape)
    scale = ImageScale(X, (*shape, 1))
    height, width = scale.drawn
    assert scale.unit(X).shape == (60, height, width)
    assert max(height / width, width / height) <= 4
    assert max(height, width) <= 320
    assert scale.is_widened
    ax = image_grid(X[:10], scale, n_columns=5)
    assert np.asarray(ax.images[0].get_array()).shape == (2 * height + 1, 5 * width + 4)
    for figure in (
        image_rows({"original": X, "given back": X}, scale),
        outlier_images([Outlier("a", "b", X[0], X[1])] * 10, scale),
    ):
        width_px, height_px = figure.get_size_inches() * 100
        assert 100 < width_px < 1500
        assert 50 < height_px < 3000


def test_pixels_are_repeated_along_the_short_side_and_averaged_along_the_long_one():
    # 1 × 640: every two are one, of which 80 rows make a quarter of the width.
    X = np.arange(640.0)[None] % 2 + np.arange(640)[None] // 2
    scale = ImageScale(X, (1, 640, 1))
    drawn = scale.unit(X)[0]
    assert drawn.shape == scale.drawn == (80, 320)
    np.testing.assert_allclose(drawn, np.tile((np.arange(320) + 0.5) / 320, (80, 1)), rtol=1e-5)


@pytest.mark.parametrize("shape", [(28, 28, 1), (8, 24, 3), (40, 10, 1)])
def test_usual_images_are_drawn_pixel_by_pixel(shape):
    X = np.random.default_rng(0).random((3, np.prod(shape)))
    X[0, :2] = 0, 1
    scale = ImageScale(X, shape)
    assert scale.drawn == shape[:2]
    assert not scale.is_widened
    np.testing.assert_allclose(
        scale.unit(X), X.reshape(3, *shape)[..., : 3 if shape[2] == 3 else 1].squeeze(), rtol=1e-6
    )


def test_new_thumbnails_have_the_size_of_those_of_a_former_version():
    """Former versions made thumbnails of 1 × 200 pixels one pixel high."""
    X = images((1, 200))
    former = Thumbnails((), 64, 1, np.arange(60))
    found = make_thumbnails(
        lambda rows: X[rows],
        60,
        ImageScale(X, (1, 200, 1)),
        budget_bytes=1_000_000,
        beside=former,
    )
    assert (found.height_px, found.width_px) == (1, 64)
    assert len(found.rows) == 60
