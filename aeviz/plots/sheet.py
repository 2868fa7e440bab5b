"""Draw a sheet of images: new ones alone, or originals with reconstructions under them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aeviz.plots.figure import box_axes, new_figure
from aeviz.plots.images import ImageScale, image_grid

if TYPE_CHECKING:
    import matplotlib.figure

__all__ = ["sheet"]

MAX_COLUMNS = 10
CELL_PX = 84
MIN_CELL_PX = 24
WIDTH_PX = MAX_COLUMNS * CELL_PX
NAME_PX, MIN_ROW_PX = 96, 14
GAP_PX = 12


def sheet(rows: dict[str, np.ndarray], scale: ImageScale) -> matplotlib.figure.Figure:
    """Draw images in bands, each with one row of every kind of image.

    Parameters
    ----------
    rows : dict of str to ndarray of shape (n_samples, n_features)
        What stands under each other, from the top, by its name; of equal lengths. The name is
        written at the left, unless there is one kind only.
    scale : ImageScale

    Returns
    -------
    Figure
        One axes per row and band.
    """
    (n_samples,) = {len(X) for X in rows.values()}
    n_columns = min(n_samples, max(MAX_COLUMNS, math.ceil(math.sqrt(2 * n_samples))))
    n_bands = math.ceil(n_samples / n_columns)
    width = max(MIN_CELL_PX, min(CELL_PX, WIDTH_PX / n_columns))
    is_named = len(rows) > 1
    # Images much higher than wide are drawn smaller, and a row is no lower than its name.
    width, height = scale.cell_px(width)
    height = max(height, MIN_ROW_PX) if is_named else height
    left, gap = (NAME_PX, GAP_PX) if is_named else (0, 0)
    total = n_bands * (len(rows) * height + gap) - gap
    figure = new_figure(left + n_columns * width, total)
    for band in range(n_bands):
        shown = slice(band * n_columns, (band + 1) * n_columns)
        for number, (name, X) in enumerate(rows.items()):
            top = band * (len(rows) * height + gap) + number * height
            ax = box_axes(figure, (left, top, n_columns * width, height))
            image_grid(X[shown], scale, n_columns=n_columns, ax=ax)
            if is_named:
                x = -8 / (n_columns * width)
                ax.text(x, 0.5, name, ha="right", va="center", transform=ax.transAxes)
    return figure
