"""Read a column of text as numbers: marks of decimals and thousands, units, limits, codes.

The same text is a different number in different countries, so a column is judged as a whole:
what one value shows of the marks holds for all of them, and what no value of the table shows is
refused, see `aeviz.data._text_columns`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aeviz.core.wording import listed, plural, quoted
from aeviz.data._object_columns import MAX_EXACT

__all__ = ["MISSING_NUMBERS", "TextNumbers", "text_numbers"]

MISSING_NUMBERS = (
    *("", "-", "--", "---", ".", "..", "...", "?", "??", "*", "/", "–", "—"),
    *("na", "n/a", "n.a.", "n.a", "n/d", "nd", "n.d.", "n.d", "nan", "-nan", "<na>", "null"),
    *("none", "nil", "void", "missing", "unknown", "unk", "undefined", "not available"),
    *("not applicable", "not detected", "not measured", "not determined", "no data", "nodata"),
    *("#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!", "#num!", "#name?"),
)
"""Spellings of a missing value among numbers, in lower case."""

_USUAL = ("", "na", "n/a", "nan", "<na>", "null", "none", "#n/a")
_CURRENCIES = r"US\$|A\$|C\$|HK\$|R\$|[$€£¥₹₽₩₺]|USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|Rs\.?|kr\.?"
_DIGITS = r"\d[\d.,'’_ ]*\d|\d+[.,]?|[.,]\d+"
_SHAPE = (
    rf"^(?P<open>\()?(?P<sign>[+-]?) ?(?P<before>{_CURRENCIES})? ?(?P<inner>[+-]?)"
    rf"(?P<digits>{_DIGITS})(?P<exponent>[eE][+-]?\d+)?"
    r" ?(?P<after>[^\d\s.,+\-()'’<>=;:/_][^<>=;:()]{0,15})?(?P<close>\))?$"
)
_FORTRAN = r"^([+-]?(?:\d+\.?\d*|\.\d+))[dD]([+-]\d{1,3})$"
_LIMIT = r"^(<|>|≤|≥|<=|>=) ?[$€£]?\d"
_GROUPED = {
    ".": r"^[+-]?[1-9]\d{0,2}(\.\d{3})+$",
    ",": r"^[+-]?([1-9]\d{0,2}(,\d{3})+|[1-9]\d?(,\d{2})+,\d{3})$",
}
_WHOLE = r"^[+-]?\d{1,40}([eE]\+?\d{1,2})?$"
_MIN_NUMBERS = 0.8
_MAX_UNREADABLE = 3


@dataclass(frozen=True)
class TextNumbers:
    """Column of text whose values are numbers.

    Parameters
    ----------
    digits : Array of strings
        One per row, without sign, unit and exponent; null where there is no number.
    signs, exponents : Array of strings, or None where no value has any
    notes : tuple of str
        What was done to the values, in a few words each.
    n_missing : int
        Rows without a number.
    example : str or None
        A value that is no number.
    """

    digits: pa.Array
    signs: pa.Array | None
    exponents: pa.Array | None
    notes: tuple[str, ...]
    n_missing: int
    example: str | None = None

    @cached_property
    def decimals(self) -> frozenset[str]:
        """Return the marks that can only be decimal marks, by the column's own values."""
        marks = set()
        for mark, other in ((".", ","), (",", ".")):
            has = self._with(mark)
            both = self._with(other, has)
            if len(both):
                # The last of two kinds of marks is the decimal mark.
                is_last = pc.match_substring_regex(both, rf"\{mark}\d*$")
                marks |= {mark} if _any(is_last) else {other}
            elif len(has) and not self._are_grouped(has, mark):
                marks.add(mark)
            elif self.exponents is not None:
                powers = self.digits.filter(pc.not_equal(self.exponents, ""))
                marks |= {mark} if len(self._with(mark, powers)) else set()
        return frozenset(marks - self.thousands)

    @cached_property
    def thousands(self) -> frozenset[str]:
        """Return the marks that can only stand between thousands."""
        repeated = {".": r"\.\d+\.", ",": r",\d+,"}
        return frozenset(
            mark
            for mark, pattern in repeated.items()
            if _any(pc.match_substring_regex(self._distinct, pattern))
        )

    @cached_property
    def unclear(self) -> str | None:
        """Return the mark of which the column's values do not show what it is, or None."""
        if self.decimals or self.thousands:
            return None
        marks = [mark for mark in (".", ",") if len(self._with(mark))]
        return marks[0] if marks else None

    def has(self, mark: str) -> bool:
        """Return whether a value has a mark."""
        return len(self._with(mark)) > 0

    @property
    def is_fixed(self) -> bool:
        """Return whether every value has a point and three digits behind it, as ``%.3f`` gives."""
        return len(self._with(".")) == len(self._distinct)

    @property
    def unclear_example(self) -> str:
        """Return a value with the unclear mark."""
        return str(self._with(self.unclear or ".")[0])

    def numbers(self, decimal: str) -> np.ndarray | pd.Series | None:
        """Return the values, NaN where there is none, or None if they are written otherwise.

        Whole numbers stay integers where none is missing, or where floats would lose digits.
        """
        other = "," if decimal == "." else "."
        thousands = self._with(other)
        whole = pc.replace_substring_regex(thousands, rf"\{decimal}\d*$", "")
        if len(thousands) and not self._are_grouped(whole, other):
            return None
        if not _all(pc.less_equal(pc.count_substring(self._distinct, decimal), 1)):
            return None
        texts = pc.replace_substring_regex(self.digits, r"['’_ ]", "")
        texts = pc.replace_substring(texts, other, "")
        texts = texts if decimal == "." else pc.replace_substring(texts, ",", ".")
        parts = [one for one in (self.signs, texts, self.exponents) if one is not None]
        return as_array(_joined(*parts))

    @cached_property
    def _distinct(self) -> pa.Array:
        return pc.unique(self.digits.drop_null())

    def _with(self, mark: str, among: pa.Array | None = None) -> pa.Array:
        among = self._distinct if among is None else among
        return among.filter(pc.match_substring(among, mark))

    @staticmethod
    def _are_grouped(texts: pa.Array, mark: str) -> bool:
        return _all(pc.match_substring_regex(texts, _GROUPED[mark]))


