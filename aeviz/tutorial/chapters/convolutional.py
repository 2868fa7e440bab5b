"""Walk through the tutorial's convolutional network, whose code is itself small images."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from aeviz.plots._figure import new_figure, pixel_axes
from aeviz.plots._theme import Theme
from aeviz.plots.images import ImageScale, image_grid
from aeviz.report._content import Figure, SectionContent
from aeviz.tutorial._chapter import Chapter, Results, Workshop
from aeviz.tutorial._images import IMAGE_SHAPE
from aeviz.tutorial._measures import encoded, measure_pair
from aeviz.tutorial._showing import CELL_PX, pair_blocks

__all__ = ["CHAPTER"]

SIDE, N_CHANNELS = 4, 8
TILE_PX, GAP_PX = 45, 10


def _measure(workshop: Workshop) -> Results:
    results = measure_pair(workshop, "convolutional")
    code = encoded(workshop.published("convolutional"), results.arrays["original"])
    return replace(results, arrays={**results.arrays, "code": code})


def _show(results: Results) -> SectionContent:
    summary = (
        "Convolutions and pooling make 8 images of 4 × 4 numbers of an image, and convolutions and "
        "up-sampling make the image of them again."
    )
    difference = (
        "Both codes have 128 numbers. The published ones keep a place in the image each; aeviz "
        "puts dense layers behind its convolutions, so that a number can stand for all of it, and "
        "has strides in place of pooling."
    )
    blocks = pair_blocks("convolutional", results, difference)
    return SectionContent(summary, [*blocks, _codes(results)])


def _codes(results: Results) -> Figure:
    """Return the published codes: a column an image, its eight channels under each other."""
    originals, code = results.arrays["original"], results.arrays["code"]
    n_images = len(code)
    # (images, height, width, channels) to one tile a channel and image, row by row.
    maps = code.reshape(n_images, SIDE, SIDE, N_CHANNELS).transpose(3, 0, 1, 2)
    tiles = maps.reshape(N_CHANNELS * n_images, SIDE * SIDE)

    def draw(theme: Theme) -> Any:
        figure = new_figure(CELL_PX * n_images, CELL_PX + GAP_PX + N_CHANNELS * TILE_PX)
        ax = pixel_axes(figure, left=0, right=0, top=0, bottom=GAP_PX + N_CHANNELS * TILE_PX)
        image_grid(originals, ImageScale(originals, IMAGE_SHAPE), n_columns=n_images, ax=ax)
        scale = ImageScale(tiles, (SIDE, SIDE, 1))
        for channel in range(N_CHANNELS):
            above, below = channel, N_CHANNELS - 1 - channel
            top = CELL_PX + GAP_PX + above * TILE_PX
            ax = pixel_axes(figure, left=0, right=0, top=top, bottom=below * TILE_PX)
            row = tiles[channel * n_images : (channel + 1) * n_images]
            image_grid(row, scale, n_columns=n_images, ax=ax, gap=SIDE)
        return figure

    n_zero = float(np.mean(code == 0.0))
    caption = (
        "Below each image its code, the eight channels under each other, darker where the number "
        f"is larger. {100 * n_zero:.0f} % of these numbers are zero."
    )
    alt = (
        f"Codes of {n_images} test images as {N_CHANNELS} images of {SIDE} × {SIDE} each. {caption}"
    )
    return Figure("convolutional_codes", draw, alt, caption, "The code, published network")


CHAPTER = Chapter(
    "A convolutional autoencoder",
    40,
    _measure,
    _show,
    needs=("published convolutional", "convolutional"),
)
