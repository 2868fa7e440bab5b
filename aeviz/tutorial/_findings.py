"""Put what an experiment found of a claim into words, the same ones in all chapters."""

from __future__ import annotations

from collections.abc import Iterable

from aeviz.page.content import Verdict

__all__ = ["answered", "finding", "overall"]

_HOLDS = ("holds", "better")
_FAILS = ("does not hold", "worse")
_PARTLY = ("in part", "none")


def finding(holds: bool | None, subject: str, amount: str) -> Verdict:
    """Return one finding: whether a claim holds in one respect, None for in part."""
    word, tone = _PARTLY if holds is None else _HOLDS if holds else _FAILS
    return Verdict(word, tone, subject, amount)  # type: ignore[arg-type]  # three of the tones


def overall(findings: Iterable[bool | None]) -> bool | None:
    """Return whether a claim holds in all respects, in none, or in part (None).

    Examples
    --------
    >>> overall([True, True]), overall([False, False]), overall([True, False])
    (True, False, None)
    """
    found = set(findings)
    return found.pop() if len(found) == 1 else None


def answered(holds: bool | None, text: str) -> str:
    """Return a sentence behind the word that answers whether a claim holds.

    Examples
    --------
    >>> answered(None, "At 2 numbers it does.")
    'In part. At 2 numbers it does.'
    """
    word = "In part." if holds is None else "Yes." if holds else "No."
    return f"{word} {text}"