def text_numbers(cells: pa.Array, *, is_forced: bool = False) -> TextNumbers | str:
    """Return a column of text as numbers, or why it holds none; empty where that is plain.

    Parameters
    ----------
    cells : Array of strings
        Without blanks around them; null where a value is missing.
    is_forced : bool
        Whether the user said that these are numbers: then codes are numbers too, and whatever is
        no number is missing.
    """
    lower = pc.utf8_lower(cells)
    is_missing = pc.is_in(lower, value_set=pa.array(MISSING_NUMBERS, cells.type))
    is_spelt = pc.and_not(is_missing, pc.is_in(lower, value_set=pa.array(_USUAL, cells.type)))
    n_spelt, spelt = int(pc.sum(is_spelt).as_py() or 0), pc.unique(cells.filter(is_spelt))
    cells = pc.if_else(is_missing, pa.scalar(None, cells.type), cells)
    distinct = pc.unique(cells.drop_null())
    if not len(distinct):
        return ""
    if not is_forced:
        is_unique = len(distinct) + cells.null_count == len(cells)
        if code := _code_words(distinct) or _long_words(distinct, is_unique=is_unique):
            return code
    if _is_plain(distinct):
        numbers: TextNumbers | str = TextNumbers(cells, None, None, (), cells.null_count)
    else:
        numbers = _parsed(cells, is_forced=is_forced)
    if isinstance(numbers, str) or not n_spelt:
        return numbers
    words = f"{plural(n_spelt, 'value')} as {listed(map(quoted, spelt.to_pylist()))}: missing"
    example = numbers.example or str(spelt[0])
    return replace(numbers, notes=(*numbers.notes, words), example=example)


