"""Give columns of Python objects the dtype of what they hold, without losing digits.

Why not `Series.infer_objects` alone: pandas makes floats of whole numbers beside a missing one, so
that long ids become equal, and leaves dates of the standard library as objects.
"""

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from aeviz.core.wording import listed, quoted

__all__ = ["MAX_EXACT", "inferred", "mixture_words", "typed_objects"]

MAX_EXACT = 2**53
"""Up to here, floats hold every whole number."""

_BOUNDS = {"Int64": (-(2**63), 2**63 - 1), "UInt64": (0, 2**64 - 1)}
_WORDS = {
    "bool": "booleans",
    "int": "numbers",
    "float": "numbers",
    "Decimal": "numbers",
    "str": "text",
    "date": "dates",
    "datetime": "dates",
    "Timestamp": "dates",
    "time": "times of day",
    "timedelta": "time spans",
    "Timedelta": "time spans",
}


def typed_objects(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns of dates and of time spans have the dtypes of these."""
    typed = {}
    for name, values in frame.items():
        kind = values.dtype
        if isinstance(kind, pd.ArrowDtype) and pa.types.is_duration(kind.pyarrow_dtype):
            typed[name] = values.astype(f"timedelta64[{kind.pyarrow_dtype.unit}]")
        elif pd.api.types.is_object_dtype(kind) and (other := _typed(values)) is not None:
            typed[name] = other
    return frame.assign(**typed) if typed else frame


def inferred(values: pd.Series) -> pd.Series:
    """Return a column of Python objects in the dtype of what they are; no number loses a digit.

    Whole numbers beside missing ones are nullable integers where floats cannot hold them, and
    text where they have more than 64 bits.
    """
    if pd.api.types.infer_dtype(values, skipna=True) != "integer":
        return values.infer_objects()
    known = [int(value) for value in values.dropna()]
    lowest, highest = min(known), max(known)
    if max(-lowest, highest) <= MAX_EXACT:
        return values.infer_objects()
    for dtype, (least, most) in _BOUNDS.items():
        if least <= lowest and highest <= most:
            return values.infer_objects() if len(known) == len(values) else values.astype(dtype)
    return values.map(str, na_action="ignore")


def mixture_words(known: Sequence[object]) -> str:
    """Return what kinds of objects a column has, if they are several or no numbers, or nothing."""
    kinds: dict[str, object] = {}
    for value in known:
        kinds.setdefault(_WORDS.get(type(value).__name__, ""), value)
    if "" in kinds or not kinds:
        return ""
    if len(kinds) == 1:
        only = next(iter(kinds))
        return "dates with a time zone and others without one" if only == "dates" else only
    examples = (f"{kind} as {quoted(str(value))}" for kind, value in kinds.items())
    return f"a mixture of {listed(examples)}"


def _typed(values: pd.Series) -> pd.Series | None:
    """Return objects that are all dates, all time spans or all long numbers, typed; or None."""
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind == "integer":
        numbers = inferred(values)
        return None if numbers.dtype.kind in "iuf" and values.notna().all() else numbers
    if kind in ("timedelta", "timedelta64"):
        return pd.to_timedelta(values)
    if kind not in ("date", "datetime", "datetime64"):
        return None
    zones = {getattr(value, "tzinfo", None) is not None for value in values.dropna()}
    # Times with a zone and times without one cannot be compared.
    return pd.to_datetime(values, utc=zones == {True}) if len(zones) == 1 else None
