"""Every figure of the report as PNG, in the resolution that print asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aeviz.exports._figures import FIGURE_OPTIONS, INDEX, Sheet, write_figures
from aeviz.exports.base import Choices, Export

__all__ = ["EXPORT"]


def _write(run: Any, path: Path, choices: Choices) -> list[str]:
    return write_figures(run, path, choices, ".png", _save)


def _save(sheet: Sheet, path: Path) -> None:
    dpi = sheet.dpi
    # Lines and letters grow with the figure, for it is only drawn with more pixels.
    sheet.drawing.savefig(
        path, format="png", dpi=dpi * sheet.scale, pil_kwargs={"dpi": (dpi, dpi), "optimize": True}
    )


EXPORT = Export(_write, marker=INDEX, options=FIGURE_OPTIONS)
