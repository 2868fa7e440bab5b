"""Draw the figures of a run's report again, as files to print."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aeviz.core.atomic_files import write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import SECTIONS
from aeviz.exports.base import Choices, Export
from aeviz.page.content import Figure
from aeviz.page.drawing import styled
from aeviz.page.figures import one_axes
from aeviz.plots.grid import legend, legend_height_px
from aeviz.plots.theme import DARK, LIGHT
from aeviz.report.coloring import coloring_of
from aeviz.runs.run import Run

__all__ = ["Sheet", "figure_export"]

INDEX = "figures.json"
SCHEMA = 1
LEGEND = "legend"
LEGEND_PX = 480
MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Sheet:
    """Drawn figure with its size on paper.

    Parameters
    ----------
    drawing : matplotlib Figure
    scale : float
        Factor by which everything, text included, is enlarged.
    dpi : int
        Pixels per inch of the file.
    """

    drawing: Any
    scale: float
    dpi: int

    @property
    def size_mm(self) -> tuple[float, float]:
        """Return width and height on paper."""
        width, height = self.drawing.get_size_inches() * self.scale * MM_PER_INCH
        return float(width), float(height)


def figure_export(suffix: str, save: Callable[[Sheet, Path], None]) -> Export:
    """Return the export of a run's figures into a folder, with an index that describes each.

    `save` writes one figure, and is called with its theme active.
    """

    def write(run: Any, folder: Path, choices: Choices) -> list[str]:
        figures = _figures(run)
        for name in choices.figures:
            if name not in figures:
                raise AevizError(f"there is no figure {name!r}; choose from {', '.join(figures)}")
        theme = DARK if choices.theme == DARK.name else LIGHT
        names, entries = list(dict.fromkeys(choices.figures or figures)), []
        for done, name in enumerate(names):
            section, figure = figures[name]
            choices.update(done, len(names), name)
            with styled(theme):
                sheet = Sheet(figure.draw(theme), 1.0, choices.dpi)
                if choices.width_mm is not None:
                    sheet = replace(sheet, scale=choices.width_mm / sheet.size_mm[0])
                save(sheet, folder / f"{name}{suffix}")
            width, height = sheet.size_mm
            texts = {"title": figure.title, "caption": figure.caption, "alt": figure.alt}
            size = {"width_mm": round(width, 2), "height_mm": round(height, 2)}
            entries.append({"file": f"{name}{suffix}", "section": section, **texts, **size})
        write_json(folder / INDEX, {"schema": SCHEMA, "run": run.data.name, "figures": entries})
        return [f"figures: {len(entries)}, and {INDEX}, which says what each shows"]

    options = frozenset({"figures", "theme", "width_mm", "dpi"})
    return Export(write, marker=INDEX, options=options)


def _figures(run: Run) -> dict[str, tuple[str, Figure]]:
    """Return every figure by its name, with the title of its section."""
    found = {}
    for section in sorted(SECTIONS.members().values(), key=lambda one: one.order):
        content = section.build(run)
        if content is not None:
            for figure in (*content.files, *content.figures()):
                found[figure.name] = (section.title, figure)
    coloring = coloring_of(run)
    if coloring.kind != "none":
        draw = one_axes(
            LEGEND_PX,
            legend_height_px(coloring, width_px=LEGEND_PX),
            lambda ax: legend(coloring, ax=ax),
            **dict.fromkeys(("left", "right", "top", "bottom"), 0),
        )
        legend_figure = Figure(LEGEND, draw, "What the colours of the embeddings mean.")
        found[LEGEND] = ("The embeddings", legend_figure)
    return found
