"""Make the tables of chapters from plain texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from aeviz.page.content import Cell, Table
from aeviz.page.wording import fixed

__all__ = ["Entry", "mean_cell", "percent", "table"]

Entry = Cell | str | tuple[str, str]


def table(
    heads: Sequence[Entry], rows: Iterable[Sequence[Entry]], caption: str = "", title: str = ""
) -> Table:
    """Return a table; an entry is a cell, its text, or its text and note."""
    return Table(_cells(heads), [_cells(row) for row in rows], caption, title)


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


def _cells(entries: Sequence[Entry]) -> list[Cell]:
    return [
        one if isinstance(one, Cell) else Cell(*((one,) if isinstance(one, str) else one))
        for one in entries
    ]
