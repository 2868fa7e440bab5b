"""Figures that several sections share: one pair of axes, and bands of small images."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aeviz.page.content import Figure, Gallery
from aeviz.page.wording import number
from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.images import ImageScale, image_grid
from aeviz.plots.theme import Theme

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

__all__ = ["CELL_PX", "NO_MARGINS", "Band", "Draw", "image_bands", "one_axes", "strip"]

CELL_PX = 84
NO_MARGINS = {"left": 0, "right": 0, "top": 0, "bottom": 0}

Draw = Callable[[Theme], "matplotlib.figure.Figure"]


class Band(NamedTuple):
    """A row of images: its file name, title, images, text alternative, and their error."""

    name: str
    title: str
    X: np.ndarray
    alt: str
    error: float | None = None


def one_axes(
    width_px: float,
    height_px: float,
    fill: Callable[..., object],
    **margins: float,
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

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    scale : ImageScale
        Of the originals, so that all bands have the same greys.
    """

    def fill(ax: matplotlib.axes.Axes) -> None:
        image_grid(X, scale, n_columns=len(X), ax=ax)
        ax.set_anchor("W")

    return one_axes(CELL_PX * len(X), scale.cell_px(CELL_PX)[1], fill, **NO_MARGINS)


def image_bands(bands: Iterable[Band], scale: ImageScale) -> Gallery:
    """Return rows of images, one below the other, with their errors."""
    figures = [
        Figure(
            band.name,
            strip(band.X, scale),
            band.alt,
            title=band.title,
            facts=[] if band.error is None else [("error", number(band.error))],
            has_photos=scale.shape[2] >= 3,
        )
        for band in bands
    ]
    return Gallery(figures, n_columns=1, is_strips=True)
