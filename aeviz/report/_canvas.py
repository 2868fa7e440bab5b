"""Make empty figures without pyplot and its global state."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["canvas", "panels"]


def panels(
    n_rows: int, n_columns: int, *, width: float, height: float
) -> tuple[Figure, list[Axes]]:
    """Return a figure of a size in inches and its axes, row by row."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as NewFigure

    figure = NewFigure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, list(figure.subplots(n_rows, n_columns, squeeze=False).ravel())


def canvas(*, width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of a size in inches and its only axes."""
    figure, (ax,) = panels(1, 1, width=width, height=height)
    return figure, ax
