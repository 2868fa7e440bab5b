"""Draw bands of small images, all of one width, for galleries that set them under each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.images import ImageScale, image_grid
from aeviz.plots.theme import Theme

if TYPE_CHECKING:
    import matplotlib.figure

__all__ = ["CELL_PX", "strip"]

CELL_PX = 84


def strip(X: np.ndarray, scale: ImageScale) -> Callable[[Theme], matplotlib.figure.Figure]:
    """Return what draws images side by side, from the left of the figure.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    scale : ImageScale
        Of the originals, so that all bands have the same greys.
    """

    def draw(theme: Theme) -> matplotlib.figure.Figure:
        figure = new_figure(CELL_PX * len(X), scale.cell_px(CELL_PX)[1])
        ax = pixel_axes(figure, left=0, right=0, top=0, bottom=0)
        image_grid(X, scale, n_columns=len(X), ax=ax)
        ax.set_anchor("W")
        return figure

    return draw
