"""Draw quality against the time that it takes, and mark what nothing beats in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator

from aeviz.plots.figure import axes_or_new, drawable, label_axes, legend_name, plain_log_axis
from aeviz.plots.theme import PALETTE

__all__ = ["CostPoint", "pareto", "pareto_legend_px"]

_MARKERS = "oD^svPX*"
_NAME_PX = 7.0
_LEGEND_ROW_PX = 17.0


@dataclass(frozen=True)
class CostPoint:
    """Quality and cost of one method.

    Parameters
    ----------
    group, kind : str
        What its colour and its marker stand for.
    seconds, quality : float
    low, high : float or None
        Ends of the interval of the quality.
    is_on_front : bool
        Whether no other method is at least as good and as fast.
    """

    group: str
    kind: str
    seconds: float
    quality: float
    low: float | None = None
    high: float | None = None
    is_on_front: bool = False


def pareto(
    points: Sequence[CostPoint],
    *,
    ax: Axes | None = None,
    ylabel: str = "",
    higher_is_better: bool = True,
) -> Axes:
    """Draw one point per method over logarithmic seconds, those on the front filled and joined.

    Parameters
    ----------
    points : sequence of CostPoint
    ax : Axes or None
        None makes a new figure.
    ylabel : str
        What the quality is.
    higher_is_better : bool
        If not, the axis is turned round, so that better is always up.

    Returns
    -------
    Axes
        With two legends below: colours of the groups, markers of the kinds.
    """
    ax = axes_or_new(ax)
    groups, kinds = _groups_and_kinds(points)
    muted = mpl.rcParams["axes.labelcolor"]
    front = sorted((p for p in points if p.is_on_front), key=lambda p: p.seconds)
    x, y = [p.seconds for p in front], [p.quality for p in front]
    style: dict[str, Any] = {
        "linewidth": 1.0,
        "linestyle": (0, (3.2, 1.6)),
        "drawstyle": "steps-post",
    }
    ax.plot(x, y, color=muted, zorder=2, **style)
    for point in points:
        color = PALETTE[groups.index(point.group) % len(PALETTE)]
        if point.low is not None and point.high is not None:
            ax.plot([point.seconds] * 2, [point.low, point.high], color=color, alpha=0.5, zorder=3)
        ax.plot(
            [point.seconds],
            [point.quality],
            _MARKERS[kinds.index(point.kind) % len(_MARKERS)],
            color=color,
            markersize=7.5 if point.is_on_front else 6.5,
            markeredgewidth=1.3,
            markerfacecolor=color if point.is_on_front else mpl.rcParams["axes.facecolor"],
            zorder=4,
        )
    seconds = [point.seconds for point in points]
    ax.set_xscale("log")
    ax.set_xlim(min(seconds) / 1.8, max(seconds) * 1.8)
    ax.xaxis.set_major_locator(LogLocator(10, subs=(1.0, 3.0)))
    plain_log_axis(ax)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.margins(y=0.12)
    if not higher_is_better:
        ax.invert_yaxis()
    label_axes(ax, "seconds (logarithmic)", ylabel)
    _name_front(ax, front)
    _legends(ax, groups, kinds)
    return ax


def pareto_legend_px(points: Sequence[CostPoint]) -> float:
    """Return the height that the legends above the axes need."""
    groups, kinds = _groups_and_kinds(points)
    names = [*groups, *kinds]
    return 14.0 + _LEGEND_ROW_PX * -(-len(names) // _n_columns(names))


def _groups_and_kinds(points: Sequence[CostPoint]) -> tuple[list[str], list[str]]:
    groups = dict.fromkeys(point.group for point in points)
    return list(groups), list(dict.fromkeys(point.kind for point in points))


def _n_columns(names: Sequence[str]) -> int:
    return 3 if max(map(len, names)) <= 16 else 2


def _name_front(ax: Axes, front: Sequence[CostPoint]) -> None:
    """Write what is on the front next to its points, where names do not meet."""
    paper = patheffects.withStroke(linewidth=2.4, foreground=mpl.rcParams["axes.facecolor"])
    taken: list[tuple[float, float, float]] = []
    middle = ax.get_window_extent().x0 + ax.get_window_extent().width * 0.55
    for point in sorted(front, key=lambda p: -p.seconds):
        name = drawable(f"{point.group} → {point.kind}", width=40)
        x, y = ax.transData.transform((point.seconds, point.quality))
        # Above its point, towards the middle of the figure.
        is_left = x > middle
        width = 5.2 * len(name) + _NAME_PX
        start = x - width if is_left else x
        if any(abs(y - v) < 13 and start < u + w and u < start + width for u, v, w in taken):
            continue
        taken.append((start, y, width))
        ax.annotate(
            name,
            (point.seconds, point.quality),
            xytext=(_NAME_PX / 2 if is_left else -_NAME_PX / 2, _NAME_PX),
            textcoords="offset points",
            ha="right" if is_left else "left",
            va="bottom",
            fontsize=8,
            path_effects=[paper],
            zorder=5,
        )


def _legends(ax: Axes, groups: Sequence[str], kinds: Sequence[str]) -> None:
    ink = mpl.rcParams["axes.labelcolor"]
    looks = [("o", PALETTE[i % len(PALETTE)]) for i in range(len(groups))]
    looks += [(_MARKERS[i % len(_MARKERS)], ink) for i in range(len(kinds))]
    names = [legend_name(name, width=30) for name in (*groups, *kinds)]
    ax.legend(
        [Line2D([], [], linestyle="", marker=marker, color=color) for marker, color in looks],
        names,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.02),
        ncols=_n_columns(names),
        frameon=False,
        handletextpad=0.2,
        columnspacing=1.0,
        borderaxespad=0.0,
    )
