"""Drawing of figures: both themes for the page, the light one as PNG and SVG files."""

import base64
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from aeviz.page.content import Figure
from aeviz.plots.figure import DPI
from aeviz.plots.theme import DARK, LIGHT, Theme

__all__ = ["Drawn", "draw", "keep", "styled"]

DENSITY = 2
N_COLORS = 256
MAX_EXACT_BYTES = 36_000
MUCH_LESS = 0.7


@dataclass(frozen=True)
class Drawn:
    """A figure in both themes, as data URLs, with its size in CSS pixels."""

    light: str
    dark: str
    width_px: int
    height_px: int


def draw(figure: Figure, folder: Path) -> Drawn:
    """Draw a figure in both themes, and keep the light one as PNG and SVG files in a folder."""
    drawing, light = keep(figure, folder)
    _, dark = _drawn(figure, DARK)
    width, height = drawing.get_size_inches() * DPI
    urls = _data_url(light, figure.density), _data_url(dark, figure.density)
    return Drawn(*urls, round(width), round(height))


def keep(figure: Figure, folder: Path) -> tuple[Any, np.ndarray]:
    """Draw a figure for the folder only; return it in the light theme, and its pixels."""
    drawing, pixels = _drawn(figure, LIGHT)
    (folder / f"{figure.name}.png").write_bytes(_png(pixels, has_photos=figure.has_photos))
    with styled(LIGHT):
        # Without a date, the same run gives the same file.
        drawing.savefig(folder / f"{figure.name}.svg", dpi=DPI * DENSITY, metadata={"Date": None})
    return drawing, pixels


@contextmanager
def styled(theme: Theme) -> Iterator[None]:
    """Draw and save figures in a theme over the ``with`` block."""
    with matplotlib.rc_context(theme.rc), warnings.catch_warnings():
        # A label may hold characters that no font here has; the page's own text has them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _drawn(figure: Figure, theme: Theme) -> tuple[Any, np.ndarray]:
    with styled(theme):
        drawing = figure.draw(theme)
        drawing.set_dpi(DPI * DENSITY)
        canvas = FigureCanvasAgg(drawing)
        canvas.draw()
        pixels = np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])
    return drawing, pixels


def _png(pixels: np.ndarray, *, has_photos: bool) -> bytes:
    """Return pixels as PNG, with a table of colours unless they are photographs.

    A scatter plot of many points compresses badly; 256 colours make it a third as large
    and cannot be told from the original.
    """
    image = Image.fromarray(pixels)
    if not has_photos:
        image = image.quantize(N_COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return _encoded(image, "PNG", dpi=(DPI * DENSITY, DPI * DENSITY), compress_level=7)


def _data_url(pixels: np.ndarray, density: float) -> str:
    """Return pixels as a WebP data URL: exact, unless that is much larger than a lossy one.

    Text and lines are small and stay exact. A map of very many points is large, and the lossy
    image looks the same.
    """
    image = Image.fromarray(pixels)
    if density != DENSITY:
        size = [round(side * density / DENSITY) for side in image.size]
        image = image.resize((size[0], size[1]), Image.Resampling.BOX)
    content = _encoded(image, "WEBP", lossless=True, quality=50, method=2)
    if len(content) > MAX_EXACT_BYTES:
        lossy = _encoded(image, "WEBP", quality=80, method=2)
        content = lossy if len(lossy) < MUCH_LESS * len(content) else content
    return f"data:image/webp;base64,{base64.b64encode(content).decode()}"


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
