"""Make the figures of the chapters on claims: line charts, and the scale of photographs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from aeviz.page.figures import Draw, one_axes
from aeviz.plots.images import ImageScale
from aeviz.plots.line_charts import Line, lines

__all__ = ["line_chart", "photo_scale"]


def line_chart(series: Mapping[str, Line], *, height_px: int = 340, **words: Any) -> Draw:
    """Return a function that draws lines; `words` are those of `aeviz.plots.line_charts.lines`."""

    def fill(ax: Any) -> None:
        lines(series, ax=ax, **words)

    return one_axes(508, height_px, fill, left=68, right=14, top=10, bottom=42)


def photo_scale(shape: tuple[int, int, int] = (28, 28, 1)) -> ImageScale:
    """Return a scale that draws 0 black and 1 white in either theme, as photographs are."""
    scale = ImageScale(np.array([0.0, 1.0]), shape)
    scale.is_drawing = False
    return scale
