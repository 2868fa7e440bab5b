"""Make the figures of the chapters on claims: line charts, and the scale of photographs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.images import ImageScale
from aeviz.plots.lines import Line, lines
from aeviz.plots.theme import Theme

__all__ = ["line_chart", "photo_scale"]


def line_chart(
    series: Mapping[str, Line], *, width_px: int = 508, height_px: int = 340, **words: Any
) -> Callable[[Theme], Any]:
    """Return what draws a line chart; `words` are those of `aeviz.plots.lines.lines`."""

    def draw(theme: Theme) -> Any:
        figure = new_figure(width_px, height_px)
        lines(series, ax=pixel_axes(figure, left=68, right=14, top=10, bottom=42), **words)
        return figure

    return draw


def photo_scale(shape: tuple[int, int, int] = (28, 28, 1)) -> ImageScale:
    """Return a scale that draws 0 black and 1 white in either theme, as photographs are."""
    scale = ImageScale(np.array([0.0, 1.0]), shape)
    scale.is_drawing = False
    return scale
