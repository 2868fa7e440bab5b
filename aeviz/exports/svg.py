"""Every figure of the report as SVG, to be printed at any size or edited."""

import re
from pathlib import Path

from aeviz.exports._figures import Sheet, figure_export

__all__ = ["EXPORT"]


def _save(sheet: Sheet, path: Path) -> None:
    # What is drawn in pixels has as many an inch of paper as were asked for. Without a date, the
    # same run gives the same file.
    sheet.drawing.savefig(path, format="svg", dpi=sheet.dpi * sheet.scale, metadata={"Date": None})
    if sheet.scale == 1:
        return
    text = path.read_text(encoding="utf-8")
    head, end, rest = text.partition("viewBox=")
    for name, size in zip(("width", "height"), sheet.size_mm, strict=True):
        head = re.sub(rf' {name}="[^"]*"', f' {name}="{size:.3f}mm"', head, count=1)
    path.write_text(head + end + rest, encoding="utf-8", newline="\n")


EXPORT = figure_export(".svg", _save)
