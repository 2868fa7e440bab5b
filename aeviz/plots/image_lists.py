"""Draw lists of samples as images: rows, with their neighbours, or their reconstructions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from aeviz.plots.figure import DPI, box_axes, drawable, new_figure
from aeviz.plots.images import ImageScale, image_grid

__all__ = ["Neighbors", "Outlier", "image_rows", "neighbor_images", "outlier_images"]

# A row is no lower than its words, and images much higher than wide are drawn smaller.
_MAX_COLUMNS, _CELL_PX, _MIN_CELL_PX = 10, 84, 24
_NAME_PX, _MIN_ROW_PX, _BAND_GAP_PX = 96, 14, 12

NEIGHBORS_PX = 380
_TITLE_PX, _SAMPLE_GAP_PX, _WORDS_PX = 19, 15, 102
# The sample itself is as high as its two rows of neighbours.
_SHARE_OF_SAMPLE = 0.22
_NEIGHBOR_ROW_PX = (15.0, 64.0)

_OUTLIERS_PX, _OUTLIERS_PER_ROW = 508, 5
_OUTLIER_GAP_PX, _OUTLIER_WORDS_PX, _MAX_OUTLIER_PX = 12, 46, 96


def image_rows(rows: dict[str, np.ndarray], scale: ImageScale) -> Figure:
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
    n_columns = min(n_samples, max(_MAX_COLUMNS, math.ceil(math.sqrt(2 * n_samples))))
    n_bands = math.ceil(n_samples / n_columns)
    width = max(_MIN_CELL_PX, min(_CELL_PX, _MAX_COLUMNS * _CELL_PX / n_columns))
    is_named = len(rows) > 1
    width, height = scale.cell_px(width)
    height = max(height, _MIN_ROW_PX) if is_named else height
    left, gap = (_NAME_PX, _BAND_GAP_PX) if is_named else (0, 0)
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


@dataclass(frozen=True, eq=False)
class Neighbors:
    """One sample with its name, and its neighbours in both spaces, nearest first."""

    name: str
    sample: np.ndarray
    in_embedding: np.ndarray
    in_data: np.ndarray


def neighbor_images(shown: Sequence[Neighbors], scale: ImageScale) -> Figure:
    """Draw every sample at the left of two rows: its neighbours in the embedding and in the data.

    At least one sample, all with equally many neighbours. The figure has three axes per sample:
    itself, its neighbours in the embedding, those in the data.
    """
    sample_px = NEIGHBORS_PX * _SHARE_OF_SAMPLE
    room = NEIGHBORS_PX * (1 - _SHARE_OF_SAMPLE) - _WORDS_PX
    n_neighbors = max(len(one.in_embedding) for one in shown)
    row_px = float(np.clip(room / n_neighbors * scale.proportion, *_NEIGHBOR_ROW_PX))
    block_px = _TITLE_PX + 2 * row_px + 2 + _SAMPLE_GAP_PX
    figure = new_figure(NEIGHBORS_PX, block_px * len(shown) - _SAMPLE_GAP_PX)
    ink, muted = mpl.rcParams["text.color"], mpl.rcParams["axes.labelcolor"]
    for i, one in enumerate(shown):
        top = i * block_px
        _write(figure, drawable(one.name, width=70), 0, top + _TITLE_PX / 2 - 2, ink)
        top += _TITLE_PX
        _draw_row(figure, one.sample[None], scale, (0, top, sample_px - 12, 2 * row_px + 2))
        for row, X in enumerate((one.in_embedding, one.in_data)):
            above = top + row * (row_px + 2)
            words = "in the data" if row else "in the map"
            _write(figure, words, sample_px, above + row_px / 2, muted)
            _draw_row(figure, X, scale, (NEIGHBORS_PX - room, above, room, row_px))
    return figure


@dataclass(frozen=True, eq=False)
class Outlier:
    """One entry of the list: two lines, and two images of shape (n_features,)."""

    name: str
    about: str
    sample: np.ndarray
    reconstruction: np.ndarray


def outlier_images(shown: Sequence[Outlier], scale: ImageScale) -> Figure:
    """Draw samples in rows of five, each next to its reconstruction, with two lines below.

    At least one. The figure has one axes per entry, the sample at the left.
    """
    n_columns = _OUTLIERS_PER_ROW
    cell_px = (_OUTLIERS_PX - (n_columns - 1) * _OUTLIER_GAP_PX) / n_columns
    _, image_px = scale.cell_px(cell_px / 2, _MAX_OUTLIER_PX)
    row_px = image_px + _OUTLIER_WORDS_PX
    figure = new_figure(_OUTLIERS_PX, math.ceil(len(shown) / n_columns) * row_px)
    ink, muted = mpl.rcParams["text.color"], mpl.rcParams["axes.labelcolor"]
    for i, one in enumerate(shown):
        left, top = (i % n_columns) * (cell_px + _OUTLIER_GAP_PX), (i // n_columns) * row_px
        pair = np.stack([one.sample, one.reconstruction])
        _draw_row(figure, pair, scale, (left, top, cell_px, image_px))
        _write(figure, drawable(one.name, width=17), left, top + image_px + 11, ink)
        _write(figure, drawable(one.about, width=17), left, top + image_px + 26, muted)
    return figure


def _draw_row(
    figure: Figure, X: np.ndarray, scale: ImageScale, box: tuple[float, float, float, float]
) -> None:
    ax = box_axes(figure, box)
    image_grid(X, scale, n_columns=len(X), ax=ax)
    ax.set_anchor("W")


def _write(figure: Figure, text: str, left_px: float, middle_px: float, color: str) -> None:
    width, height = figure.get_size_inches() * DPI
    x, y = left_px / width, 1 - middle_px / height
    figure.text(x, y, text, va="center", ha="left", color=color)
