"""Every figure of the report as PNG, in the resolution that print asks for."""

from pathlib import Path

from aeviz.exports._figures import Sheet, figure_export

__all__ = ["EXPORT"]


def _save(sheet: Sheet, path: Path) -> None:
    dpi = sheet.dpi
    # Lines and letters grow with the figure, for it is only drawn with more pixels.
    sheet.drawing.savefig(
        path, format="png", dpi=dpi * sheet.scale, pil_kwargs={"dpi": (dpi, dpi), "optimize": True}
    )


EXPORT = figure_export(".png", _save)
