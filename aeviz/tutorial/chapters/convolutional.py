"""Walk through the tutorial's convolutional network, whose code is itself small images."""

from dataclasses import replace
from typing import Any

import numpy as np

from aeviz.page.content import Figure, SectionContent
from aeviz.page.figures import CELL_PX
from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.images import ImageScale, image_grid
from aeviz.plots.theme import Theme
from aeviz.tutorial._model_blocks import model_blocks
from aeviz.tutorial._model_numbers import encoded, measure_models
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

SIDE, N_CHANNELS = 4, 8
TILE_PX = 34


def _measure(workshop: Workshop) -> Results:
    results = measure_models(workshop, "convolutional")
    code = encoded(workshop.published("convolutional"), results.arrays["original"])
    return replace(results, arrays={**results.arrays, "code": code})


def _show(results: Results) -> SectionContent:
    summary = (
        "Convolutions and pooling make 8 images of 4 × 4 numbers of an image, and convolutions and "
        "up-sampling make the image of them again."
    )
    difference = (
        "Both codes have 128 numbers. The published ones keep a place in the image each; aeviz "
        "puts a dense layer behind its convolutions, so that a number can stand for all of it, and "
        "has strides in place of pooling."
    )
    split, bands = model_blocks("convolutional", results, difference)
    return SectionContent(
        summary, [split, replace(bands, figures=[*bands.figures, _codes(results)])]
    )


def _codes(results: Results) -> Figure:
    """Return the published codes: a column an image, its eight channels under each other."""
    code = results.arrays["code"]
    n_images = len(code)
    # (images, height, width, channels) to one tile a channel and image, row by row.
    maps = code.reshape(n_images, SIDE, SIDE, N_CHANNELS).transpose(3, 0, 1, 2)
    tiles = maps.reshape(N_CHANNELS * n_images, SIDE * SIDE)
    scale = ImageScale(tiles, (SIDE, SIDE, 1))
    # Rectified numbers are ink on an empty ground, however few of them are zero.
    scale.is_drawing = True

    def draw(theme: Theme) -> Any:
        figure = new_figure(CELL_PX * n_images, N_CHANNELS * TILE_PX)
        for channel in range(N_CHANNELS):
            top, bottom = channel * TILE_PX, (N_CHANNELS - 1 - channel) * TILE_PX
            row = tiles[channel * n_images : (channel + 1) * n_images]
            for i, tile in enumerate(row):
                margin = (CELL_PX - TILE_PX) / 2
                left, right = i * CELL_PX + margin, (n_images - 1 - i) * CELL_PX + margin
                ax = pixel_axes(figure, left=left, right=right, top=top, bottom=bottom + 2)
                image_grid(tile[None], scale, n_columns=1, ax=ax)
        return figure

    zeros = f"{100 * float(np.mean(code == 0.0)):.0f} %"
    alt = (
        f"The published network’s codes of the {n_images} images: {N_CHANNELS} channels of "
        f"{SIDE} × {SIDE} numbers under each other, of which {zeros} are zero."
    )
    caption = "Eight channels under each other; the stronger, the larger the number."
    return Figure("convolutional_codes", draw, alt, caption, "Published code", [("zeros", zeros)])


CHAPTER = Chapter(
    "A convolutional autoencoder",
    40,
    _measure,
    _show,
    needs=("published convolutional", "convolutional"),
)
