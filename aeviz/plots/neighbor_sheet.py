"""Draw samples next to their neighbours in an embedding and in the original data, as images."""

from __future__ import annotations

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

__all__ = ["Neighbors", "neighbor_sheet"]

WIDTH_PX = 380
NAME_PX, GAP_PX, WORDS_PX = 19, 15, 102
# The sample itself is as high as its two rows of neighbours.
SHARE_OF_SAMPLE = 0.22
# A row is no lower than its words, and images much higher than wide are drawn smaller.
ROW_PX = (15.0, 64.0)


@dataclass(frozen=True, eq=False)
class Neighbors:
    """One sample with its neighbours.

    Parameters
    ----------
    name : str
        Stands above.
    sample : ndarray of shape (n_features,)
    in_embedding, in_data : ndarray of shape (n_neighbors, n_features)
        Nearest first.
    """

    name: str
    sample: np.ndarray
    in_embedding: np.ndarray
    in_data: np.ndarray


def neighbor_sheet(shown: Sequence[Neighbors], scale: ImageScale) -> matplotlib.figure.Figure:
    """Draw every sample at the left of two rows: its neighbours in the embedding and in the data.

    Parameters
    ----------
    shown : sequence of Neighbors
        At least one, all with equally many neighbours.
    scale : ImageScale

    Returns
    -------
    Figure
        Three axes per sample: itself, its neighbours in the embedding, those in the data.
    """
    n_neighbors = max(len(one.in_embedding) for one in shown)
    room = WIDTH_PX * (1 - SHARE_OF_SAMPLE) - WORDS_PX
    row_px = float(np.clip(room / n_neighbors * scale.proportion, *ROW_PX))
    block_px = NAME_PX + 2 * row_px + 2 + GAP_PX
    total = block_px * len(shown) - GAP_PX
    figure = new_figure(WIDTH_PX, total)

    def images(X: np.ndarray, left: float, top: float, box: tuple[float, float]) -> None:
        ax = box_axes(figure, (left, top, *box))
        image_grid(X, scale, n_columns=len(X), ax=ax)
        ax.set_anchor("W")

    def words(text: str, left: float, middle: float, color: str) -> None:
        x, y = left / WIDTH_PX, 1 - middle / total
        figure.text(x, y, text, va="center", ha="left", color=color)

    ink, muted = mpl.rcParams["text.color"], mpl.rcParams["axes.labelcolor"]
    for i, one in enumerate(shown):
        top = i * block_px
        words(drawable(one.name, width=70), 0, top + NAME_PX / 2 - 2, ink)
        top += NAME_PX
        images(one.sample[None], 0, top, (WIDTH_PX * SHARE_OF_SAMPLE - 12, 2 * row_px + 2))
        for row, (what, X) in enumerate(
            (("in the map", one.in_embedding), ("in the data", one.in_data))
        ):
            above = top + row * (row_px + 2)
            words(what, WIDTH_PX * SHARE_OF_SAMPLE, above + row_px / 2, muted)
            images(X, WIDTH_PX - room, above, (room, row_px))
    return figure
