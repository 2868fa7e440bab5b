"""Draw what the colours mean, in as many columns as fit, for figures that stand alone.

The page has its own legend in HTML; this one is for the files in the figures folder.
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from aeviz.plots.coloring import Coloring
from aeviz.plots.text import drawable, legend_name

__all__ = ["MAX_NAMED", "legend", "legend_height_px"]

MAX_NAMED = 40
_ROW_PX = 19
_BAR_PX = 52


def legend_height_px(coloring: Coloring, *, width_px: float) -> float:
    """Return the height that `legend` needs at a width, 0 where there is nothing to say."""
    if coloring.kind == "none":
        return 0.0
    if coloring.kind == "continuous":
        return _BAR_PX
    if coloring.n_classes > MAX_NAMED:
        return _ROW_PX + 8.0
    n_entries = coloring.n_classes + (coloring.n_missing > 0)
    return _ROW_PX * -(-n_entries // _n_columns(coloring, width_px)) + 8.0


def legend(coloring: Coloring, *, ax: Axes, title: str = "") -> Axes:
    """Fill axes with the names of the classes or a colour bar.

    Parameters
    ----------
    coloring : Coloring
    ax : Axes
        As high as `legend_height_px` says.
    title : str
        What a continuous label is.

    Returns
    -------
    Axes
        More than forty classes get a sentence instead: nobody matches so many colours.
    """
    ax.set_axis_off()
    if coloring.kind == "continuous":
        return _color_bar(coloring, ax, title)
    if coloring.n_classes > MAX_NAMED:
        text = f"{coloring.n_classes:,} classes, one colour each; too many to name"
        ax.text(0, 0.5, text, transform=ax.transAxes, va="center")
        return ax
    if coloring.kind == "classes":
        names = [legend_name(name) for name in coloring.class_names]
        handles = [_dot(coloring.class_color(i)) for i in range(len(names))]
        if coloring.n_missing:
            handles.append(_dot(mpl.rcParams["patch.edgecolor"]))
            names.append("no label")
        ax.legend(
            handles,
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


def _dot(color: str) -> Line2D:
    return Line2D([], [], linestyle="", marker="o", markersize=6, color=color)


def _color_bar(coloring: Coloring, ax: Axes, title: str) -> Axes:
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
    if title:
        inset.annotate(
            drawable(title, width=40),
            (1, 0.5),
            xytext=(10, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
        )
    return ax
