"""Draw how often values occur, of several sources over each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from aeviz.plots.figure import axes_or_new, label_axes
from aeviz.plots.text import legend_name
from aeviz.plots.theme import PALETTE

__all__ = ["histograms"]


def histograms(
    shares: Mapping[str, np.ndarray],
    edges: np.ndarray,
    *,
    ax: Axes | None = None,
    xlabel: str = "",
    ylabel: str = "",
) -> Axes:
    """Draw the outline of one histogram per source, each in its own colour and dashes.

    Parameters
    ----------
    shares : mapping of str to ndarray of shape (n_bins,)
        Share or count of the values in each bin; the key names the line. At most four.
    edges : ndarray of shape (n_bins + 1,)
        The bins' limits, the same for all.
    ax : Axes or None
        None makes a new figure.
    xlabel, ylabel : str
        What the values and their shares are.

    Returns
    -------
    Axes
        Holding one filled outline per source.
    """
    ax = axes_or_new(ax)
    styles = zip(PALETTE, ("-", (0, (3.2, 1.6)), ":", "-."), strict=False)
    for (name, values), (color, dashes) in zip(shares.items(), styles, strict=False):
        ax.stairs(values, edges, fill=True, color=color, alpha=0.18, zorder=2)
        label = legend_name(name, width=40)
        ax.stairs(values, edges, color=color, linestyle=dashes, label=label, zorder=3)
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(bottom=0)
    label_axes(ax, xlabel, ylabel)
    ax.legend(loc="upper right", frameon=False, handlelength=2.0, borderaxespad=0.4)
    return ax
