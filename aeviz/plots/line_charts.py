"""Draw values as lines: losses, measurements, histograms, neighbourhoods and distances kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator
from matplotlib.transforms import ScaledTranslation

from aeviz.plots.figure import DPI, axes_or_new, label_axes, legend_name, plain_log_axis
from aeviz.plots.theme import MARKERS, PALETTE, ink_map, line_style

__all__ = ["Line", "histograms", "lines", "loss_curves", "neighborhood_curves", "shepard_diagram"]

_LONG_TRAINING = 30
_STEEPEST_SHARE = 0.04
_MIN_SHARE = 1e-3
_LEGEND_DROP_PX = 44
_IN_CORNER: dict[str, Any] = {"frameon": False, "handlelength": 2.0, "borderaxespad": 0.4}


def loss_curves(
    series: Mapping[str, Sequence[float]],
    *,
    ax: Axes | None = None,
    best_epoch: int | None = None,
    first_epoch: int = 1,
    ylabel: str = "",
) -> Axes:
    """Draw values per epoch, one line per series.

    Parameters
    ----------
    series : mapping of str to sequence of float
        The key names the line.
    ax : Axes or None
        None makes a new figure.
    best_epoch : int or None
        Number of the epoch to mark.
    first_epoch : int
        Number of the epoch that the first values are of.
    ylabel : str
        What the values are, with their unit.

    Returns
    -------
    Axes
        In a long training the steepest few epochs run off the top or the bottom, since the
        rest could not be read otherwise.
    """
    ax = axes_or_new(ax)
    values = [np.asarray(line, dtype=float) for line in series.values()]
    for i, (name, line) in enumerate(zip(series, values, strict=True)):
        # One epoch is a dot, for it makes no line.
        marker = "o" if len(line) == 1 else ""
        x = np.arange(first_epoch, first_epoch + len(line))
        ax.plot(x, line, marker=marker, label=name, zorder=3, **line_style(i))
    if best_epoch is not None:
        muted = mpl.rcParams["axes.labelcolor"]
        ax.axvline(best_epoch, color=muted, linewidth=0.8, zorder=2)
    n_epochs = max(map(len, values))
    ax.set_xlim(first_epoch, first_epoch + max(n_epochs - 1, 1))
    n_left_out = int(n_epochs * _STEEPEST_SHARE) if n_epochs >= _LONG_TRAINING else 0
    shown = np.concatenate([line[n_left_out:] for line in values])
    shown = shown[np.isfinite(shown)]
    if len(shown):
        span = max(float(np.ptp(shown)), 1e-9 * max(1.0, float(np.abs(shown).max())))
        ax.set_ylim(shown.min() - 0.06 * span, shown.max() + 0.1 * span)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    label_axes(ax, "epoch", ylabel)
    is_rising = values[0][-1] > values[0][0]
    ax.legend(loc="lower right" if is_rising else "upper right", **_IN_CORNER)
    return ax


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
        style = line_style(i)
        marker = "" if line.is_bare else MARKERS[i % len(MARKERS)]
        label = legend_name(name, width=40)
        ax.plot(line.x, line.y, marker=marker, markersize=4.5, label=label, zorder=3, **style)
        if line.low is not None and line.high is not None:
            color = style["color"]
            ax.fill_between(line.x, line.low, line.high, color=color, alpha=0.18, linewidth=0)
    if log_base is not None:
        ax.set_xscale("log", base=log_base)
    if log_base == 2:
        ends = np.log2([(line.x.min(), line.x.max()) for line in series.values()])
        powers = np.arange(np.floor(ends.min()), np.ceil(ends.max()) + 1)
        ax.xaxis.set_major_locator(FixedLocator((2.0**powers).tolist()))
        ax.xaxis.set_minor_locator(NullLocator())
    if log_base is not None:
        plain_log_axis(ax)
    label_axes(ax, xlabel, ylabel)
    ax.legend(frameon=False, handlelength=2.4)
    return ax


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
    for i, (name, values) in enumerate(shares.items()):
        style = line_style(i)
        ax.stairs(values, edges, fill=True, color=style["color"], alpha=0.18, zorder=2)
        ax.stairs(values, edges, label=legend_name(name, width=40), zorder=3, **style)
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(bottom=0)
    label_axes(ax, xlabel, ylabel)
    ax.legend(loc="upper right", **_IN_CORNER)
    return ax


def neighborhood_curves(
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
        At least one. The key names the line in the legend, which stands below the axis in two
        columns.
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
        style = line_style(number, n_dashes=4)
        ax.plot(sizes, values, label=legend_name(name, width=40), zorder=3, **style)
    for values in others:
        ax.plot(sizes, values, color=mpl.rcParams["grid.color"], linewidth=0.9, zorder=1)
    ax.axhline(0.0, color=mpl.rcParams["axes.labelcolor"], linewidth=0.8, zorder=2)
    ax.set_xscale("log")
    ax.set_xlim(1, max(int(sizes[-1]), 2))
    if limits is not None:
        ax.set_ylim(*limits)
    plain_log_axis(ax, "{:,.0f}")
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    label_axes(ax, "neighbours K, from the nearest to all", "kept beyond chance")
    drop = ScaledTranslation(0.0, -_LEGEND_DROP_PX / DPI, ax.figure.dpi_scale_trans)
    ax.legend(
        loc="upper left",
        ncols=2,
        bbox_to_anchor=(0.0, 0.0),
        bbox_transform=ax.transAxes + drop,
        borderaxespad=0.0,
        borderpad=0.0,
        frameon=False,
        handlelength=2.2,
        columnspacing=1.6,
    )
    return ax


def shepard_diagram(density: np.ndarray, *, ax: Axes | None = None) -> Axes:
    """Draw distances in an embedding against those in the data.

    Along one straight line from the corner, distances are kept.

    Parameters
    ----------
    density : ndarray of shape (n_bins, n_bins)
        Share of the pairs at each distance in the data (first axis) and in the embedding, both
        from 0 to the largest.
    ax : Axes or None
        None makes a new figure.

    Returns
    -------
    Axes
        With the density as an image, more ink for more, and a line through the median distance
        in the embedding at every distance in the data that is not rare.
    """
    ax = axes_or_new(ax)
    n_bins = len(density)
    ax.imshow(
        density.T,
        cmap=ink_map(),
        # Most pairs stand in a few bins; the square root shows the others too.
        norm=PowerNorm(0.5, vmin=0.0, vmax=max(float(density.max()), 1e-12)),
        extent=(0.0, 1.0, 0.0, 1.0),
        origin="lower",
        aspect="equal",
        interpolation="nearest",
        zorder=1,
    )
    of_column = density.sum(axis=1)
    common = np.flatnonzero(of_column > _MIN_SHARE)
    below = np.cumsum(density[common], axis=1) >= of_column[common, None] / 2
    middle = (np.arange(n_bins) + 0.5) / n_bins
    ax.plot(middle[common], middle[below.argmax(axis=1)], color=PALETTE[1], zorder=3)
    ax.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0), xticks=[], yticks=[])
    ax.set(xlabel="distance in the data →", ylabel="in the map →")
    return ax
