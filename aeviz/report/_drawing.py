"""Turn figures into files: both themes for the page, the light one as PNG and SVG to keep."""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from aeviz.plots._figure import DPI
from aeviz.plots._theme import DARK, LIGHT, Theme
from aeviz.report._content import Figure

__all__ = ["Drawn", "draw", "keep"]

DENSITY = 2
N_COLORS = 256


@dataclass(frozen=True)
class Drawn:
    """Hold one figure in both themes, as data addresses, with its size in CSS pixels."""

    light: str
    dark: str
    width_px: int
    height_px: int


def draw(figure: Figure, folder: Path) -> Drawn:
    """Draw a figure in both themes, and keep the light one as PNG and SVG files.

    Parameters
    ----------
    figure : Figure
    folder : Path
        Where the files go.
    """
    drawing, light = _drawn(figure, LIGHT)
    _write(figure, folder, drawing, light)
    _, dark = _drawn(figure, DARK)
    width, height = drawing.get_size_inches() * DPI
    return Drawn(_as_address(light), _as_address(dark), round(width), round(height))


def keep(figure: Figure, folder: Path) -> None:
    """Draw a figure for the folder only."""
    drawing, png = _drawn(figure, LIGHT)
    _write(figure, folder, drawing, png)


def _drawn(figure: Figure, theme: Theme) -> tuple[Any, bytes]:
    with matplotlib.rc_context(theme.rc), warnings.catch_warnings():
        # A label may hold characters that no font here has; the page's own text has them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        drawing = figure.draw(theme)
        drawing.set_dpi(DPI * DENSITY)
        canvas = FigureCanvasAgg(drawing)
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    return drawing, _png(pixels, has_photos=figure.has_photos)


def _png(pixels: np.ndarray, *, has_photos: bool) -> bytes:
    """Return pixels as PNG, with a table of colours unless they are photographs.

    A scatter plot of many points compresses badly; 256 colours make it a third as large
    and cannot be told from the original.
    """
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if not has_photos:
        image = image.quantize(N_COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(DPI * DENSITY, DPI * DENSITY), compress_level=7)
    return file.getvalue()


def _write(figure: Figure, folder: Path, drawing: Any, png: bytes) -> None:
    (folder / f"{figure.name}.png").write_bytes(png)
    with matplotlib.rc_context(LIGHT.rc), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        # Without a date, the same run gives the same file.
        drawing.savefig(folder / f"{figure.name}.svg", dpi=DPI * DENSITY, metadata={"Date": None})


def _as_address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
