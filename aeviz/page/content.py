"""Content of a section as data, before it becomes HTML.

Every text here is plain: the templates escape it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import matplotlib.figure

    from aeviz.plots.theme import Theme

__all__ = [
    "Block",
    "Cell",
    "ColorBar",
    "Copyable",
    "Effect",
    "Facts",
    "Figure",
    "Fold",
    "Gallery",
    "Key",
    "SectionContent",
    "Split",
    "Table",
    "Text",
    "Tone",
    "Verdict",
    "Verdicts",
    "table",
]

Tone = Literal["", "better", "worse", "same", "none"]


@dataclass(frozen=True)
class Figure:
    """A figure.

    Parameters
    ----------
    name : str
        File name without suffix.
    draw : function (theme) -> matplotlib Figure
        Called once per theme, under the theme's rc values.
    alt : str
        One sentence with the numbers, for readers who cannot see the figure.
    caption, title : str
    facts : sequence of (str, str)
        Names and values below the figure.
    attributes : mapping of str to str
        ``data-`` attributes of the element, for scripts to find it by.
    has_photos : bool
        Whether the figure needs more than 256 colours.
    density : float
        Pixels per CSS pixel on the page; files have two.
    """

    name: str
    draw: Callable[[Theme], matplotlib.figure.Figure]
    alt: str
    caption: str = ""
    title: str = ""
    facts: Sequence[tuple[str, str]] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    has_photos: bool = False
    density: float = 2
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class Gallery:
    """Figures in columns, which stack on a narrow page.

    With `is_strips`, figures are wide bands below each other, their titles at the left.
    """

    figures: Sequence[Figure]
    n_columns: int = 2
    is_strips: bool = False
    kind: Literal["gallery"] = "gallery"


@dataclass(frozen=True)
class ColorBar:
    """Colour bar of a continuous label, for both themes.

    `light` and `dark` are colours from `low` to `high`.
    """

    low: str
    high: str
    light: Sequence[str]
    dark: Sequence[str]


@dataclass(frozen=True)
class Key:
    """Key of colours: (name, colour) of each class, or a bar, and a note."""

    entries: Sequence[tuple[str, str]] = ()
    bar: ColorBar | None = None
    note: str = ""
    kind: Literal["key"] = "key"


@dataclass(frozen=True)
class Cell:
    """A table cell: its text and a second, smaller line.

    `is_best` marks the best of a row; `tone` and `word` give a verdict.
    """

    text: str
    note: str = ""
    is_best: bool = False
    tone: Tone = ""
    word: str = ""


@dataclass(frozen=True)
class Table:
    """A table whose first column names the rows.

    With `is_text`, cells are words and stand on the left of their columns. `heads` are
    sub-headings, by the number of the row that they stand before.
    """

    columns: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    title: str = ""
    is_text: bool = False
    heads: Mapping[int, str] = field(default_factory=dict)
    kind: Literal["table"] = "table"


def table(
    columns: Iterable[Any],
    rows: Iterable[Iterable[Any]],
    caption: str = "",
    title: str = "",
    **options: Any,
) -> Table:
    """Return a table of cells, or of words alone; `options` are those of `Table`."""

    def cells(row: Iterable[Any]) -> list[Cell]:
        return [Cell(one) if isinstance(one, str) else one for one in row]

    return Table(cells(columns), [cells(row) for row in rows], caption, title, **options)


@dataclass(frozen=True)
class Facts:
    """Names with their values; with `is_wide` the values are sentences."""

    items: Sequence[tuple[str, str]]
    title: str = ""
    is_wide: bool = False
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Text:
    """Paragraphs."""

    paragraphs: Sequence[str]
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Copyable:
    """A text to copy, with its line breaks; the page's script adds a button."""

    text: str
    is_code: bool = False
    kind: Literal["copyable"] = "copyable"


@dataclass(frozen=True)
class Effect:
    """A difference as a number of bands of what is practically the same; better ones are positive.

    `low` and `high` are the ends of its interval, None where there is none.
    """

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Verdict:
    """One comparison: the word, its tone, what was compared and by how much.

    `effect` is what is drawn of it, None where its metric has no band.
    """

    word: str
    tone: Tone
    subject: str
    amount: str
    effect: Effect | None = None


@dataclass(frozen=True)
class Verdicts:
    """A question with its answer in large type, and a forest plot of the comparisons behind it.

    `warning` says what the answer may not be relied on for.
    """

    question: str
    answer: str
    items: Sequence[Verdict]
    warning: str = ""
    kind: Literal["verdicts"] = "verdicts"


@dataclass(frozen=True)
class Split:
    """Blocks side by side, or below each other on a narrow page."""

    first: Sequence[Block]
    second: Sequence[Block]
    kind: Literal["split"] = "split"


@dataclass(frozen=True)
class Fold:
    """Blocks behind a line that opens them."""

    title: str
    blocks: Sequence[Block]
    kind: Literal["fold"] = "fold"


Block = Figure | Gallery | Key | Table | Facts | Text | Copyable | Verdicts | Split | Fold


@dataclass(frozen=True)
class SectionContent:
    """Content of one section.

    Parameters
    ----------
    summary : str
        One paragraph on top.
    blocks : sequence of Block
    files : sequence of Figure
        Figures that are kept as files and are not on the page.
    """

    summary: str
    blocks: Sequence[Block]
    files: Sequence[Figure] = ()

    def figures(self) -> Iterator[Figure]:
        """Yield every figure on the page, in its order."""
        yield from _figures(self.blocks)


def _figures(blocks: Sequence[Block]) -> Iterator[Figure]:
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Gallery):
            yield from block.figures
        elif isinstance(block, Split):
            yield from _figures([*block.first, *block.second])
        elif isinstance(block, Fold):
            yield from _figures(block.blocks)
