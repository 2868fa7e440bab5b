"""Draw a list of samples as images, each next to its reconstruction, with two lines below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from aeviz.plots.figure import box_axes, new_figure
from aeviz.plots.images import ImageScale, image_grid
from aeviz.plots.text import drawable

if TYPE_CHECKING:
    import matplotlib.figure

__all__ = ["Outlier", "outlier_sheet"]

N_COLUMNS = 5
WIDTH_PX = 508
GAP_PX = 12
WORDS_PX = 46
# Images much higher than wide are drawn smaller.
MAX_PX = 96


@dataclass(frozen=True, eq=False)
class Outlier:
    """One entry of the list: two lines, and two images of shape (n_features,)."""

    name: str
    about: str
    sample: np.ndarray
    reconstruction: np.ndarray


def outlier_sheet(shown: Sequence[Outlier], scale: ImageScale) -> matplotlib.figure.Figure:
    """Draw the entries in rows of five.

    Parameters
    ----------
    shown : sequence of Outlier
        At least one.
    scale : ImageScale

    Returns
    -------
    Figure
        One axes per entry, with the sample at the left of its reconstruction.
    """
    cell_px = (WIDTH_PX - (N_COLUMNS - 1) * GAP_PX) / N_COLUMNS
    _, image_px = scale.cell_px(cell_px / 2, MAX_PX)
    row_px = image_px + WORDS_PX
    total = math.ceil(len(shown) / N_COLUMNS) * row_px
    figure = new_figure(WIDTH_PX, total)
    ink, muted = mpl.rcParams["text.color"], mpl.rcParams["axes.labelcolor"]
    for i, one in enumerate(shown):
        left, top = (i % N_COLUMNS) * (cell_px + GAP_PX), (i // N_COLUMNS) * row_px
        ax = box_axes(figure, (left, top, cell_px, image_px))
        image_grid(np.stack([one.sample, one.reconstruction]), scale, n_columns=2, ax=ax)
        ax.set_anchor("W")
        lines = ((one.name, ink), (one.about, muted))
        for line, (text, color) in enumerate(lines):
            y = 1 - (top + image_px + 11 + 15 * line) / total
            shortened = drawable(text, width=17)
            figure.text(left / WIDTH_PX, y, shortened, va="center", ha="left", color=color)
    return figure
