"""Make figures in CSS pixels, without pyplot and its global list of figures."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

__all__ = [
    "DPI",
    "axes_or_new",
    "box_axes",
    "label_axes",
    "new_figure",
    "pixel_axes",
    "plain_log_axis",
    "style_rows",
]

DPI = 100


def new_figure(width_px: float, height_px: float) -> Figure:
    """Return an empty figure of a size in CSS pixels.

    Examples
    --------
    >>> new_figure(300, 200).get_size_inches().tolist()
    [3.0, 2.0]
    """
    figure = Figure(figsize=(width_px / DPI, height_px / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def pixel_axes(
    figure: Figure, *, left: float = 1, right: float = 1, top: float = 1, bottom: float = 1
) -> Axes:
    """Return axes that leave margins of so many CSS pixels."""
    width, height = figure.get_size_inches() * DPI
    return box_axes(figure, (left, top, width - left - right, height - top - bottom))


def box_axes(figure: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Return axes in a box: left, top, width and height in CSS pixels, from the upper left."""
    width, height = figure.get_size_inches() * DPI
    left, top, wide, high = box
    return figure.add_axes((left / width, 1 - (top + high) / height, wide / width, high / height))


def label_axes(ax: Axes, xlabel: str, ylabel: str) -> None:
    """Name both axes, and draw horizontal grid lines in place of a frame."""
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(axis="y", zorder=0)
    ax.spines[["top", "right"]].set_visible(False)


def plain_log_axis(ax: Axes, form: str = "{:g}") -> None:
    """Write plain numbers along a logarithmic x axis; powers are mathematics, drawn nowhere."""
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: form.format(value)))
    ax.xaxis.set_minor_formatter(NullFormatter())


def style_rows(ax: Axes, names: Sequence[str], *, top: float = -0.6) -> None:
    """Set axes up for one row per name, with vertical grid lines in place of a frame."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, top)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", zorder=0)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)


def axes_or_new(ax: Axes | None, *, width_px: float = 480, height_px: float = 480) -> Axes:
    """Return the axes given, or those of a new figure with room for ticks and names."""
    if ax is not None:
        return ax
    figure = new_figure(width_px, height_px)
    return pixel_axes(figure, left=56, right=16, top=24, bottom=44)
