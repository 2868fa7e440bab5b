"""Make figures in CSS pixels, without pyplot and its global list of figures."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["DPI", "axes_or_new", "new_figure", "pixel_axes"]

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
    return figure.add_axes(
        (
            left / width,
            bottom / height,
            (width - left - right) / width,
            (height - top - bottom) / height,
        )
    )


def axes_or_new(ax: Axes | None, *, width_px: float = 480, height_px: float = 480) -> Axes:
    """Return the axes given, or those of a new figure with room for ticks and names."""
    if ax is not None:
        return ax
    figure = new_figure(width_px, height_px)
    return pixel_axes(figure, left=56, right=16, top=24, bottom=44)