def as_array(texts: pa.Array) -> np.ndarray | pd.Series:
    """Return plain numbers as an array, NaN for null; integers where all are and none is null.

    Whole numbers that floats cannot hold are nullable integers of pandas beside null.
    """
    texts = pc.replace_substring_regex(texts, r"^\+", "")
    for kind, nullable in ((pa.int64(), "Int64"), (pa.uint64(), "UInt64")):
        try:
            whole = pc.cast(texts, kind)
        except pa.ArrowInvalid:
            continue
        if not whole.null_count:
            return np.asarray(whole)
        ends = pc.min_max(whole).as_py()
        if max(-(ends["min"] or 0), ends["max"] or 0) > MAX_EXACT:
            return pd.Series(whole.to_pylist(), dtype=nullable)
    numbers = pc.cast(texts, pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def _any(flags: pa.Array) -> bool:
    return bool(pc.any(flags).as_py())


def _all(flags: pa.Array) -> bool:
    return not _any(pc.invert(flags))


def _joined(*parts: pa.Array) -> pa.Array:
    """Return texts put together element by element."""
    return pc.binary_join_element_wise(*parts, pa.scalar("", parts[0].type))


def _code_words(distinct: pa.Array) -> str:
    """Return why whole numbers are codes, or nothing."""
    first = str(distinct[0])
    if first[:1] == "+" and _all(pc.match_substring_regex(distinct, r"^\+\d{7,}$")):
        return f"a plus and many digits, as {quoted(first)}: codes"
    if first[:1].isdigit() and first.isalnum():
        if _all(pc.match_substring_regex(distinct, r"^\d+[A-Za-z]\d+$")):
            return f"letters between digits, as {quoted(first)}: codes"
        leading = pc.match_substring_regex(distinct, r"^0\d+$")
        whole = pc.match_substring_regex(distinct, r"^\d+$")
        if _any(leading) and _all(whole):
            example = distinct.filter(leading)[0].as_py()
            return f"leading zeros, as {quoted(example)}: codes"
    return ""


def _long_words(distinct: pa.Array, *, is_unique: bool) -> str:
    """Return why whole numbers are codes, if floats would hold them and lose digits; or nothing.

    Numbers that repeat and stay different as floats are no codes.
    """
    is_long = pc.greater(pc.binary_length(distinct), len(str(MAX_EXACT)) - 1)
    if not _any(is_long) or not _all(pc.match_substring_regex(distinct, _WHOLE)):
        return ""
    texts = distinct.filter(is_long).to_pylist()
    numbers = [int(Decimal(text)) for text in texts]
    has_powers = _any(pc.match_substring_regex(distinct, "[eE]"))
    fits = not has_powers and all(-(2**63) <= number < 2**64 for number in numbers)
    rounded = [int(float(number)) for number in numbers]
    if fits or rounded == numbers or not (is_unique or len({*rounded}) < len({*numbers})):
        return ""
    pairs = zip(texts, numbers, rounded, strict=True)
    example = next(text for text, number, other in pairs if number != other)
    return f"whole numbers of more digits than a number keeps, as {quoted(example)}: codes"


def _is_plain(distinct: pa.Array) -> bool:
    """Return whether all are numbers as programs write them, with a point and no more."""
    try:
        pc.cast(distinct, pa.float64())
    except pa.ArrowInvalid:
        return False
    return True


def _plainly(cells: pa.Array) -> pa.Array:
    """Return numbers with usual minus signs and blanks, exponents with E."""
    plain = pc.replace_substring_regex(cells, r"^[−–]", "-")
    plain = pc.replace_substring_regex(plain, r"[\x{a0}\x{2009}\x{202f}]", " ")
    plain = pc.replace_substring_regex(plain, r" *([eE][+-]?\d)", r"\1")
    return pc.replace_substring_regex(plain, _FORTRAN, r"\1E\2")


def _parsed(cells: pa.Array, *, is_forced: bool) -> TextNumbers | str:
    is_limit = pc.match_substring_regex(cells, _LIMIT)
    parts = pc.extract_regex(_plainly(cells), _SHAPE)
    fields = {name: pc.struct_field(parts, name) for name in ("before", "after", "open", "close")}
    is_number = pc.and_(
        parts.is_valid(), pc.equal(fields["open"], pc.replace_substring(fields["close"], ")", "("))
    )
    is_number = pc.fill_null(is_number, False)
    is_odd = pc.and_not(pc.and_not(cells.is_valid(), is_number), pc.fill_null(is_limit, False))
    odd = pc.unique(cells.filter(is_odd))
    n_odd = int(pc.sum(is_odd).as_py() or 0)
    n_known = len(cells) - cells.null_count
    n_limits = int(pc.sum(is_limit).as_py() or 0)
    if n_odd + n_limits == n_known:
        return ""
    if not is_forced and not _are_few(odd, n_odd, n_known):
        return ""
    fields = {name: one.filter(is_number) for name, one in fields.items()}
    units = {name: _units(fields[name]) for name in ("before", "after")}
    if max(map(len, units.values())) > 1:
        found = listed(map(quoted, [*units["before"], *units["after"]]))
        return f"numbers in several units: {found}"
    unit = " ".join([*units["before"], *units["after"]])
    nothing = pa.scalar(None, cells.type)
    digits, sign, inner, exponents = (
        pc.if_else(is_number, pc.struct_field(parts, name), nothing)
        for name in ("digits", "sign", "inner", "exponent")
    )
    signs = _joined(sign, inner)
    signs = pc.if_else(
        pc.equal(pc.struct_field(parts, "open"), "("), pa.scalar("-", cells.type), signs
    )
    has_signs = _any(pc.not_equal(signs, ""))
    has_exponents = _any(pc.not_equal(exponents, ""))
    if _any(pc.greater(pc.binary_length(signs), 1)) or not _are_spaced_well(digits):
        return ""
    if unit and not is_forced and (code := _code_words(pc.unique(digits.drop_null()))):
        return code
    numbers = TextNumbers(
        digits,
        pc.replace_substring(signs, "+", "") if has_signs else None,
        exponents if has_exponents else None,
        (),
        digits.null_count,
        str(odd[0]) if len(odd) else None,
    )
    limit = cells.filter(is_limit)[0].as_py() if n_limits else ""
    in_unit = _unit_words(unit, fields)
    return replace(numbers, notes=_notes(in_unit, n_odd, numbers.example, n_limits, limit))


def _are_few(odd: pa.Array, n_odd: int, n_known: int) -> bool:
    """Return whether what is no number may be spellings of a missing one."""
    if n_odd > (1 - _MIN_NUMBERS) * n_known:
        return False
    return len(odd) <= _MAX_UNREADABLE or not _any(pc.match_substring_regex(odd, r"\d"))


def _units(texts: pa.Array) -> list[str]:
    distinct = pc.unique(pc.utf8_trim_whitespace(texts)).to_pylist()
    return [text for text in distinct if text]


def _unit_words(unit: str, fields: Mapping[str, pa.Array]) -> str:
    """Return the unit of numbers, and how many are without it; nothing if there is none."""
    is_bare = pc.and_(pc.equal(fields["before"], ""), pc.equal(fields["after"], ""))
    n_bare = int(pc.sum(is_bare).as_py() or 0)
    if not unit:
        return ""
    return f"in {unit}, {plural(n_bare, 'value')} without it" if n_bare else f"in {unit}"


def _are_spaced_well(digits: pa.Array) -> bool:
    """Return whether marks that cannot be decimal marks stand between thousands only.

    Those are blanks, apostrophes, and points and commas that occur twice, as in dates.
    """
    marked = digits.filter(pc.match_substring_regex(digits, r"['’_ ]|\..*\.|,.*,"))
    pattern = r"^\d{1,3}((['’_ ]\d{3})+([.,]\d*)?|(\.\d{3})+(,\d*)?|(,\d{2,3})+(\.\d*)?)$"
    return _all(pc.match_substring_regex(marked, pattern))


def _notes(
    in_unit: str, n_odd: int, example: str | None, n_limits: int, limit: str
) -> tuple[str, ...]:
    notes: Sequence[str] = [in_unit] * bool(in_unit)
    if n_limits:
        notes = [*notes, f"{plural(n_limits, 'limit')} such as {quoted(limit)}: missing"]
    if n_odd:
        notes = [*notes, f"{plural(n_odd, 'value')} no number, as {quoted(example)}: missing"]
    return tuple(notes)
