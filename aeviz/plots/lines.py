"""Draw measured values against something that was varied, one line per series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from aeviz.plots.figure import axes_or_new, label_axes
from aeviz.plots.text import legend_name
from aeviz.plots.theme import PALETTE

__all__ = ["Line", "lines"]

_MARKERS = "oDs^vP"
_DASHES = ("-", (0, (3.2, 1.6)), ":", "-.", (0, (5, 1.5, 1, 1.5)), (0, (1, 2)))


@dataclass(frozen=True, eq=False)
class Line:
    """One series of measured values.

    Parameters
    ----------
    x, y : ndarray of shape (n_points,)
    low, high : ndarray of shape (n_points,) or None
        Ends of the range drawn around the line.
    is_bare : bool
        Whether the points get no markers, for a reference or for many points.
    """

    x: np.ndarray
    y: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    is_bare: bool = False


def lines(
    series: Mapping[str, Line],
    *,
    ax: Axes | None = None,
    xlabel: str = "",
    ylabel: str = "",
    log_base: int | None = None,
) -> Axes:
    """Draw series against a common axis, told apart by colour, marker and dashes.

    Parameters
    ----------
    series : mapping of str to Line
        At most six; the key names the line.
    ax : Axes or None
        None makes a new figure.
    xlabel, ylabel : str
        What the values are, with their units.
    log_base : {2, 10} or None
        Base of a logarithmic x axis; with 2 every power of two gets a tick. None is linear.

    Returns
    -------
    Axes
        With one line per series.
    """
    ax = axes_or_new(ax)
    for i, (name, line) in enumerate(series.items()):
        color = PALETTE[i % len(PALETTE)]
        ax.plot(
            line.x,
            line.y,
            color=color,
            linestyle=_DASHES[i % len(_DASHES)],
            marker="" if line.is_bare else _MARKERS[i % len(_MARKERS)],
            markersize=4.5,
            label=legend_name(name, width=40),
            zorder=3,
        )
        if line.low is not None and line.high is not None:
            ax.fill_between(line.x, line.low, line.high, color=color, alpha=0.18, linewidth=0)
    if log_base is not None:
        _make_logarithmic(ax, series, log_base)
    label_axes(ax, xlabel, ylabel)
    ax.legend(frameon=False, handlelength=2.4)
    return ax


def _make_logarithmic(ax: Axes, series: Mapping[str, Line], base: int) -> None:
    ax.set_xscale("log", base=base)
    if base == 2:
        ends = np.log2([(line.x.min(), line.x.max()) for line in series.values()])
        powers = np.arange(np.floor(ends.min()), np.ceil(ends.max()) + 1)
        ax.xaxis.set_major_locator(FixedLocator((2.0**powers).tolist()))
        ax.xaxis.set_minor_locator(NullLocator())
    # Powers would be set as mathematics, which figures here do not have.
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
