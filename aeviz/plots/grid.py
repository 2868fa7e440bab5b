"""Lay several embeddings out as one figure with one legend, for use outside the page.

The page has its own legend in HTML; this one is for the files in the figures folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import box_axes, drawable, legend_name, new_figure
from aeviz.plots.maps import scatter

__all__ = ["Panel", "embedding_grid", "legend", "legend_height_px"]

_PANEL_PX = 380
_GAP_PX, _TITLE_PX, _TICKS_PX = 26, 26, 30
_MAX_NAMED = 40
_ROW_PX, _BAR_PX = 19, 52


@dataclass(frozen=True, eq=False)
class Panel:
    """One embedding with its title and its position in the grid.

    `points` has the shape (n_samples, 2); `row` and `column` count from 0.
    """

    title: str
    points: np.ndarray
    row: int
    column: int
    has_ticks: bool = False


def embedding_grid(panels: Sequence[Panel], coloring: Coloring) -> Figure:
    """Draw every panel at its position, and the legend below all of them.

    Parameters
    ----------
    panels : sequence of Panel
        At least one.
    coloring : Coloring
        Of the samples, the same for all panels.

    Returns
    -------
    Figure
        With one axes per panel, and one for the legend if there is one.
    """
    n_rows = max(panel.row for panel in panels) + 1
    n_columns = max(panel.column for panel in panels) + 1
    cell_width = _PANEL_PX + _TICKS_PX + _GAP_PX
    cell_height = _PANEL_PX + _TITLE_PX + _TICKS_PX
    width = n_columns * cell_width
    legend_px = legend_height_px(coloring, width_px=width - 2 * _TICKS_PX)
    height = n_rows * cell_height + legend_px + _GAP_PX
    figure = new_figure(width, height)
    for panel in panels:
        left = panel.column * cell_width + _TICKS_PX
        top = panel.row * cell_height + _TITLE_PX
        ax = box_axes(figure, (left, top, _PANEL_PX, _PANEL_PX))
        scatter(panel.points, coloring, ax=ax, ticks=panel.has_ticks)
        ax.set_title(drawable(panel.title, width=60), loc="left", fontweight="bold")
    if legend_px:
        legend_top = height - legend_px - _GAP_PX / 2
        ax = box_axes(figure, (_TICKS_PX, legend_top, width - 2 * _TICKS_PX, legend_px))
        legend(coloring, ax=ax)
    return figure


def legend_height_px(coloring: Coloring, *, width_px: float) -> float:
    """Return the height that `legend` needs at a width, 0 where there is nothing to say."""
    if coloring.kind == "none":
        return 0.0
    if coloring.kind == "continuous":
        return _BAR_PX
    if coloring.n_classes > _MAX_NAMED:
        return _ROW_PX + 8.0
    n_entries = coloring.n_classes + (coloring.n_missing > 0)
    return _ROW_PX * -(-n_entries // _n_columns(coloring, width_px)) + 8.0


def legend(coloring: Coloring, *, ax: Axes) -> Axes:
    """Fill axes with the names of the classes or a colour bar.

    Parameters
    ----------
    coloring : Coloring
    ax : Axes
        As high as `legend_height_px` says.

    Returns
    -------
    Axes
        More than forty classes get a sentence instead: nobody matches so many colours.
    """
    ax.set_axis_off()
    if coloring.kind == "continuous":
        return _color_bar(coloring, ax)
    if coloring.n_classes > _MAX_NAMED:
        text = f"{coloring.n_classes:,} {coloring.noun}, one colour each; too many to name"
        ax.text(0, 0.5, text, transform=ax.transAxes, va="center")
        return ax
    if coloring.kind == "classes":
        names = [legend_name(name) for name in coloring.class_names]
        colors = coloring.colors
        if coloring.n_missing:
            colors.append(mpl.rcParams["patch.edgecolor"])
            names.append(coloring.missing_words)
        ax.legend(
            [Line2D([], [], linestyle="", marker="o", markersize=6, color=c) for c in colors],
            names,
            loc="upper left",
            ncols=_n_columns(coloring, ax.get_window_extent().width),
            frameon=False,
            borderaxespad=0,
            handlelength=0.9,
            handletextpad=0.4,
            columnspacing=1.2,
            fontsize=8.5,
        )
    return ax


def _n_columns(coloring: Coloring, width_px: float) -> int:
    longest = max((len(drawable(name)) for name in coloring.class_names), default=1)
    return max(1, min(coloring.n_classes + 1, int(width_px // (6.6 * longest + 36))))


def _color_bar(coloring: Coloring, ax: Axes) -> Axes:
    """Draw a bar of fixed thickness with its ends labelled."""
    inset = ax.inset_axes((0.0, 0.62, 0.5, 0.24))
    inset.imshow(
        np.linspace(0, 1, 256)[None],
        aspect="auto",
        cmap=coloring.color_map(),
        extent=(coloring.low, coloring.high, 0, 1) if coloring.high > coloring.low else None,
    )
    inset.set_yticks([])
    inset.spines[:].set_visible(False)
    offset: dict[str, Any] = {"xytext": (10, 0), "textcoords": "offset points"}
    inset.annotate("label", (1, 0.5), xycoords="axes fraction", va="center", **offset)
    return ax
