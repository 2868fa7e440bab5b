"""Draw mean ranks over data sets, with bars over methods that do not differ clearly."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from aeviz.plots.figure import axes_or_new, style_rows
from aeviz.plots.text import drawable
from aeviz.plots.theme import PALETTE

__all__ = ["rank_dots", "rank_dots_height_px"]

_ROW_PX = 22
_MARGIN_PX = 62


def rank_dots_height_px(n_methods: int) -> float:
    """Return the height that `rank_dots` needs."""
    return _MARGIN_PX + _ROW_PX * n_methods


def rank_dots(
    names: Sequence[str],
    mean_ranks: np.ndarray,
    *,
    groups: Sequence[tuple[int, int]] = (),
    critical: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one row per method, the best on top, its mean rank as a dot.

    Parameters
    ----------
    names : sequence of str
    mean_ranks : ndarray of shape (n_methods,)
        1 is the best.
    groups : sequence of (first, last)
        Places in rank order, from 0, between which no difference is shown: a bar each, left
        of the dots.
    critical : float or None
        The critical difference, drawn as a length above the rows.
    ax : Axes or None
        None makes a new figure.

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    order = np.argsort(mean_ranks, kind="stable")
    rows = np.arange(len(order))
    muted = mpl.rcParams["axes.labelcolor"]
    ax.hlines(rows, 1, mean_ranks[order], color=mpl.rcParams["axes.edgecolor"], zorder=1)
    ax.plot(mean_ranks[order], rows, "o", color=PALETTE[0], markersize=6, zorder=3)
    most = float(len(order))
    for number, (first, last) in enumerate(groups):
        at = most + 0.35 + 0.3 * number
        ax.plot([at, at], [first - 0.2, last + 0.2], color=muted, linewidth=3.0, clip_on=False)
    right = most + 0.35 + 0.3 * max(len(groups), 1)
    if critical is not None:
        shown = min(critical, right - 1)
        ax.plot([1, 1 + shown], [-0.95, -0.95], color=muted, linewidth=1.2, clip_on=False)
        cut = " (beyond the axis)" if shown < critical else ""
        ax.annotate(
            f"critical difference {critical:.2f}{cut}",
            (1, -0.95),
            xytext=(0, 4),
            textcoords="offset points",
            color=muted,
            fontsize=8,
        )
    ax.set_yticks(rows, [drawable(names[i], width=40) for i in order])
    ax.set_xlim(0.8, right)
    style_rows(ax, len(order), top=-1.1 if critical is not None else -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set_xlabel("mean rank, 1 is the best")
    return ax
