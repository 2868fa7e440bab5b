"""Test the sheets of single samples, and the colours of shares, by their artists."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import DPI, new_figure
from aeviz.plots.grid import legend
from aeviz.plots.image_lists import (
    NEIGHBORS_PX,
    Neighbors,
    Outlier,
    neighbor_images,
    outlier_images,
)
from aeviz.plots.images import ImageScale, mosaic
from aeviz.plots.maps import scatter
from aeviz.plots.theme import DARK, LIGHT

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
X = np.random.default_rng(0).uniform(size=(20, 12))
SCALE = ImageScale(X, (3, 4, 1))


def drawn(ax):
    """Return the values of the one image of some axes."""
    (image,) = ax.get_images()
    return image.get_array()


def texts(figure):
    return [text.get_text() for text in figure.texts]


# -- colours of shares -------------------------------------------------------------------------


@THEMES
def test_high_shares_stand_out_from_the_paper_and_none_is_lost(theme):
    """The contrast grows all the way, by lightness alone, from what can just be seen."""
    colors = theme.emphatic()(np.linspace(0, 1, 30))[:, :3]
    paper = np.array(mpl.colors.to_rgb(theme.paper))

    def luminance(rgb):
        rgb = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return rgb @ [0.2126, 0.7152, 0.0722]

    light, of_paper = luminance(colors), luminance(paper)
    contrast = (np.maximum(light, of_paper) + 0.05) / (np.minimum(light, of_paper) + 0.05)
    assert (np.diff(contrast) > 0).all()
    assert contrast[0] > 1.25
    assert contrast[-1] > 12


@THEMES
def test_shares_have_the_same_colours_whatever_else_there_is(theme):
    with mpl.rc_context(theme.rc):
        few, many = Coloring.of_shares([0.0, 0.4]), Coloring.of_shares([0.4, 1.0, 0.0])
        assert_array_equal(few.sample_colors()[1], many.sample_colors()[0])
        assert_allclose(many.sample_colors(), theme.emphatic()([0.4, 1.0, 0.0])[:, :3])
        assert (few.low, few.high, few.is_clipped) == (0.0, 1.0, False)
        ax = scatter(np.arange(6.0).reshape(3, 2), many)
        faces = ax.collections[0].get_facecolors()[:, :3]
        order = np.random.default_rng(0).permutation(3)
        assert_allclose(faces, many.sample_colors()[order])
        labels = Coloring.of_values([0.0, 0.4, 1.0])
        assert_allclose(labels.color_map().colors, theme.continuous().colors)


def test_legend_of_shares_has_their_colours():
    with mpl.rc_context(LIGHT.rc):
        shares = Coloring.of_shares([0.2])
        (inset,) = legend(shares, ax=new_figure(300, 60).add_subplot()).child_axes
        (bar,) = inset.get_images()
        assert_allclose(bar.cmap.colors, LIGHT.emphatic().colors)
        assert list(bar.get_extent()[:2]) == [0.0, 1.0]


# -- sheets ------------------------------------------------------------------------------------


@THEMES
def test_samples_stand_beside_both_kinds_of_neighbours(theme):
    shown = [Neighbors(f"sample {i}", X[i], X[4:10], X[10:16]) for i in range(3)]
    with mpl.rc_context(theme.rc):
        figure = neighbor_images(shown, SCALE)
    assert len(figure.axes) == 9
    for i, one in enumerate(shown):
        for ax, images in zip(
            figure.axes[3 * i : 3 * i + 3], (one.sample[None], X[4:10], X[10:16]), strict=True
        ):
            expected = mosaic(SCALE.unit(images), n_columns=len(images))
            assert_array_equal(drawn(ax).filled(np.nan), expected)
    assert texts(figure)[::3] == ["sample 0", "sample 1", "sample 2"]
    assert texts(figure)[1:3] == ["in the map", "in the data"]
    assert figure.get_size_inches()[0] * DPI == NEIGHBORS_PX


def test_nothing_on_a_sheet_of_neighbours_overlaps():
    for shape in ((3, 4, 1), (12, 1, 1), (1, 12, 1), (2, 2, 3)):
        scale = ImageScale(X, shape)
        figure = neighbor_images([Neighbors("a", X[0], X[:6], X[:6])] * 3, scale)
        figure.canvas.draw()
        boxes = [ax.get_window_extent() for ax in figure.axes]
        boxes += [text.get_window_extent() for text in figure.texts]
        for i, one in enumerate(boxes):
            assert one.x0 >= -1
            assert one.y0 >= -1
            assert one.x1 <= NEIGHBORS_PX + 1
            for other in boxes[i + 1 :]:
                wide = min(one.x1, other.x1) - max(one.x0, other.x0)
                high = min(one.y1, other.y1) - max(one.y0, other.y0)
                assert min(wide, high) <= 1, (shape, one, other)


def test_outliers_stand_beside_what_comes_back_with_two_lines():
    shown = [Outlier(f"{i} ({'x' * 30})", "error 0.1", X[i], X[i + 1]) for i in range(7)]
    figure = outlier_images(shown, SCALE)
    assert len(figure.axes) == 7
    for i, ax in enumerate(figure.axes):
        expected = mosaic(SCALE.unit(X[i : i + 2]), n_columns=2)
        assert_array_equal(drawn(ax).filled(np.nan), expected)
    assert texts(figure)[1::2] == ["error 0.1"] * 7
    assert texts(figure)[0] == "0 (" + "x" * 13 + "…"
    tops = {round(ax.get_position().y1, 6) for ax in figure.axes}
    assert len(tops) == 2
