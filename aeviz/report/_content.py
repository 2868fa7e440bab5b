"""Say what a section of the page is made of, before any of it is HTML.

A member of `aeviz.report.sections` is one `Section`; its `build` turns a finished run
into a `SectionContent`, or into None where it has nothing to say. Every text here is
plain: the templates escape it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import matplotlib.figure

    from aeviz.plots._theme import Theme
    from aeviz.runs import Run

__all__ = [
    "Block",
    "Cell",
    "Facts",
    "Figure",
    "Gallery",
    "Legend",
    "Section",
    "SectionContent",
    "Table",
    "Text",
]


@dataclass(frozen=True)
class Figure:
    """Describe one figure.

    Parameters
    ----------
    name : str
        File name without suffix.
    draw : function (theme) -> matplotlib Figure
        Called once a theme, under the theme's rc settings.
    alt : str
        One sentence with the numbers, for those who do not see the picture.
    caption, title : str
    attributes : mapping of str to str
        ``data-`` attributes of the element, for scripts to find it by.
    is_wide : bool
        Whether a narrow page is to scroll it sideways rather than shrink it.
    """

    name: str
    draw: Callable[[Theme], matplotlib.figure.Figure]
    alt: str
    caption: str = ""
    title: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_wide: bool = False
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class Gallery:
    """Lay figures out in a grid of so many columns, which stack on a narrow page."""

    figures: Sequence[Figure]
    n_columns: int
    kind: Literal["gallery"] = "gallery"


@dataclass(frozen=True)
class Legend:
    """Name the classes beside their colours, each a (name, hexadecimal colour)."""

    items: Sequence[tuple[str, str]]
    kind: Literal["legend"] = "legend"


@dataclass(frozen=True)
class Cell:
    """Hold one cell: its text, a second smaller line, and whether it is the row's best."""

    text: str
    note: str = ""
    is_best: bool = False


@dataclass(frozen=True)
class Table:
    """Describe a table whose first column names the rows.

    `groups` are (title, number of columns) above the column names, or empty.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    groups: Sequence[tuple[str, int]] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Facts:
    """List names with their values."""

    items: Sequence[tuple[str, str]]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Text:
    """Hold paragraphs; `is_verdict` sets them off as the answer that a reader came for."""

    paragraphs: Sequence[str]
    is_verdict: bool = False
    kind: Literal["text"] = "text"


Block = Figure | Gallery | Legend | Table | Facts | Text


@dataclass(frozen=True)
class SectionContent:
    """Hold what a section says of one run."""

    summary: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Section:
    """Describe a section: its title, its place on the page, and how it is built."""

    title: str
    order: int
    build: Callable[[Run], SectionContent | None]
