"""Draw how losses went down, each line named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from aeviz.plots.figure import axes_or_new, label_axes
from aeviz.plots.theme import PALETTE

__all__ = ["curves"]

_LONG = 30
_STEEPEST_SHARE = 0.04


def curves(
    series: Mapping[str, Sequence[float]],
    *,
    ax: Axes | None = None,
    best_epoch: int | None = None,
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
        Index of the epoch to mark, counted from 0; the axis counts from 1.
    ylabel : str
        What the values are, with their unit.

    Returns
    -------
    Axes
        In a long training the steepest few epochs run off the top or the bottom, since the
        rest could not be read otherwise.
    """
    ax = axes_or_new(ax)
    values = {name: np.asarray(line, dtype=float) for name, line in series.items()}
    n_epochs = max(len(line) for line in values.values())
    styles = zip(PALETTE, ("-", (0, (3.2, 1.6)), ":", "-."), strict=False)
    for (name, line), (color, dashes) in zip(values.items(), styles, strict=False):
        # One epoch is a dot, for it makes no line.
        marker = "o" if len(line) == 1 else ""
        x = np.arange(1, len(line) + 1)
        ax.plot(x, line, color=color, linestyle=dashes, marker=marker, label=name, zorder=3)
    if best_epoch is not None:
        muted = mpl.rcParams["axes.labelcolor"]
        ax.axvline(best_epoch + 1, color=muted, linewidth=0.8, zorder=2)
    ax.set_xlim(1, max(n_epochs, 2))
    _set_height(ax, values)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    label_axes(ax, "epoch", ylabel)
    first = next(iter(values.values()))
    is_rising = first[-1] > first[0]
    ax.legend(
        loc="lower right" if is_rising else "upper right",
        frameon=False,
        handlelength=2.0,
        borderaxespad=0.4,
    )
    return ax


def _set_height(ax: Axes, values: Mapping[str, np.ndarray]) -> None:
    """Show all values, but for the first epochs of a long training."""
    n_epochs = max(map(len, values.values()))
    n_left_out = int(n_epochs * _STEEPEST_SHARE) if n_epochs >= _LONG else 0
    shown = np.concatenate([line[n_left_out:] for line in values.values()])
    shown = shown[np.isfinite(shown)]
    if len(shown):
        span = max(float(np.ptp(shown)), 1e-9 * max(1.0, float(np.abs(shown).max())))
        ax.set_ylim(shown.min() - 0.06 * span, shown.max() + 0.1 * span)
