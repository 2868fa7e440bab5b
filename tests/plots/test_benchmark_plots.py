"""Test figures of a benchmark by the artists that are in them."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.testing import assert_allclose

from aeviz.plots.costs import CostPoint, pareto, pareto_legend_px
from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.rows import rank_dots, rank_dots_height_px
from aeviz.plots.theme import DARK, LIGHT, PALETTE

POINTS = [
    CostPoint("PCA", "t-SNE", 1.0, 0.8, is_on_front=True),
    CostPoint("PCA", "UMAP", 3.0, 0.7),
    CostPoint("Deep autoencoder", "t-SNE", 40.0, 0.9, 0.85, 0.95, is_on_front=True),
]


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request):
    """Draw under each theme."""
    with mpl.rc_context(request.param.rc):
        yield request.param


def drawn_pareto(**options):
    top = pareto_legend_px(POINTS)
    ax = pixel_axes(new_figure(508, 330 + top), left=58, right=14, top=top, bottom=42)
    return pareto(POINTS, ax=ax, **options)


def test_points_of_cost_and_quality(theme):
    ax = drawn_pareto(ylabel="Trustworthiness")
    marks = [line for line in ax.lines if line.get_linestyle() == "None"]
    found = [(float(m.get_xdata()[0]), float(m.get_ydata()[0])) for m in marks]
    assert found == [(p.seconds, p.quality) for p in POINTS]
    assert marks[0].get_color() == marks[1].get_color() == PALETTE[0]
    assert marks[0].get_marker() == marks[2].get_marker() != marks[1].get_marker()
    is_filled = [to_rgb(m.get_markerfacecolor()) == to_rgb(m.get_color()) for m in marks]
    assert is_filled == [True, False, True]
    assert ax.get_xscale() == "log"
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["PCA", "Deep autoencoder", "t-SNE", "UMAP"]
    written = {text.get_text() for text in ax.texts}
    assert written == {"PCA → t-SNE", "Deep autoencoder → t-SNE"}


def test_nothing_of_it_is_clipped(theme):
    ax = drawn_pareto()
    ax.figure.canvas.draw()
    box = ax.figure.bbox
    for artist in (*ax.texts, ax.get_legend(), ax.xaxis.label):
        extent = artist.get_window_extent()
        assert extent.x0 >= box.x0 - 1
        assert extent.x1 <= box.x1 + 1
        assert extent.y1 <= box.y1 + 1


def test_lower_is_better_turns_the_axis_round(theme):
    low, high = drawn_pareto(higher_is_better=False).get_ylim()
    assert low > high


def test_ranks_are_in_order_with_their_bars(theme):
    ranks = np.array([2.5, 1.0, 2.5])
    ax = pixel_axes(new_figure(508, rank_dots_height_px(3)), left=90, right=14, bottom=40)
    rank_dots(["a", "b", "c"], ranks, groups=[(0, 1), (1, 2)], critical=1.2, ax=ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b", "a", "c"]
    (dots,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert_allclose(dots.get_xdata(), [1.0, 2.5, 2.5])
    bars = [
        line for line in ax.lines if line.get_marker() != "o" and len(set(line.get_xdata())) == 1
    ]
    assert len(bars) == 2
    assert ax.texts[0].get_text() == "critical difference 1.20"


def test_critical_difference_beyond_the_axis_says_so(theme):
    ax = pixel_axes(new_figure(508, rank_dots_height_px(2)), left=90, right=14, bottom=40)
    rank_dots(["a", "b"], np.array([1.0, 2.0]), critical=7.0, ax=ax)
    assert "beyond the axis" in ax.texts[0].get_text()
    _, high = ax.get_xlim()
    for line in ax.lines:
        assert line.get_xdata().max() <= high
