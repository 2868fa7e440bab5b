"""Lay several embeddings out as one figure with one legend, for use outside the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import box_axes, new_figure
from aeviz.plots.legend import legend, legend_height_px
from aeviz.plots.scatter import scatter
from aeviz.plots.text import drawable

__all__ = ["Panel", "embedding_grid"]

_PANEL_PX = 380
_GAP_PX = 26
_TITLE_PX = 26
_TICKS_PX = 30


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


def embedding_grid(
    panels: Sequence[Panel], coloring: Coloring, *, label_name: str = "label"
) -> Figure:
    """Draw every panel at its position, and the legend below all of them.

    Parameters
    ----------
    panels : sequence of Panel
        At least one.
    coloring : Coloring
        Of the samples, the same for all panels.
    label_name : str
        Name of a continuous label, next to its colour bar.

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
        legend(coloring, ax=ax, title=label_name)
    return figure
