"""Test figures by the artists that are in them."""

from __future__ import annotations

import json
import warnings
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from numpy.testing import assert_allclose

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import drawable, new_figure, pixel_axes
from aeviz.plots.grid import Panel, embedding_grid, legend
from aeviz.plots.image_lists import image_rows
from aeviz.plots.images import ImageScale, feature_plane, image_grid, manifold, mosaic
from aeviz.plots.line_charts import histograms, loss_curves
from aeviz.plots.maps import point_style, scatter
from aeviz.plots.rows import class_counts, feature_dots, score_dots, value_counts
from aeviz.plots.theme import DARK, LIGHT, PALETTE, class_colors

# sRGB to Oklab, and what the three kinds of missing cones make of linear sRGB.
TO_LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]
SEEN_BY = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colors):
    c = np.array([to_rgb(color) for color in colors])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    high, low = sorted(linear([one, other]) @ [0.2126, 0.7152, 0.0722], reverse=True)
    return (high + 0.05) / (low + 0.05)


def smallest_distance(colors, matrix):
    rgb = np.clip(linear(colors) @ np.transpose(matrix), 0, 1)
    lab = np.cbrt(rgb @ np.transpose(TO_LMS)) @ np.transpose(TO_LAB)
    distances = np.linalg.norm(lab[:, None] - lab[None], axis=-1)
    return distances[~np.eye(len(lab), dtype=bool)].min()


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def ax(request):
    """Give axes that no pyplot knows of, in either theme."""
    with mpl.rc_context(request.param.rc):
        yield pixel_axes(new_figure(400, 400), left=40, bottom=40)


# -- colours and text --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vision", "least"),
    [("normal", 0.13), ("protanopia", 0.08), ("deuteranopia", 0.077), ("tritanopia", 0.096)],
)
def test_first_ten_colours_are_told_apart_by_every_eye(vision, least):
    assert smallest_distance(PALETTE[:10], SEEN_BY[vision]) > least
    assert smallest_distance(PALETTE, SEEN_BY[vision]) > 0.04


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_with_the_paper(theme):
    """WCAG's AA asks for 4.5 between text and background; points must only be seen."""
    assert min(contrast(color, theme.paper) for color in (theme.ink, theme.muted)) >= 4.5
    assert min(contrast(color, theme.paper) for color in PALETTE) >= 1.7
    ends = theme.continuous()([0.0, 1.0])
    assert min(contrast(tuple(end[:3]), theme.paper) for end in ends) >= 1.2


@pytest.mark.parametrize("n_classes", [0, 1, 10, 26, 30, 31, 100, 1000])
def test_class_colours_keep_their_place(n_classes):
    colors = class_colors(n_classes)
    assert len(colors) == n_classes
    assert colors == class_colors(n_classes + 5)[:n_classes]
    assert all(one != other for one, other in pairwise(colors))
    if n_classes <= 100:
        assert len(set(colors)) == n_classes


def test_drawable_text_is_short_and_visible():
    assert drawable("\u202eabc\u202c\x00") == "abc"
    assert drawable(" \t\n") == "(empty)"
    assert len(drawable("x" * 10_000)) == 24


def test_drawing_leaves_the_global_style_alone():
    before = dict(mpl.rcParams)
    with mpl.rc_context(DARK.rc):
        scatter(np.zeros((3, 2)))
    assert dict(mpl.rcParams) == before


# -- colorings ---------------------------------------------------------------------------------


def test_colours_that_the_source_has_are_those_of_all_figures(ax):
    given = ["#ff0000", "#00ff00"]
    coloring = Coloring.of_classes(["b", "a", "b"], ["b", "a"], colors=given)
    assert coloring.colors == given
    np.testing.assert_array_equal(coloring.sample_colors(), [[1, 0, 0], [0, 1, 0], [1, 0, 0]])
    bars = class_counts(coloring, ax=ax).patches
    assert [to_hex(bar.get_facecolor()) for bar in bars] == given
    assert Coloring.of_classes(["b", "a"]).colors == class_colors(2)


def test_coloring_of_classes_follows_the_names_given():
    coloring = Coloring.of_classes(["b", None, "a", "b"], ["b", "c", "a"])
    assert coloring.codes.tolist() == [0, -1, 2, 0]
    assert coloring.counts().tolist() == [2, 0, 1]
    assert coloring.n_missing == 1
    with mpl.rc_context(LIGHT.rc):
        colors = coloring.sample_colors()
    assert_allclose(colors[0], to_rgb(PALETTE[0]))
    assert_allclose(colors[1], to_rgb(LIGHT.missing))
    assert_allclose(colors[2], to_rgb(PALETTE[2]))


