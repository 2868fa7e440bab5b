"""Pair the rows of two sources by the ids of their samples, or else by their place.

Coordinates that another program made, and labels from a second file, often come in another order
than the samples. Where both sides have ids these decide; where one has none, the place does, and
a note says so. Ids that differ are refused: no row is left out of either side.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural, quoted
from aeviz.data._files import check_readable
from aeviz.data.column_names import name_kind
from aeviz.data.formats.base import ReadOptions, format_of

__all__ = ["id_column", "is_table_file", "paired_rows", "same_ids", "table_columns"]

_OURS = "sample_id"
_UNNAMED = "Unnamed: "


def paired_rows(
    ids: np.ndarray | None, others: np.ndarray | None, *, n_samples: int, what: str, of: str
) -> tuple[np.ndarray | None, list[str]]:
    """Return which row of one source belongs to each sample of another.

    Parameters
    ----------
    ids : ndarray of shape (n_samples,) or None
        Of the samples; None where they have none.
    others : ndarray or None
        Of the rows to be paired with them.
    n_samples : int
    what, of : str
        What the rows and the samples are called in messages, for example ``"y.csv"`` and
        ``"X.csv"``.

    Returns
    -------
    ndarray of int of shape (n_samples,), or None
        Numbers of the rows; None for those of the samples, in the same order.
    list of str
        A note, where it is not obvious how they were paired.

    Raises
    ------
    AevizError
        If both sides have ids that are not the same, or one of them has an id twice.

    Examples
    --------
    >>> rows, notes = paired_rows(
    ...     np.array(["a", "b"]), np.array(["b", "a"]), n_samples=2, what="y.csv", of="X.csv"
    ... )
    >>> rows.tolist(), notes
    ([1, 0], ['The rows of y.csv were matched by the ids of X.csv.'])
    """
    if others is None:
        return None, [] if ids is None else [f"{_by_place(what)}, which has no ids."]
    if ids is None:
        return _by_number(others, n_samples=n_samples, what=what, of=of)
    mine, theirs = _texts(ids), _texts(others)
    if set(mine) != set(theirs):
        # Numbers in their order say no more than the place, and are no ids.
        if len(theirs) == n_samples and _are_numbers(theirs):
            return None, [f"{_by_place(what)}, whose rows are numbered."]
        if len(theirs) == n_samples and _are_numbers(mine):
            return None, [f"{_by_place(what)}: the samples of {of} are numbered."]
    for name, texts in ((what, theirs), (of, mine)):
        repeated = next((one for one, count in Counter(texts).items() if count > 1), None)
        if repeated is not None:
            raise AevizError(
                f"{name} has the id {quoted(repeated)} more than once; accepted: ids that differ"
            )
    if set(mine) != set(theirs):
        raise AevizError(_difference(mine, theirs, what=what, of=of))
    if theirs == mine:
        return None, []
    place = {one: row for row, one in enumerate(theirs)}
    rows = np.array([place[one] for one in mine], dtype=np.int64)
    return rows, [f"The rows of {what} were matched by the ids of {of}."]


def same_ids(ids: np.ndarray, others: np.ndarray) -> bool:
    """Return whether two lists of ids hold the same, in any order.

    Examples
    --------
    >>> same_ids(np.array([1, 2]), np.array(["2", "1"]))
    True
    """
    return len(ids) == len(others) and set(_texts(ids)) == set(_texts(others))


def is_table_file(path: Path) -> bool:
    """Return whether a path is named like a file of a table with named columns."""
    member = format_of(path)
    return member is not None and member.column_names is not None and bool(member.suffixes)


def table_columns(
    path: Path, wanted: Sequence[str] = ()
) -> tuple[dict[str, np.ndarray], np.ndarray | None]:
    """Return the columns of a table in the dtypes of labels, by name, and the ids of its index.

    Where a column cannot be labels, for example because it holds long texts, only those columns
    are returned that are wanted or named like ids.

    Raises
    ------
    AevizError
        If the file is no table that can be read.
    """
    member = format_of(path)
    if member is None or member.column_names is None:
        raise AevizError(f"{path} is no table; accepted: a file with named columns")
    check_readable(path)
    names = member.column_names(path, ReadOptions())
    names = [name for name in names if not name.startswith(_UNNAMED)]
    try:
        found = member.open(path, ReadOptions(label=tuple(names))).dataset()
    except AevizError:
        few = [name for name in names if name in wanted or _is_id(name)]
        if len(few) == len(names):
            raise
        names, found = few, member.open(path, ReadOptions(label=tuple(few))).dataset()
    columns = {} if found.y is None else {names[0]: found.y}
    return {**columns, **found.metadata}, found.sample_ids


def id_column(columns: dict[str, np.ndarray], ids: np.ndarray | None) -> str | None:
    """Return the name of the column that holds ids: those of the samples, or named like ids."""
    for name, values in columns.items():
        if ids is not None and same_ids(ids, values):
            return name
    return next((name for name in columns if _is_id(name)), None)


def _is_id(name: str) -> bool:
    return name == _OURS or name_kind(name) in ("id", "key", "row")


def _by_place(what: str) -> str:
    return f"Samples were paired by place with the rows of {what}"


def _by_number(
    others: np.ndarray, *, n_samples: int, what: str, of: str
) -> tuple[np.ndarray | None, list[str]]:
    """Pair with samples without ids: by the numbers of rows where the ids are no more."""
    texts = _texts(others)
    if _are_numbers(texts):
        return None, []
    for first in (0, 1):
        if sorted(texts) == sorted(map(str, range(first, first + n_samples))):
            rows = np.argsort(np.array(texts, dtype=np.int64))
            return rows, [
                f"The ids of {what} are the numbers of rows in another order; its rows were "
                f"matched by them with the rows of {of}."
            ]
    return None, [f"{_by_place(what)}: {of} has no ids."]


def _are_numbers(texts: list[str]) -> bool:
    """Return whether ids only count the rows, from 0 or from 1."""
    counts = (list(map(str, range(first, first + len(texts)))) for first in (0, 1))
    return any(texts == one for one in counts)


def _texts(ids: np.ndarray) -> list[str]:
    """Return ids as text, whole numbers alike whether they were read as floats or not."""
    values = pd.Series(ids).tolist()
    return [
        str(int(one)) if isinstance(one, float) and one.is_integer() else str(one).strip()
        for one in values
    ]


def _difference(mine: list[str], theirs: list[str], *, what: str, of: str) -> str:
    """Return in words how many ids are on one side only, and which, for example."""
    parts = []
    for name, some, rest in ((of, mine, theirs), (what, theirs, mine)):
        known = set(rest)
        only = [one for one in dict.fromkeys(some) if one not in known]
        examples = " and ".join(map(quoted, only[:2]))
        if only:
            parts.append(f"{plural(len(only), 'id')} only in {name} (such as {examples})")
    return f"{' and '.join(parts)}; accepted: the same ids in both, or no ids in one of them"
