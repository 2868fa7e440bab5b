"""Draw how much of the neighbourhoods of every size embeddings keep, from the nearest to all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter
from matplotlib.transforms import ScaledTranslation

from aeviz.plots.figure import DPI, axes_or_new, label_axes
from aeviz.plots.text import legend_name
from aeviz.plots.theme import PALETTE

__all__ = ["scales"]

_LEGEND_DROP_PX = 44
_DASHES = ("-", (0, (3.2, 1.6)), ":", "-.")


def scales(
    sizes: np.ndarray,
    curves: Mapping[str, np.ndarray],
    *,
    ax: Axes | None = None,
    style_numbers: Sequence[int] | None = None,
    others: Sequence[np.ndarray] = (),
    limits: tuple[float, float] | None = None,
) -> Axes:
    """Draw a quality in [-1, 1] against the size of neighbourhoods, one line per method.

    Parameters
    ----------
    sizes : ndarray of shape (n_sizes,)
        At least 1; the axis is logarithmic.
    curves : mapping of str to ndarray of shape (n_sizes,)
        The key names the line in the legend, which stands below the axis in two columns.
    ax : Axes or None
        None makes a new figure.
    style_numbers : sequence of int or None
        Which colour and dashes each line has; None numbers them.
    others : sequence of ndarray of shape (n_sizes,)
        Further lines, drawn thin behind the others and not named.
    limits : (float, float) or None
        Ends of the vertical axis, for several drawings to share; None fits this one.

    Returns
    -------
    Axes
        With one line per curve, then one per further line, and one at 0, which is chance.
    """
    ax = axes_or_new(ax)
    chosen = range(len(curves)) if style_numbers is None else style_numbers
    for number, (name, values) in zip(chosen, curves.items(), strict=True):
        color, dashes = PALETTE[number % len(PALETTE)], _DASHES[number % len(_DASHES)]
        label = legend_name(name, width=40)
        ax.plot(sizes, values, color=color, linestyle=dashes, label=label, zorder=3)
    behind = mpl.rcParams["grid.color"]
    for values in others:
        ax.plot(sizes, values, color=behind, linewidth=0.9, zorder=1)
    ax.axhline(0.0, color=mpl.rcParams["axes.labelcolor"], linewidth=0.8, zorder=2)
    ax.set_xscale("log")
    ax.set_xlim(1, max(int(sizes[-1]), 2))
    if limits is not None:
        ax.set_ylim(*limits)
    # Powers would be set as mathematics, which figures here do not have.
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    label_axes(ax, "neighbours K, from the nearest to all", "kept beyond chance")
    if curves:
        _name_below(ax)
    return ax


def _name_below(ax: Axes) -> None:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("ax must be in a figure, got one that was removed")
    below_the_label = ScaledTranslation(0.0, -_LEGEND_DROP_PX / DPI, figure.dpi_scale_trans)
    ax.legend(
        loc="upper left",
        ncols=2,
        bbox_to_anchor=(0.0, 0.0),
        bbox_transform=ax.transAxes + below_the_label,
        borderaxespad=0.0,
        borderpad=0.0,
        frameon=False,
        handlelength=2.2,
        columnspacing=1.6,
    )
