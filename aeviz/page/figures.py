"""Figures that several sections share: one pair of axes, and bands of small images."""

from collections.abc import Callable

import matplotlib.figure
import numpy as np
from matplotlib.axes import Axes

from aeviz.page.content import Figure
from aeviz.page.wording import number
from aeviz.plots import ImageScale, Theme, image_grid
from aeviz.plots.figure import new_figure, pixel_axes

__all__ = ["CELL_PX", "NO_MARGINS", "Draw", "image_band", "one_axes", "strip"]

CELL_PX = 84
NO_MARGINS = {"left": 0, "right": 0, "top": 0, "bottom": 0}

Draw = Callable[[Theme], matplotlib.figure.Figure]


def one_axes(
    width_px: float, height_px: float, fill: Callable[..., object], **margins: float
) -> Draw:
    """Return a function that draws a figure with one pair of axes.

    Parameters
    ----------
    width_px, height_px : float
        In CSS pixels.
    fill : function (ax)
        Draws into the axes.
    **margins : float
        Of `aeviz.plots.figure.pixel_axes`: left, right, top and bottom.
    """

    def draw(theme: Theme) -> matplotlib.figure.Figure:
        figure = new_figure(width_px, height_px)
        fill(ax=pixel_axes(figure, **margins))
        return figure

    return draw


def strip(X: np.ndarray, scale: ImageScale) -> Draw:
    """Return a function that draws images side by side, from the left of the figure.

    The scale is that of the originals, so that all bands have the same greys.
    """

    def fill(ax: Axes) -> None:
        image_grid(X, scale, n_columns=len(X), ax=ax)
        ax.set_anchor("W")

    return one_axes(CELL_PX * len(X), scale.cell_px(CELL_PX)[1], fill, **NO_MARGINS)


def image_band(
    name: str, title: str, X: np.ndarray, alt: str, scale: ImageScale, *, error: float | None = None
) -> Figure:
    """Return a row of images, with their error below it, for a gallery of strips."""
    facts = [] if error is None else [("error", number(error))]
    has_photos = scale.shape[2] >= 3
    return Figure(name, strip(X, scale), alt, title=title, facts=facts, has_photos=has_photos)
