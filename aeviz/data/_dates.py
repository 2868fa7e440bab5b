"""Read a column of dates written as text, with one order of day, month and year for all of it.

Which of two numbers is the day is never a guess: a day above 12 in one row shows it for all rows,
and points between the numbers are those of countries where the day comes first. A column that
does not show it is refused.
"""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import quoted

__all__ = ["EPOCH", "YEAR_FIRST", "are_dates", "as_days", "date_order"]

EPOCH = pd.Timestamp("1970-01-01").as_unit("s")
"""Day 0; in seconds, which can be subtracted from dates of all years."""

YEAR_FIRST, DAY_FIRST, MONTH_FIRST = "year first", "day first", "month first"
_TIME = r"([T ]\d{1,2}:\d{2}.*)?"
_YEAR_FIRST = re.compile(rf"\d{{4}}[-/.]\d{{1,2}}([-/.]\d{{1,2}})?{_TIME}|\d{{8}}T\d{{4,}}Z?")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{2}}|\d{{4}}){_TIME}")


def are_dates(texts: Collection[str]) -> bool:
    """Return whether all texts are dates in numbers, with or without a time."""
    return all(_YEAR_FIRST.fullmatch(one) or _YEAR_LAST.fullmatch(one) for one in texts)


def date_order(texts: Collection[str], *, name: str) -> str:
    """Return the order of day, month and year in a column of dates.

    Raises
    ------
    AevizError
        If the column does not show whether the day or the month comes first, or shows both.
    """
    found = [match for one in texts if (match := _YEAR_LAST.fullmatch(one))]
    if not found:
        return YEAR_FIRST
    is_day_first = any(int(one[1]) > 12 for one in found)
    is_month_first = any(int(one[3]) > 12 for one in found)
    if not is_day_first and not is_month_first:
        is_day_first = all(one[2] == "." for one in found)
    if is_day_first != is_month_first:
        return DAY_FIRST if is_day_first else MONTH_FIRST
    does = "show both orders" if is_day_first else "do not show which comes first"
    raise AevizError(
        f"column {quoted(name)} holds dates such as {quoted(found[0][0])}, whose day and month "
        f"{does}; accepted: dates as 2024-12-31, or leave the column out"
    )


def as_days(texts: pd.Series, order: str) -> np.ndarray:
    """Return dates as days since 1970-01-01, NaN where a text is none."""
    if order != YEAR_FIRST:
        # As the year comes first, pandas has nothing to guess.
        texts = texts.map(lambda one: _year_first(one, order), na_action="ignore")
    dates = pd.to_datetime(texts, errors="coerce", format="mixed", utc=True)
    since = (dates.dt.tz_convert(None) - EPOCH) / pd.Timedelta(days=1)
    return np.asarray(since.to_numpy(dtype=np.float64, na_value=np.nan))


def _year_first(text: str, order: str) -> str:
    """Return a date with its year first; years of two digits are those of 1969 to 2068."""
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        return text
    day, month = (found[1], found[3]) if order == DAY_FIRST else (found[3], found[1])
    year = found[4]
    if len(year) == 2:
        year = f"{'19' if int(year) > 68 else '20'}{year}"
    return f"{year}-{month:0>2}-{day:0>2}{found[5] or ''}"
