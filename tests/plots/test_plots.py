"""Test figures by the artists that are in them."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from aeviz.plots._theme import DARK, LIGHT, class_colors
from aeviz.plots.bars import bars
from aeviz.plots.curves import curves
from aeviz.plots.images import image_grid
from aeviz.plots.scatter import scatter


@pytest.fixture
def ax():
    """Give axes that no pyplot knows of."""
    return Figure().subplots()


def test_scatter_draws_every_sample_in_its_class_colour(ax):
    points = np.arange(20.0).reshape(10, 2)
    labels = np.array(["x", "y"] * 5)
    assert scatter(points, labels, ax=ax, classes=["y", "x"]) is ax
    (dots,) = ax.collections
    drawn = np.asarray(dots.get_offsets())
    assert_allclose(drawn[np.argsort(drawn[:, 0])], points)
    palette = class_colors(["y", "x"])
    for (x, _), color in zip(drawn, dots.get_facecolors(), strict=True):
        label = labels[int(x) // 2]
        assert_allclose(color[:3], to_rgb(palette[label]), atol=1e-6)
    assert ax.get_aspect() == 1.0


def test_ticks_only_where_axes_mean_something(ax):
    scatter(np.random.default_rng(0).normal(size=(9, 2)), ax=ax)
    assert len(ax.get_xticks()) == 0
    other = Figure().subplots()
    scatter(np.random.default_rng(0).normal(size=(9, 2)), ax=other, has_meaningful_axes=True)
    assert len(other.get_xticks()) > 2


def test_continuous_labels_use_the_colour_map(ax):
    values = np.linspace(0, 1, 12)
    scatter(np.zeros((12, 2)), values, ax=ax)
    assert_allclose(np.sort(np.asarray(ax.collections[0].get_array())), values)


@pytest.mark.parametrize("n_classes", [1, 10, 20, 26, 100])
def test_class_colours_are_all_different(n_classes):
    names = [f"c{i}" for i in range(n_classes)]
    colors = {name: to_rgb(color) for name, color in class_colors(names).items()}
    assert list(colors) == names
    values = np.array(list(colors.values()))
    distances = np.linalg.norm(values[:, None] - values[None], axis=-1)
    assert n_classes == 1 or distances[~np.eye(n_classes, dtype=bool)].min() > 0.02


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_has_enough_contrast_with_the_paper(theme):
    """WCAG's AA asks for 4.5 between text and background."""

    def luminance(color):
        c = np.array(to_rgb(color))
        linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    for color in (theme.ink, theme.muted):
        high, low = sorted([luminance(color), luminance(theme.paper)], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_curves_draw_training_and_held_out(ax):
    curves({"loss": [3, 2, 1], "val_loss": [4, 3, 2.5]}, "loss", ax=ax, best_epoch=2)
    first, second, marker = ax.lines
    assert_allclose(first.get_ydata(), [3, 2, 1])
    assert_allclose(second.get_ydata(), [4, 3, 2.5])
    assert_allclose(first.get_xdata(), [1, 2, 3])
    assert_allclose(marker.get_xdata(), [3, 3])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "held out"]


def test_curve_without_held_out_samples(ax):
    curves({"loss": [3, 2, 1]}, "loss", ax=ax)
    assert len(ax.lines) == 1


def test_image_grid_places_images_with_gaps_and_dark_ink(ax):
    images = np.zeros((1, 2, 2, 3, 1))
    images[0, 1] = 1.0
    image_grid(images, ax=ax, gap=1)
    sheet = np.asarray(ax.images[0].get_array())
    assert sheet.shape == (2, 7, 4)
    assert_allclose(sheet[:, :3, :3], 1.0)
    assert_allclose(sheet[:, 4:, :3], 0.0)
    assert_allclose(sheet[:, 3, 3], 0.0)


def test_colour_images_keep_their_colours(ax):
    images = np.zeros((1, 1, 2, 2, 3))
    images[..., 0] = 1.0
    image_grid(images, ax=ax)
    assert_allclose(np.asarray(ax.images[0].get_array())[..., :3], images[0, 0])


def test_bars_have_one_bar_a_feature_and_method(ax):
    bars({"PCA": np.array([1.0, 2.0]), "deep": np.array([3.0, 4.0])}, ["top", "low"], ax=ax)
    drawn = [patch for patch in ax.patches if patch.get_width() > 0]
    assert sorted(patch.get_width() for patch in drawn) == [1.0, 2.0, 3.0, 4.0]
    first, last = (min(drawn, key=lambda p: p.get_y()), max(drawn, key=lambda p: p.get_y()))
    assert (first.get_width(), last.get_width()) == (1.0, 4.0)
    assert ax.yaxis_inverted()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["top", "low"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["PCA", "deep"]


def test_drawing_leaves_the_global_style_alone(ax):
    before = dict(mpl.rcParams)
    with mpl.rc_context(DARK.rc):
        scatter(np.zeros((3, 2)), ax=ax)
    assert dict(mpl.rcParams) == before
