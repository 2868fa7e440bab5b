"""Format names, lists and counts for messages of one line.

Names come from files, so they may be long, hold line breaks or be thousands.
"""

from collections.abc import Iterable, Mapping

__all__ = [
    "column_name",
    "did_you_mean",
    "first_line",
    "grouped",
    "listed",
    "plural",
    "quoted",
]

_MAX_LENGTH = 40
_MAX_NAMES = 5


def quoted(value: object) -> str:
    r"""Return a value from a file in quotes, printable, on one line and not long.

    Examples
    --------
    >>> print(quoted("two\nlines"))
    'two\nlines'
    """
    text = str(value)
    return repr(text if len(text) <= _MAX_LENGTH else text[: _MAX_LENGTH - 1] + "…")


def did_you_mean(word: object, names: Iterable[object]) -> str:
    """Return a question that ends a message with the names most like a word; "" for none.

    Case, underscores and hyphens make no difference.

    Examples
    --------
    >>> did_you_mean("Spezies", ["species", "size"])
    "; did you mean 'species'?"
    >>> did_you_mean("colour", ["species", "size"])
    ''
    """
    # Imported here: it is needed for mistakes only.
    from difflib import get_close_matches

    by_form = {_form(name): name for name in reversed(list(names))}
    found = get_close_matches(_form(word), by_form, n=2, cutoff=0.7)
    return f"; did you mean {' or '.join(quoted(by_form[form]) for form in found)}?" * bool(found)


def _form(name: object) -> str:
    return str(name).lower().replace("_", "-")


def listed(items: Iterable[str]) -> str:
    """Return the first few of some words, and how many there are if that is not all.

    Examples
    --------
    >>> listed(["a", "b"])
    'a, b'
    >>> listed("abcdefg")
    'a, b, c, d, e, … (7 in all)'
    """
    words = list(items)
    if len(words) <= _MAX_NAMES:
        return ", ".join(words)
    return ", ".join(words[:_MAX_NAMES]) + f", … ({len(words):,} in all)"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "row"), plural(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def column_name(feature_names: tuple[str, ...] | None, column: int) -> str:
    """Return what a column is called in a message: its name, or its number from 0."""
    return f"column {column}" if feature_names is None else quoted(feature_names[column])


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, for a message of one line."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def grouped(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the names that share a reason, by reason.

    Examples
    --------
    >>> grouped({"a": "too long", "b": "too wide", "c": "too long"})
    {'too long': ['a', 'c'], 'too wide': ['b']}
    """
    names: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        names.setdefault(reason, []).append(name)
    return names
