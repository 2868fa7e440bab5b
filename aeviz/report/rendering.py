"""Draw the figures of a finished run and set them into one self-contained page.

Everything that the page needs is inside it: styles, and figures as data. It has no
script, and its Content-Security-Policy allows none and no request.
"""

from __future__ import annotations

import base64
import hashlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from aeviz import __version__
from aeviz._files import whole_file, whole_folder
from aeviz.registry import SECTIONS
from aeviz.report._content import Figure, Gallery, SectionContent
from aeviz.runs import Run

__all__ = ["render"]

PIXELS_PER_INCH = 96
DENSITY = 2


@dataclass(frozen=True)
class _Drawn:
    """Hold one figure in both themes, as data addresses, with its size in CSS pixels."""

    light: str
    dark: str
    width_px: int
    height_px: int


def render(run: Run, *, progress: Callable[[float, float, str], None] | None = None) -> Path:
    """Write ``report.html`` and the figures of a finished run.

    Parameters
    ----------
    run : Run
    progress : function (done, total, name of the section) or None

    Returns
    -------
    Path
        The page.

    Raises
    ------
    AevizError
        If the folder holds no finished run.
    """
    run.require_finished()
    built = []
    members = sorted(SECTIONS.members().items(), key=lambda item: item[1].order)
    with whole_folder(run.figures_path) as folder:
        for done, (name, section) in enumerate(members):
            if progress is not None:
                progress(done, len(members), name)
            content = section.build(run)
            if content is not None:
                drawn = {figure.name: _draw(figure, folder) for figure in _figures(content)}
                built.append(
                    {"name": name, "title": section.title, "content": content, "drawn": drawn}
                )
    with whole_file(run.report_path) as partial:
        partial.write_text(_page(run, built), encoding="utf-8")
    return run.report_path


def _figures(content: SectionContent) -> list[Figure]:
    """Return every figure of a section."""
    figures: list[Figure] = []
    for block in content.blocks:
        if isinstance(block, Figure):
            figures.append(block)
        elif isinstance(block, Gallery):
            figures.extend(block.figures)
    return figures


def _draw(figure: Figure, folder: Path) -> _Drawn:
    """Draw a figure in both themes, and keep the light one as PNG and SVG files."""
    import matplotlib

    from aeviz.plots._theme import DARK, LIGHT

    pictures = {}
    for theme in (LIGHT, DARK):
        with matplotlib.rc_context(theme.rc), warnings.catch_warnings():
            # A label may hold characters that the font lacks; the page's text has them.
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            drawing = figure.draw(theme)
            png = io.BytesIO()
            drawing.savefig(png, dpi=PIXELS_PER_INCH * DENSITY, facecolor=theme.paper)
            pictures[theme.name] = png.getvalue()
            if theme is LIGHT:
                (folder / f"{figure.name}.png").write_bytes(png.getvalue())
                svg = folder / f"{figure.name}.svg"
                drawing.savefig(svg, dpi=200, facecolor=theme.paper, metadata={"Date": None})
            width, height = drawing.get_size_inches() * PIXELS_PER_INCH
    return _Drawn(
        light=_as_address(pictures["light"]),
        dark=_as_address(pictures["dark"]),
        width_px=round(width),
        height_px=round(height),
    )


def _as_address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _page(run: Run, sections: list[dict[str, Any]]) -> str:
    """Fill the template."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("aeviz.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    styles = files("aeviz.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        run=run,
        sections=sections,
        # Ours, not the data's: the policy allows exactly this text by its hash.
        styles=Markup(styles),
        style_hash=f"sha256-{digest}",
        version=__version__,
    )
