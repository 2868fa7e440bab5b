"""Draw one row per name: scores, errors and mean ranks as dots, numbers of samples as bars."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import axes_or_new, drawable, legend_name, style_rows
from aeviz.plots.theme import MARKERS, PALETTE

__all__ = [
    "class_counts",
    "feature_dots",
    "rank_dots",
    "rank_dots_height_px",
    "score_dots",
    "value_counts",
]

_ROW_PX, _MARGIN_PX = 22, 62
_N_BINS = 40


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
    """
    ax = axes_or_new(ax)
    ink, muted = mpl.rcParams["text.color"], mpl.rcParams["axes.labelcolor"]
    style_rows(ax, [drawable(name, width=40) for name in names])
    rows = zip(values, intervals, ax.get_yticklabels(), strict=True)
    for row, (value, (low, high), label) in enumerate(rows):
        is_best = row in best
        color = PALETTE[0] if is_best else muted
        ax.plot([low, high], [row, row], color=color, linewidth=2.0, solid_capstyle="round")
        ax.plot([value], [row], "o", color=color, markersize=6 if is_best else 5)
        label.set(color=ink if is_best else muted, fontweight="bold" if is_best else "normal")
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
        At most six methods, told apart by colour and by marker.
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
    for i, (name, values) in enumerate(series.items()):
        color, marker = PALETTE[i % len(PALETTE)], MARKERS[i % len(MARKERS)]
        label = legend_name(name, width=30)
        ax.plot(values, rows, marker, color=color, markersize=5, label=label)
    style_rows(ax, [drawable(name, width=24) for name in names])
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
    """Draw one row per method, the best on top, its mean rank over data sets as a dot.

    Parameters
    ----------
    names : sequence of str
    mean_ranks : ndarray of shape (n_methods,)
        1 is the best.
    groups : sequence of (first, last)
        Places in rank order, from 0, between which no difference is shown: a bar each, right
        of the dots.
    critical : float or None
        The critical difference, drawn as a length above the rows.
    ax : Axes or None
        None makes a new figure.
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
    ax.set_xlim(0.8, right)
    top = -1.1 if critical is not None else -0.6
    style_rows(ax, [drawable(names[i], width=40) for i in order], top=top)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set_xlabel("mean rank, 1 is the best")
    return ax


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
    counts, rows = coloring.counts(), range(coloring.n_classes)
    bars = ax.barh(rows, counts, height=0.72, color=coloring.colors)
    texts = [f"{n:,}" for n in counts]
    ax.bar_label(bars, texts, padding=4, fontsize=8, color=mpl.rcParams["text.color"])
    ax.set_yticks(rows, [drawable(name) for name in coloring.class_names])
    ax.set_ylim(len(counts) - 0.4, -0.6)
    ax.set_xlim(0, max(int(counts.max(initial=1)), 1) * 1.14)
    ax.set_xticks([])
    ax.tick_params(axis="y", length=0)
    ax.spines[:].set_visible(False)
    return ax


def value_counts(coloring: Coloring, *, ax: Axes | None = None) -> Axes:
    """Draw a histogram of continuous labels, its bars in the labels' colours.

    Parameters
    ----------
    coloring : Coloring
        Of continuous values.
    ax : Axes or None
        None makes a new figure.
    """
    ax = axes_or_new(ax)
    import seaborn as sns

    values = np.asarray(coloring.values)
    sns.histplot(x=values[np.isfinite(values)], bins=_N_BINS, linewidth=0, alpha=1, ax=ax)
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    centres = np.array([bar.get_x() + bar.get_width() / 2 for bar in bars])
    as_label = replace(coloring, n_samples=len(centres), values=centres)
    for bar, color in zip(bars, as_label.sample_colors(), strict=True):
        bar.set_facecolor(color)
    ax.set(xlabel="label", ylabel="samples")
    ax.spines[["top", "right"]].set_visible(False)
    ax.margins(x=0)
    return ax
