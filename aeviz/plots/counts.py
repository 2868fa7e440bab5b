"""Draw how labels are distributed, in the colours that the labels have everywhere else."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import axes_or_new
from aeviz.plots.text import drawable

__all__ = ["class_counts", "value_counts"]

_N_BINS = 40


def class_counts(coloring: Coloring, *, ax: Axes | None = None) -> Axes:
    """Draw one bar per class, from top to bottom in the order of the classes.

    Parameters
    ----------
    coloring : Coloring
        Of classes.
    ax : Axes or None
        None makes a new figure.

    Returns
    -------
    Axes
        With one bar per class, its count written next to it.
    """
    ax = axes_or_new(ax)
    counts = coloring.counts()
    colors = [coloring.class_color(code) for code in range(coloring.n_classes)]
    bars = ax.barh(range(len(counts)), counts, height=0.72, color=colors)
    ax.bar_label(
        bars, [f"{n:,}" for n in counts], padding=4, fontsize=8, color=mpl.rcParams["text.color"]
    )
    ax.set_yticks(range(len(counts)), [drawable(name) for name in coloring.class_names])
    ax.set_ylim(len(counts) - 0.4, -0.6)
    ax.set_xlim(0, max(int(counts.max(initial=1)), 1) * 1.14)
    ax.set_xticks([])
    ax.tick_params(axis="y", length=0)
    ax.spines[:].set_visible(False)
    return ax


def value_counts(coloring: Coloring, *, ax: Axes | None = None, xlabel: str = "") -> Axes:
    """Draw a histogram of continuous labels, its bars in the labels' colours.

    Parameters
    ----------
    coloring : Coloring
        Of continuous values.
    ax : Axes or None
        None makes a new figure.
    xlabel : str
        What the values are.

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    import seaborn as sns

    values = np.asarray(coloring.values)
    sns.histplot(x=values[np.isfinite(values)], bins=_N_BINS, linewidth=0, alpha=1, ax=ax)
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    centres = np.array([bar.get_x() + bar.get_width() / 2 for bar in bars])
    as_label = Coloring(
        "continuous", len(centres), values=centres, low=coloring.low, high=coloring.high
    )
    for bar, color in zip(bars, as_label.sample_colors(), strict=True):
        bar.set_facecolor(color)
    ax.set_xlabel(xlabel)
    ax.set_ylabel("samples")
    ax.spines[["top", "right"]].set_visible(False)
    ax.margins(x=0)
    return ax
