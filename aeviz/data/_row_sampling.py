"""Draw rows of a source that does not fit in memory while it is read.

What fits is read whole and sampled later, in proportion from every class. Of what does not,
labels are not known before it is read, so all rows are drawn from alike.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import budget_bytes, check_fits

__all__ = ["INSTEAD", "draw_rows", "drawing_note", "drawn_numbers", "has_to_draw"]

INSTEAD = "a smaller source, or --sample N, which draws N of its rows while it is read"


def has_to_draw(n_bytes: int, *, what: str, sample: int | None) -> bool:
    """Tell whether a source can only be sampled.

    Parameters
    ----------
    n_bytes : int
        Memory that the whole takes.
    what : str
        What it is called in messages.
    sample : int or None
        How many rows are wanted.

    Raises
    ------
    AevizError
        If it does not fit and no sample is wanted.
    """
    if sample is None:
        check_fits(n_bytes, what=what, instead=INSTEAD)
        return False
    return n_bytes > budget_bytes()


def drawn_numbers(n_rows: int, n_drawn: int, *, seed: int) -> np.ndarray:
    """Return the numbers of rows drawn without replacement, in ascending order."""
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(n_rows, min(n_drawn, n_rows), replace=False))


def draw_rows(
    pieces: Iterable[pd.DataFrame], n_drawn: int, *, seed: int, source: str
) -> tuple[pd.DataFrame, str]:
    """Return rows of a table that comes in pieces, all drawn with the same chance.

    Every row gets a random key, and those with the smallest keys stay, so that little more than
    twice the sample is in memory.

    Parameters
    ----------
    pieces : iterable of DataFrame
        With the same columns. An index of row numbers is that of the piece alone and does not
        count; another one is kept.
    n_drawn : int
    seed : int
    source : str
        What the table is called in messages.

    Returns
    -------
    table : DataFrame
        In the source's order, its index its own or else the numbers of the rows.
    note : str
        What was done.

    Raises
    ------
    AevizError
        If there are no rows, or even the drawn ones do not fit in memory.
    """
    rng = np.random.default_rng(seed)
    n_seen, n_bytes, bound = 0, 0, 1.0
    keys, kept = np.empty(0), list[pd.DataFrame]()
    for piece in pieces:
        new = rng.random(len(piece))
        if isinstance(piece.index, pd.RangeIndex):
            piece = piece.set_axis(pd.RangeIndex(n_seen, n_seen + len(piece)), axis=0)
        n_seen += len(piece)
        kept.append(piece[new < bound])
        n_bytes += _n_bytes(kept[-1])
        keys = np.concatenate([keys, new[new < bound]])
        if len(keys) > 2 * n_drawn:
            keys, kept = _smallest(keys, kept, n_drawn)
            bound, n_bytes = float(keys.max()), _n_bytes(kept[0])
        check_fits(n_bytes, what=f"a sample of {source}", instead="a smaller --sample")
    if not n_seen:
        raise AevizError(f"{source} has 0 samples; accepted: a row a sample")
    table = _smallest(keys, kept, n_drawn)[1][0]
    return table, drawing_note(len(table), n_seen, seed=seed)


def _n_bytes(table: pd.DataFrame) -> int:
    return int(table.memory_usage(index=False).sum())


def _smallest(
    keys: np.ndarray, kept: list[pd.DataFrame], n_drawn: int
) -> tuple[np.ndarray, list[pd.DataFrame]]:
    """Return the rows of the smallest keys, in their order, and these keys."""
    places = np.sort(np.argsort(keys, kind="stable")[:n_drawn])
    return keys[places], [pd.concat(kept).iloc[places]]


def drawing_note(n_drawn: int, n_rows: int, *, seed: int) -> str:
    """Say that rows were drawn from a source that does not fit."""
    return (
        f"The source does not fit in memory: {n_drawn:,} of its {n_rows:,} rows were drawn "
        f"while it was read (seed {seed}), all with the same chance."
    )