def test_coloring_of_values_is_not_ruled_by_an_outlier():
    values = np.r_[np.linspace(0, 1, 500), 1e6, np.nan]
    coloring = Coloring.of_values(values)
    assert coloring.high < 2
    assert coloring.is_clipped
    assert coloring.n_missing == 1
    with mpl.rc_context(LIGHT.rc):
        colors = coloring.sample_colors()
    assert_allclose(colors[-1], to_rgb(LIGHT.missing))
    assert_allclose(colors[-2], LIGHT.continuous()(1.0)[:3])


def test_coloring_of_a_constant_or_of_nothing():
    assert Coloring.of_values([3.0, 3.0]).sample_colors().shape == (2, 3)
    assert Coloring.of_values([np.nan, np.nan]).kind == "none"


# -- scatter -----------------------------------------------------------------------------------


def test_scatter_draws_every_sample_in_its_class_colour(ax):
    points = np.arange(20.0).reshape(10, 2)
    labels = ["x", "y"] * 5
    assert scatter(points, Coloring.of_classes(labels, ["y", "x"]), ax=ax) is ax
    (dots,) = ax.collections
    drawn = np.asarray(dots.get_offsets())
    assert_allclose(drawn[np.argsort(drawn[:, 0])], points)
    expected = {"y": to_rgb(PALETTE[0]), "x": to_rgb(PALETTE[1])}
    for (x, _), color in zip(drawn, dots.get_facecolors(), strict=True):
        assert_allclose(color[:3], expected[labels[int(x) // 2]], atol=1e-6)
    assert ax.get_aspect() == 1.0
    assert dots.get_rasterized()


def test_scatter_does_not_draw_class_by_class(ax):
    """Drawn in order, the last class would cover the others."""
    labels = np.repeat(["a", "b"], 50)
    scatter(np.random.default_rng(0).normal(size=(100, 2)), Coloring.of_classes(labels), ax=ax)
    drawn = ax.collections[0].get_facecolors()[:, 0]
    assert 20 < np.sum(drawn[1:] != drawn[:-1]) < 80


def test_scatter_writes_short_names_at_the_densest_place(ax):
    rng = np.random.default_rng(0)
    points = np.r_[rng.normal(0, 0.1, (60, 2)), rng.normal(5, 0.1, (9, 2)), [[9.0, 9.0]]]
    coloring = Coloring.of_classes(["a"] * 60 + ["b"] * 9 + ["a"])
    scatter(points, coloring, ax=ax)
    places = {text.get_text(): np.array(text.get_position()) for text in ax.texts}
    assert set(places) == {"a", "b"}
    assert np.linalg.norm(places["a"]) < 1
    assert np.linalg.norm(places["b"] - 5) < 1


@pytest.mark.parametrize(
    "names", [[f"{i}" for i in range(31)], ["a name that is far too long", "b"], ["one"]]
)
def test_scatter_leaves_names_out_where_they_would_not_help(ax, names):
    points = np.random.default_rng(0).normal(size=(len(names) * 3, 2))
    scatter(points, Coloring.of_classes(names * 3, names), ax=ax)
    assert not ax.texts


def test_ticks_only_where_axes_mean_something(ax):
    points = np.random.default_rng(0).normal(size=(9, 2))
    scatter(points, ax=ax)
    assert len(ax.get_xticks()) == 0
    assert len(scatter(points, ticks=True).get_xticks()) > 2


def test_points_shrink_as_they_become_many():
    styles = [point_style(n) for n in (100, 1_800, 70_000, 1_000_000)]
    assert styles == sorted(styles, reverse=True)
    assert styles[-1][0] >= 1.25
    assert styles[-1][1] >= 0.45


def test_scatter_says_which_shapes_it_takes(ax):
    with pytest.raises(ValueError, match=r"shape \(n_samples, 2\), got \(4, 3\)"):
        scatter(np.zeros((4, 3)), ax=ax)
    with pytest.raises(ValueError, match="coloring must be of 4 samples, as embedding, got 5"):
        scatter(np.zeros((4, 2)), Coloring.none(5), ax=ax)


# -- curves, dots, counts ----------------------------------------------------------------------


def test_curves_draw_and_name_each_series(ax):
    loss_curves(
        {"training": [3, 2, 1], "validation": [4, 3, 2.5]}, ax=ax, best_epoch=3, ylabel="nats"
    )
    first, second, marker = ax.lines
    assert_allclose(first.get_ydata(), [3, 2, 1])
    assert_allclose(second.get_ydata(), [4, 3, 2.5])
    assert_allclose(first.get_xdata(), [1, 2, 3])
    assert_allclose(marker.get_xdata(), [3, 3])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]
    assert ax.get_ylabel() == "nats"
    assert ax.get_ylim()[1] > 4


def test_long_curves_let_the_first_epochs_run_off(ax):
    loss_curves({"training": [1000.0, 500.0, *np.linspace(2, 1, 98)]}, ax=ax)
    assert ax.get_ylim()[1] < 3


def test_one_epoch_and_constant_values_are_drawn(ax):
    loss_curves({"training": [2.0]}, ax=ax)
    assert ax.lines[0].get_marker() == "o"
    low, high = ax.get_ylim()
    assert low < 2.0 < high


def test_score_dots_show_value_interval_and_best(ax):
    score_dots(["a", "b"], [0.5, 0.7], [(0.4, 0.6), (0.65, 0.75)], ax=ax, best=[1])
    intervals, dots = ax.lines[::2], ax.lines[1::2]
    assert_allclose([line.get_xdata() for line in intervals], [(0.4, 0.6), (0.65, 0.75)])
    assert [float(dot.get_xdata()[0]) for dot in dots] == [0.5, 0.7]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert [label.get_fontweight() for label in ax.get_yticklabels()] == ["normal", "bold"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first is on top"


def test_feature_dots_have_one_dot_a_feature_and_method(ax):
    series = {"PCA": np.array([1.0, 2.0]), "_deep": np.array([3.0, 4.0])}
    feature_dots(["top", "low"], series, ax=ax)
    assert_allclose([line.get_xdata() for line in ax.lines], [[1, 2], [3, 4]])
    assert len({line.get_marker() for line in ax.lines}) == 2
    named = [text.get_text().strip() for text in ax.get_legend().get_texts()]
    assert named == ["PCA", "_deep"]


def test_class_counts_have_the_colours_of_the_classes(ax):
    class_counts(Coloring.of_classes(["b", "a", "b"], ["b", "a", "none of it"]), ax=ax)
    assert [bar.get_width() for bar in ax.patches] == [2, 1, 0]
    assert_allclose(ax.patches[1].get_facecolor()[:3], to_rgb(PALETTE[1]))
    assert [text.get_text() for text in ax.texts] == ["2", "1", "0"]


def test_value_counts_count_every_finite_value(ax):
    value_counts(Coloring.of_values(np.r_[np.linspace(0, 1, 99), np.nan]), ax=ax)
    assert sum(bar.get_height() for bar in ax.patches) == 99


# -- images ------------------------------------------------------------------------------------


def test_mosaic_places_images_with_gaps():
    images = np.stack([np.full((2, 3), float(i)) for i in range(3)])
    sheet = mosaic(images, n_columns=2)
    assert sheet.shape == (5, 7)
    assert_allclose(sheet[:2, :3], 0.0)
    assert_allclose(sheet[:2, 4:], 1.0)
    assert_allclose(sheet[3:, :3], 2.0)
    assert np.isnan(sheet[2]).all()
    assert np.isnan(sheet[3:, 4:]).all()


def test_drawings_are_ink_on_paper_and_photographs_are_not(ax):
    drawing = np.zeros((4, 9))
    drawing[:, 4] = 16
    scale = ImageScale(drawing, (3, 3, 1))
    assert scale.is_drawing
    assert not ImageScale(np.arange(36.0).reshape(4, 9), (3, 3, 1)).is_drawing
    image_grid(drawing, scale, n_columns=2, ax=ax)
    (image,) = ax.images
    paper, ink = mpl.rcParams["figure.facecolor"], mpl.rcParams["text.color"]
    assert_allclose(image.cmap(0.0)[:3], to_rgb(paper))
    assert_allclose(image.cmap(1.0)[:3], to_rgb(ink))


def test_colour_images_keep_their_colours(ax):
    X = np.zeros((2, 4 * 3))
    X[0, ::3] = 255
    image_grid(X, ImageScale(X, (2, 2, 3)), n_columns=2, ax=ax)
    sheet = np.asarray(ax.images[0].get_array())
    assert_allclose(sheet[:, :2], np.broadcast_to([1, 0, 0, 1], (2, 2, 4)))
    assert_allclose(sheet[:, 2, 3], 0.0)


def test_manifold_ticks_are_latent_values(ax):
    axis = np.array([-2.0, -0.5, 0.5, 2.0])
    manifold(
        np.random.default_rng(0).random((4, 4, 4)), axis, ImageScale(np.eye(4), (2, 2, 1)), ax=ax
    )
    assert np.asarray(ax.images[0].get_array()).shape == (8, 8)
    names = ["−2.0", "−0.5", "0.5", "2.0"]
    assert [label.get_text() for label in ax.get_xticklabels()] == names
    assert [label.get_text() for label in ax.get_yticklabels()] == names
    assert ax.get_yticks()[0] > ax.get_yticks()[-1], "the largest value is on top"


def test_feature_plane_has_the_largest_second_coordinate_on_top(ax):
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    feature_plane(X, np.array([-1.0, 1.0]), ax=ax)
    assert_allclose(np.asarray(ax.collections[0].get_array()), [[3, 4], [1, 2]])


# -- several together ----------------------------------------------------------------------------


def test_embedding_grid_draws_every_panel_and_a_legend():
    points = np.random.default_rng(0).normal(size=(12, 2))
    panels = [Panel("one", points, 0, 0), Panel("two", points, 0, 1), Panel("3", points, 1, 0)]
    coloring = Coloring.of_classes(["a", "_b", "$c$"] * 4)
    figure = embedding_grid(panels, coloring)
    *maps, key = figure.axes
    assert [ax.get_title(loc="left") for ax in maps] == ["one", "two", "3"]
    named = [text.get_text().strip() for text in key.get_legend().get_texts()]
    assert named == ["$c$", "_b", "a"]
    assert len(embedding_grid(panels, Coloring.none(12)).axes) == 3


@pytest.mark.parametrize("n_classes", [2, 26, 40])
@pytest.mark.parametrize("length", [1, 24])
def test_legend_is_never_clipped(n_classes, length):
    points = np.random.default_rng(0).normal(size=(n_classes, 2))
    names = [f"{i:0{length}d}" for i in range(n_classes)]
    with mpl.rc_context(LIGHT.rc):
        panels = [Panel("one", points, 0, 0), Panel("two", points, 0, 1)]
        figure = embedding_grid(panels, Coloring.of_classes(names, names))
        figure.canvas.draw()
        box = figure.axes[-1].get_legend().get_window_extent()
    assert figure.bbox.x0 <= box.x0
    assert box.x1 <= figure.bbox.x1
    assert figure.bbox.y0 <= box.y0
    assert box.y1 <= figure.axes[-1].get_window_extent().y1 + 1


def test_legend_gives_way_to_a_sentence(ax):
    names = [f"{i}" for i in range(100)]
    legend(Coloring.of_classes(names), ax=ax)
    assert ax.get_legend() is None
    assert "100 classes" in ax.texts[0].get_text()


def test_hostile_names_are_drawn():
    names = ["$\\frac{", "_", "\u202ertl\u202c", "\N{DUCK}", "x" * 10_000, ""]
    points = np.random.default_rng(0).normal(size=(12, 2))
    with mpl.rc_context(LIGHT.rc), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = embedding_grid([Panel("$x", points, 0, 0)], Coloring.of_classes(names * 2))
        figure.canvas.draw()
        bars = class_counts(Coloring.of_classes(names))
        bars.figure.canvas.draw()
    assert len(bars.patches) == len(names)


def test_sheet_sets_kinds_under_each_other_in_bands():
    X = np.arange(23 * 12, dtype=float).reshape(23, 12)
    scale = ImageScale(X, (4, 3, 1))
    figure = image_rows({"original": X, "reconstruction": X / 2}, scale)
    assert len(figure.axes) == 6
    assert [ax.texts[0].get_text() for ax in figure.axes[:2]] == ["original", "reconstruction"]
    tops = [ax.get_position().y1 for ax in figure.axes]
    assert tops == sorted(tops, reverse=True)
    # Every row has the same columns, so that images stand under each other.
    assert {ax.images[0].get_array().shape for ax in figure.axes} == {(4, 10 * 4 - 1)}
    alone = image_rows({"generated": X[:4]}, scale)
    assert len(alone.axes) == 1
    assert not alone.axes[0].texts
    assert alone.get_size_inches().tolist() == [4 * 0.84, 1.12]
    many = image_rows({"generated": np.zeros((1000, 12))}, scale)
    assert max(many.get_size_inches() * 100) < 1500


def test_scale_of_images_is_the_same_from_its_values():
    X = np.array([[0.0, 0.0, 0.0, 9.0]])
    scale = ImageScale(X, (2, 2, 1))
    again = ImageScale.of_values((2, 2, 1), **json.loads(json.dumps(scale.values())))
    assert again.values() == {"low": 0.0, "high": 9.0, "is_drawing": True}
    np.testing.assert_array_equal(again.unit(X), scale.unit(X))


def test_histograms_share_their_bins_and_differ_in_colour_and_dashes():
    edges = np.array([0.0, 1.0, 2.0, 4.0])
    shares = {"dense": np.array([1.0, 2.0, 3.0]), "sparse": np.array([5.0, 1.0, 0.0])}
    ax = histograms(shares, edges, xlabel="value", ylabel="%")
    outlines = [patch for patch in ax.patches if patch.get_label() in shares]
    assert [patch.get_label() for patch in outlines] == list(shares)
    for patch, values in zip(outlines, shares.values(), strict=True):
        assert_allclose(patch.get_data().values, values)
        assert_allclose(patch.get_data().edges, edges)
    assert len({patch.get_edgecolor() for patch in outlines}) == 2
    assert len({str(patch.get_linestyle()) for patch in outlines}) == 2
    assert ax.get_xlim() == (0.0, 4.0)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(shares)
