"""Make plain arrays of special ones: masked, one-hot, and structured into records."""

import math
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.wording import quoted

__all__ = ["record_frame", "with_class_numbers", "without_mask"]


def without_mask(values: Any) -> tuple[np.ndarray, list[str]]:
    """Return an array whose masked values are missing, and a note if there are any.

    Parameters
    ----------
    values : ndarray or masked array
        The values under a mask are never looked at.

    Returns
    -------
    ndarray
        Numbers with NaN, in float64 where they were whole; others as objects with None. Without
        masked values in the dtype of `values`.
    list of str
    """
    if not isinstance(values, np.ma.MaskedArray):
        return values, []
    is_masked = np.asarray(np.ma.getmaskarray(values))
    n_masked, plain = int(is_masked.sum()), np.array(values.data)
    if not n_masked:
        return plain, []
    if plain.dtype.kind in "biu":
        plain = plain.astype(np.float64)
    is_number = plain.dtype.kind in "fc"
    plain = plain if is_number else plain.astype(object)
    plain[is_masked] = np.nan if is_number else None
    count = "1 masked value counts" if n_masked == 1 else f"{n_masked:,} masked values count"
    return plain, [f"{count} as missing."]


def with_class_numbers(values: np.ndarray, *, what: str) -> tuple[np.ndarray, list[str]]:
    """Return the numbers of the classes of one-hot labels, and a note; others as they are.

    Labels are one-hot if every row of at least two columns holds one 1, and 0 besides.

    Examples
    --------
    >>> with_class_numbers(np.array([[0, 1, 0], [1, 0, 0]]), what="y")[0].tolist()
    [1, 0]
    """
    if values.ndim != 2 or values.shape[1] < 2 or values.dtype.kind not in "biuf":
        return values, []
    is_one = values == 1
    if not (is_one | (values == 0)).all() or not (is_one.sum(axis=1) == 1).all():
        return values, []
    note = (
        f"The one-hot columns of {what} were taken as {values.shape[1]:,} classes, numbered by "
        "column from 0."
    )
    return is_one.argmax(axis=1), [note]


def record_frame(values: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
    """Return a structured array as a table, one column a field, and notes.

    The elements of a field that is an array become columns ``name[0]``, ``name[1]`` ...; the
    fields of a field that is a record ``name/field``.
    """
    columns: dict[str, pd.Series] = {}
    notes: list[str] = []
    for name in values.dtype.names or ():
        field = values[name]
        if field.dtype.names:
            inner, more = record_frame(field)
            columns |= {f"{name}/{one}": inner[one] for one in inner.columns}
            notes += more
            continue
        plain, more = without_mask(field)
        notes += [f"Column {quoted(name)}: {note}" for note in more]
        # Tables hold numbers in the machine's own byte order, and texts, not bytes.
        plain = plain.astype(plain.dtype.newbyteorder("="), copy=False)
        if plain.dtype.kind == "S":
            plain = np.char.decode(plain, "utf-8", "replace")
        flat = plain.reshape(len(plain), math.prod(plain.shape[1:]))
        names = [name] if plain.ndim == 1 else [f"{name}[{i}]" for i in range(flat.shape[1])]
        kind = object if plain.dtype.kind == "U" else None
        columns |= {one: pd.Series(flat[:, i], dtype=kind) for i, one in enumerate(names)}
    return pd.DataFrame(columns), notes
