"""Find the header of a text table, and what stands above it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural, quoted
from aeviz.data._text_numbers import MISSING_NUMBERS

__all__ = ["Layout", "are_units", "layout"]

_MARKS = r"[\d.,'’_ \u00a0\u2009\u202f]*"
_NUMBER = re.compile(rf"\(?[-+−]?{_MARKS}\d{_MARKS}([eE][-+]?\d+)?\)?")
_DIGITS = re.compile(r"\d+")
_RULE = re.compile(r"[-=+:|]{2,}")
_AMOUNT = re.compile(r"[<>≤≥~]?=? ?[-+−(]?[$€£]? ?[.,]?\d(?!\d*\^)")
_MIN_RISING = 4
_MIN_ROWS = 3
_MAX_UNDER = 4


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


def layout(rows: Sequence[list[str]], n_columns: int, header: str | None, *, source: str) -> Layout:
    """Return the header of a table of which these are the first rows.

    Parameters
    ----------
    rows : sequence of list of str
    n_columns : int
        Values in most of the rows.
    header : str or None
        ``"none"``, another text where the first row is the header, or None to find out.
    source : str
        What the table is called in messages.

    Raises
    ------
    AevizError
        If the only line that may be the header has too few names.
    """
    if header == "none":
        return Layout()
    if header:
        return _with_lines_under(Layout(1, _padded(rows[0], rows[1:], n_columns)), rows)
    place = _first_whole(rows, n_columns)
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
    elif len(above) > 1 and all(map(_is_name, above)):
        raise AevizError(
            f"{source} has {n_columns:,} values in its rows and {plural(len(above), 'name')} above "
            f"them: {quoted(', '.join(above))}; accepted: one name per column, and a delimiter "
            "that is no decimal mark"
        )
    else:
        notes.append("The first line holds values, so columns are named by their numbers.")
        names = None
    if place:
        title = " ".join(" ".join(map(" ".join, rows[:place])).split())
        notes.append(f"{plural(place, 'line')} above the table left out: {quoted(title)}.")
    has_row_names = is_short and names is not None and names[0] == ""
    found = Layout(place + (names is not None), names, tuple(notes), has_row_names)
    return found if names is None else _with_lines_under(found, rows)


def _first_whole(rows: Sequence[list[str]], n_columns: int) -> int:
    """Return the place of the first row of the table: titles may be padded with delimiters."""
    whole = [number for number, row in enumerate(rows) if len(row) == n_columns]
    filled = {number: sum(map(bool, map(str.strip, rows[number]))) for number in whole}
    fewest = min(2 if n_columns > 2 else 1, max(filled.values()))
    return next(number for number in whole if filled[number] >= fewest)


# -- lines under the header -------------------------------------------------------------------


def _with_lines_under(found: Layout, rows: Sequence[list[str]]) -> Layout:
    """Return a layout that passes over lines of units, of rules and of further names.

    Further names are added to those that are empty or occur again.
    """
    names = found.names or ()
    under: list[list[str]] = []
    for row in rows[found.n_above : found.n_above + _MAX_UNDER]:
        below = [one for one in rows[found.n_above + len(under) + 1 :] if len(one) == len(names)]
        is_name_of_rows = bool(under) and bool(row[0].strip()) and not any(map(str.strip, row[1:]))
        if not (_is_rule(row) or are_units(row, below) or is_name_of_rows):
            break
        under.append(row)
    texts = [row for row in under if not _is_rule(row)]
    if not under:
        return found
    words = quoted(" ".join(" ".join(map(" ".join, under)).split()))
    note = f"{plural(len(under), 'line')} under the header, of units or names, no sample: {words}."
    if texts:
        names = _joined(names, texts[0])
    return replace(
        found, n_above=found.n_above + len(under), names=names, notes=(*found.notes, note)
    )


def _is_rule(row: list[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    return bool(cells) and all(map(_RULE.fullmatch, cells))


def are_units(row: list[str], below: list[list[str]]) -> bool:
    """Return whether a row has texts, and no number, over two columns of numbers or more."""
    if len(below) < _MIN_ROWS or len(row) != len(below[0]):
        return False
    over = [
        cell.strip()
        for cell, cells in zip(row, _columns(below), strict=True)
        if cells and all(map(_NUMBER.fullmatch, cells)) and not _is_missing(cell)
    ]
    return len(over) > 1 and not any(map(_AMOUNT.match, over))


def _joined(names: Sequence[str], under: list[str]) -> tuple[str, ...]:
    """Return names, those of several columns with the texts under them."""
    filled = list(names)
    for place, text in enumerate(under[1:], start=1):
        if not filled[place].strip() and text.strip():
            filled[place] = filled[place - 1]
    return tuple(
        f"{name}/{text.strip()}" if filled.count(name) > 1 and text.strip() else name
        for name, text in zip(filled, under, strict=True)
    )


# -- names ------------------------------------------------------------------------------------


def _is_name(cell: str) -> bool:
    return bool(cell.strip()) and not _AMOUNT.match(cell.strip()) and not _is_missing(cell)


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
    # Tables that were put together repeat their header.
    if _stand_over_numbers(rows[0], [row for row in below if row != rows[0]]):
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


def _stand_over_numbers(names: list[str], below: list[list[str]]) -> bool:
    """Return whether a text without digits stands over values that all have digits."""
    return any(
        bool(cells) and _is_name(name) and not _has_digit(name) and all(map(_has_digit, cells))
        for name, cells in zip(names, _columns(below), strict=False)
    )


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
