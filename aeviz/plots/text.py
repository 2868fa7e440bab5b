"""Make any string fit to be drawn: no control characters, no endless lines.

Labels come from data and may hold anything. HTML has its own escaping; this is for text
that matplotlib draws, which shows control characters as boxes and does not turn
right-to-left marks.
"""

from __future__ import annotations

import unicodedata

__all__ = ["EMPTY", "drawable", "legend_name"]

EMPTY = "(empty)"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def drawable(text: str, *, width: int = 24) -> str:
    r"""Return a text on one line, of at most `width` characters, with something to see.

    Examples
    --------
    >>> drawable("two\nlines"), drawable(""), drawable("x" * 30, width=5)
    ('two lines', '(empty)', 'xxxx…')
    """
    # A label may be a whole document; what is cut off needs no cleaning.
    head = " ".join(text[: 4 * width].split())
    seen = "".join(c for c in head if unicodedata.category(c) not in _INVISIBLE).strip()
    if not seen:
        return EMPTY
    return seen if len(seen) <= width else seen[: width - 1] + "…"


def legend_name(text: str, *, width: int = 24) -> str:
    """Return a text that a legend shows: a name that begins with ``_`` would be left out."""
    name = drawable(text, width=width)
    return f" {name}" if name.startswith("_") else name
