"""Draw values of several methods as dots on a common scale, with intervals where known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from aeviz.plots.figure import axes_or_new, style_rows
from aeviz.plots.text import drawable, legend_name
from aeviz.plots.theme import PALETTE

__all__ = ["feature_dots", "score_dots"]


def score_dots(
    names: Sequence[str],
    values: Sequence[float],
    intervals: Sequence[tuple[float, float]],
    *,
    ax: Axes | None = None,
    best: Sequence[int] = (),
) -> Axes:
    """Draw one row per method: its score as a dot, its interval as a line.

    Parameters
    ----------
    names : sequence of str
        Rows from top to bottom.
    values : sequence of float
        NaN leaves the row empty.
    intervals : sequence of (low, high)
        As long as `values`.
    ax : Axes or None
        None makes a new figure.
    best : sequence of int
        Rows to emphasise.

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    ink, muted = mpl.rcParams["text.color"], mpl.rcParams["axes.labelcolor"]
    for row, (value, (low, high)) in enumerate(zip(values, intervals, strict=True)):
        color = PALETTE[0] if row in best else muted
        ax.plot([low, high], [row, row], color=color, linewidth=2.0, solid_capstyle="round")
        ax.plot([value], [row], "o", color=color, markersize=6 if row in best else 5)
    ax.set_yticks(range(len(names)), [drawable(name, width=40) for name in names])
    for row, label in enumerate(ax.get_yticklabels()):
        label.set_color(ink if row in best else muted)
        label.set_fontweight("bold" if row in best else "normal")
    style_rows(ax, len(names))
    ax.xaxis.set_major_locator(MaxNLocator(4))
    return ax


def feature_dots(
    names: Sequence[str],
    series: Mapping[str, np.ndarray],
    *,
    ax: Axes | None = None,
    xlabel: str = "",
) -> Axes:
    """Draw one row per feature with one dot per method, joined by a line.

    Parameters
    ----------
    names : sequence of str
        Features from top to bottom.
    series : mapping of str to ndarray of shape (n_features,)
        At most four methods, told apart by colour and by marker.
    ax : Axes or None
        None makes a new figure.
    xlabel : str
        What the values are.

    Returns
    -------
    Axes
        With a legend above the rows.
    """
    ax = axes_or_new(ax)
    rows = np.arange(len(names))
    table = np.array(list(series.values()))
    ax.hlines(rows, table.min(axis=0), table.max(axis=0), color=mpl.rcParams["axes.edgecolor"])
    markers = "oDs^vP"
    for i, (name, values) in enumerate(series.items()):
        (dots,) = ax.plot(values, rows, linestyle="", markersize=5)
        dots.set_color(PALETTE[i % len(PALETTE)])
        dots.set_marker(markers[i % len(markers)])
        dots.set_label(legend_name(name, width=30))
    ax.set_yticks(rows, [drawable(name, width=24) for name in names])
    style_rows(ax, len(names))
    ax.set_xlim(left=0)
    ax.set_xlabel(xlabel)
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2,
        frameon=False,
        handletextpad=0.2,
        borderaxespad=0.2,
        columnspacing=1.2,
    )
    return ax
