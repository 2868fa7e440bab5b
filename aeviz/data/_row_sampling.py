"""Draw random rows of a source that does not fit in memory while it is read.

A source that fits is read whole and sampled later, in proportion from every class. Where it does
not fit, labels are not known before it is read, so all rows have the same probability.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import budget_bytes, check_fits

__all__ = [
    "SMALLER_SAMPLE",
    "SMALLER_SOURCE",
    "can_only_be_sampled",
    "rows_per_piece",
    "sample_pieces",
    "sampling_note",
]

SMALLER_SOURCE = "a smaller source, or sample=N, which draws N of its rows while it is read"
SMALLER_SAMPLE = "a smaller sample"
_MAX_PIECE_CELLS = 2_000_000
_CELL_BYTES = 32


def can_only_be_sampled(n_bytes: int, *, what: str, sample: int | None) -> bool:
    """Return whether a source does not fit in memory and only a sample of it can be read.

    `AevizError` is raised if it does not fit and no sample is wanted.
    """
    if sample is None:
        check_fits(n_bytes, what=what, instead=SMALLER_SOURCE)
        return False
    return n_bytes > budget_bytes()


def rows_per_piece(n_columns: int) -> int:
    """Return how many rows of a table are read at a time while a sample of it is drawn."""
    n_cells = min(_MAX_PIECE_CELLS, budget_bytes() // _CELL_BYTES)
    return max(1, n_cells // max(1, n_columns))


def sample_pieces(
    pieces: Iterable[pd.DataFrame], n_drawn: int, *, seed: int, source: str
) -> tuple[pd.DataFrame, str]:
    """Return random rows of a table that comes in pieces, all with the same probability.

    Every row gets a random key, and the rows with the smallest keys are kept, so that little more
    than twice the sample is in memory.

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
        Sentence on what was done.

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
        check_fits(n_bytes, what=f"a sample of {source}", instead=SMALLER_SAMPLE)
    if not n_seen:
        raise AevizError(f"{source} has 0 samples; accepted: one row per sample")
    (table,) = _smallest(keys, kept, n_drawn)[1]
    return table, sampling_note(len(table), n_seen, seed=seed)


def _n_bytes(table: pd.DataFrame) -> int:
    return int(table.memory_usage(index=False).sum())


def _smallest(
    keys: np.ndarray, kept: list[pd.DataFrame], n_drawn: int
) -> tuple[np.ndarray, list[pd.DataFrame]]:
    """Return the rows of the smallest keys, in their order, and these keys."""
    rows = np.sort(np.argsort(keys, kind="stable")[:n_drawn])
    return keys[rows], [pd.concat(kept).iloc[rows]]


def sampling_note(n_drawn: int, n_rows: int, *, seed: int) -> str:
    """Return a sentence that says that rows were drawn from a source that does not fit."""
    return (
        f"The source does not fit in memory: {n_drawn:,} of its {n_rows:,} rows were drawn "
        f"while it was read (seed {seed}), all with the same chance."
    )
