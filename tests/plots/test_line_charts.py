"""Test the figures of the section across scales by the artists that are in them."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from numpy.testing import assert_allclose

from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.line_charts import neighborhood_curves, shepard_diagram
from aeviz.plots.theme import DARK, LIGHT, PALETTE


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def ax(request):
    """Give axes that no pyplot knows of, in either theme."""
    with mpl.rc_context(request.param.rc):
        yield pixel_axes(new_figure(400, 400), left=40, bottom=60)


def test_scales_draw_lines_on_a_log_axis_with_the_others_behind(ax):
    sizes = np.array([1, 10, 100])
    named = {"deep": np.array([0.5, 0.4, 0.0]), "_pca": np.array([0.3, 0.2, -0.1])}
    neighborhood_curves(
        sizes, named, ax=ax, style_numbers=[3, 1], others=[np.zeros(3)], limits=(-0.2, 0.6)
    )
    deep, pca, other, chance = ax.lines
    assert_allclose(deep.get_ydata(), [0.5, 0.4, 0.0])
    assert (deep.get_color(), pca.get_color()) == (PALETTE[3], PALETTE[1])
    assert other.get_zorder() < pca.get_zorder()
    assert_allclose(chance.get_ydata(), 0.0)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["deep", " _pca"]
    assert (ax.get_xscale(), ax.get_xlim(), ax.get_ylim()) == ("log", (1, 100), (-0.2, 0.6))


def test_scales_of_three_samples_have_one_size(ax):
    neighborhood_curves(np.array([1]), {"deep": np.array([-1.0])}, ax=ax)
    assert ax.get_xlim() == (1, 2)


def test_shepard_shows_the_density_and_the_median_of_common_distances(ax):
    density = np.zeros((4, 4))
    density[1, 0], density[1, 2], density[1, 3] = 0.2, 0.2, 0.1
    density[2, 3], density[3, 0] = 0.4995, 0.0005
    shepard_diagram(density, ax=ax)
    (image,), (median,) = ax.images, ax.lines
    assert_allclose(image.get_array(), density.T)
    assert_allclose(median.get_xdata(), [0.375, 0.625])
    assert_allclose(median.get_ydata(), [0.625, 0.875])
