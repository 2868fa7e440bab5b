"""Find the header of a text table, and what stands above it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from aeviz.core.wording import plural, quoted
from aeviz.data._text_numbers import MISSING_NUMBERS

__all__ = ["Layout", "layout"]

_MARKS = r"[\d.,'’_ \u00a0\u2009\u202f]*"
_NUMBER = re.compile(rf"\(?[-+−]?{_MARKS}\d{_MARKS}([eE][-+]?\d+)?\)?")
_DIGITS = re.compile(r"\d+")
_MIN_RISING = 4
_MIN_ROWS = 3


@dataclass(frozen=True)
class Layout:
    """Header of a table.

    Parameters
    ----------
    n_above : int
        Rows above the first one of values: titles and header.
    names : tuple of str or None
        What the header says, one per column, or None without a header.
    notes : tuple of str
        What is unusual, in sentences.
    has_row_names : bool
        Whether the first column has no name and the rows one value more than there are names.
    """

    n_above: int = 0
    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    has_row_names: bool = False


def layout(rows: Sequence[list[str]], n_columns: int, header: str | None) -> Layout:
    """Return the header of a table of which these are the first rows.

    Parameters
    ----------
    rows : sequence of list of str
    n_columns : int
        Values in most of the rows.
    header : str or None
        ``"none"``, another text where the first row is the header, or None to find out.
    """
    if header == "none":
        return Layout()
    if header:
        return Layout(1, _padded(rows[0], rows[1:], n_columns))
    place = next(number for number, row in enumerate(rows) if len(row) == n_columns)
    body = [row for row in rows[place:] if len(row) == n_columns]
    is_header, is_numbered = _has_names(body)
    above = rows[place - 1] if place else []
    is_short = len(above) == n_columns - 1 > 0 and (
        not any(map(_NUMBER.fullmatch, above))
        or _has_names([[*_padded(above, body, n_columns)], *body])[0]
    )
    notes = []
    if is_short and (is_numbered or not is_header):
        place, names = place - 1, _padded(above, body, n_columns)
        notes.append(
            "Every row ends with a delimiter, which was passed over."
            if names[0]
            else "The first column has no name and holds the names of the rows."
        )
    elif is_header:
        names = tuple(body[0])
        if is_numbered:
            notes.append("The first line holds numbers, taken as names of columns.")
    else:
        notes.append("The first line holds values, so columns are named by their numbers.")
        names = None
    if place:
        title = " ".join(" ".join(map(" ".join, rows[:place])).split())
        notes.append(f"{plural(place, 'line')} above the table left out: {quoted(title)}.")
    has_row_names = is_short and names is not None and names[0] == ""
    return Layout(place + (names is not None), names, tuple(notes), has_row_names)


def _padded(names: list[str], body: Sequence[list[str]], n_columns: int) -> tuple[str, ...]:
    """Return names, one per column, of which one may be missing.

    That is the first one, as R writes the names of rows, unless the last column is empty.
    """
    if len(names) != n_columns - 1:
        return tuple(names)
    is_empty = all(not row[-1].strip() for row in body if len(row) == n_columns)
    return (*names, "") if is_empty else ("", *names)


def _has_names(rows: list[list[str]]) -> tuple[bool, bool]:
    """Return whether the first of some rows holds names, and whether these are numbers.

    It does if a text without digits stands over values that all have digits, or any text over
    numbers. If names are numbers, two of three have to hold: they are unlike the numbers below,
    they rise as those of years, wavelengths and genes do, and a text stands over values that
    repeat and is none of them. It does not if a number stands over numbers otherwise, or if there
    are no numbers and every text of it occurs again below it, or with other digits.
    """
    below = [row for row in rows[1:] if len(row) == len(rows[0])]
    if not below:
        return True, False
    over_numbers, is_repeated, is_new = list[tuple[str, list[str]]](), [], []
    for name, cells in zip(map(str.strip, rows[0]), _columns(below), strict=False):
        if _is_missing(name) or not cells:
            continue
        if all(map(_NUMBER.fullmatch, cells)):
            if not _NUMBER.fullmatch(name):
                return True, False
            over_numbers.append((name, cells))
            continue
        if not _has_digit(name) and all(map(_has_digit, cells)):
            return True, False
        if _NUMBER.fullmatch(name) and name not in cells:
            over_numbers.append((name, []))
            continue
        is_alike = name in cells or (_has_digit(name) and _shape(name) in map(_shape, cells))
        is_repeated.append(is_alike)
        is_new.append(not is_alike and 2 * len(set(cells)) <= len(cells))
    if over_numbers:
        names = [name for name, _ in over_numbers]
        # 0, 1, 2 … are names that pandas gives, and no surprise.
        is_range = names == [str(number) for number in range(len(names))]
        if is_range and len(names) > 1 + (not _are_unlike(over_numbers)):
            return True, False
        is_listed = any(is_new) and len(set(names)) == len(names)
        signs = [_are_unlike(over_numbers), _rise_alone(names, below), is_listed]
        is_numbered = sum(signs) > 1
        return is_numbered, is_numbered
    return not (len(below) > 1 and is_repeated and all(is_repeated)), False


def _are_unlike(columns: list[tuple[str, list[str]]]) -> bool:
    """Return whether most names that are numbers could not be values of their columns.

    They are out of the range of these, or whole where these have fractions or units.
    """
    is_unlike = []
    for name, cells in columns:
        numbers, values = _numbers([name]), _numbers(cells)
        if not values:
            is_unlike.append(True)
        elif numbers:
            is_within = min(values) <= numbers[0] <= max(values)
            is_whole = name.isdecimal() and not any(map(str.isdecimal, cells))
            is_unlike.append(is_whole or not is_within)
    return 2 * sum(is_unlike) > len(is_unlike)


def _rise_alone(names: list[str], below: list[list[str]]) -> bool:
    """Return whether names rise, and the values of the rows below do not."""
    numbers = _numbers(names)
    others = [_numbers(row) for row in below]
    if _rises(numbers, evenly=True):
        return not _rises(others[0], evenly=True)
    is_long = len(numbers) >= _MIN_RISING and len(others) >= _MIN_ROWS
    return is_long and _rises(numbers) and not any(map(_rises, others))


def _rises(numbers: list[float], evenly: bool = False) -> bool:
    """Return whether there are three numbers or more, each above the last, or by the same."""
    steps = [after - before for before, after in pairwise(numbers)]
    if len(steps) < 2 or not all(step > 0 for step in steps):
        return False
    return not evenly or all(abs(step - steps[0]) <= 0.01 * steps[0] for step in steps)


def _numbers(cells: list[str]) -> list[float]:
    numbers = []
    for cell in cells:
        try:
            numbers.append(float(cell.replace(",", ".")))
        except ValueError:
            continue
    return numbers


def _columns(rows: list[list[str]]) -> list[list[str]]:
    """Return the values of each column that are not missing, without blanks around them."""
    columns = zip_longest(*rows, fillvalue="")
    return [[cell.strip() for cell in column if not _is_missing(cell)] for column in columns]


def _is_missing(cell: str) -> bool:
    return cell.strip().lower() in MISSING_NUMBERS


def _shape(text: str) -> str:
    """Return a text with one digit for every number in it."""
    return _DIGITS.sub("0", text)


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)
