"""Make the verdicts, tables and charts of chapters, in the same words in all of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from aeviz.page.content import Cell, Figure, Key, Table, Tone, Verdict, Verdicts
from aeviz.page.figures import one_axes
from aeviz.page.wording import fixed
from aeviz.plots.coloring import Coloring
from aeviz.plots.line_charts import Line, lines
from aeviz.plots.theme import class_colors

__all__ = [
    "Entry",
    "Finding",
    "answered",
    "class_key",
    "finding",
    "line_chart",
    "mean_cell",
    "overall",
    "percent",
    "table",
    "verdicts",
]

Entry = Cell | str | tuple[str, str]

_WORDS: dict[bool | None, tuple[str, Tone]] = {
    True: ("holds", "better"),
    False: ("does not hold", "worse"),
    None: ("in part", "none"),
}


class Finding(NamedTuple):
    """Result on a claim in one respect: whether it holds, None for in part, and its words."""

    holds: bool | None
    verdict: Verdict


def finding(holds: bool | None, subject: str, amount: str) -> Finding:
    """Return whether a claim holds in one respect, with the words for it."""
    return Finding(holds, Verdict(*_WORDS[holds], subject, amount))


def overall(findings: Iterable[bool | None]) -> bool | None:
    """Return whether a claim holds in all respects, in none, or in part (None).

    Examples
    --------
    >>> overall([True, True]), overall([False, False]), overall([True, False])
    (True, False, None)
    """
    found = set(findings)
    return found.pop() if len(found) == 1 else None


def answered(holds: bool | None, text: str) -> str:
    """Return a sentence after the word that answers whether a claim holds.

    Examples
    --------
    >>> answered(None, "At 2 numbers it does.")
    'In part. At 2 numbers it does.'
    """
    word = "In part." if holds is None else "Yes." if holds else "No."
    return f"{word} {text}"


def verdicts(
    question: str, findings: Sequence[Finding], answer: str, *, n_counted: int | None = None
) -> Verdicts:
    """Return a question, its answer and the findings behind it.

    The answer comes without the word that says whether the claim holds: the first `n_counted`
    findings decide on that, or all.
    """
    holds = overall(one.holds for one in findings[:n_counted])
    return Verdicts(question, answered(holds, answer), [one.verdict for one in findings])


def table(
    heads: Sequence[Entry], rows: Iterable[Sequence[Entry]], caption: str = "", title: str = ""
) -> Table:
    """Return a table; an entry is a cell, its text, or its text and note."""
    return Table(_cells(heads), [_cells(row) for row in rows], caption, title)


def _cells(entries: Sequence[Entry]) -> list[Cell]:
    return [
        one if isinstance(one, Cell) else Cell(*((one,) if isinstance(one, str) else one))
        for one in entries
    ]


def class_key(coloring: Coloring) -> Key:
    """Return the key of the colours of classes."""
    colors = class_colors(coloring.n_classes)
    return Key(entries=list(zip(coloring.class_names, colors, strict=True)))


def mean_cell(values: Sequence[float], decimals: int) -> Cell:
    """Return the mean of values from several trainings, with their range below it."""
    note = f"{fixed(min(values), decimals)} to {fixed(max(values), decimals)}"
    return Cell(fixed(float(np.mean(values)), decimals), note if len(values) > 1 else "")


def percent(share: float, decimals: int) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> percent(0.1234, 1)
    '12.3 %'
    """
    return f"{fixed(100 * share, decimals)} %"


def line_chart(
    name: str,
    series: Mapping[str, Line],
    alt: str,
    *,
    caption: str = "",
    title: str,
    height_px: int = 340,
    **words: Any,
) -> Figure:
    """Return a figure of lines; `words` are those of `aeviz.plots.line_charts.lines`."""
    margins = {"left": 68, "right": 14, "top": 10, "bottom": 42}
    draw = one_axes(508, height_px, lambda ax: lines(series, ax=ax, **words), **margins)
    return Figure(name, draw, alt, caption, title)
