"""Describe what an experiment found about a claim, in the same words in all chapters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aeviz.page.content import Tone, Verdict, Verdicts

__all__ = ["Finding", "answered", "finding", "overall", "verdicts"]

_WORDS: dict[bool | None, tuple[str, Tone]] = {
    True: ("holds", "better"),
    False: ("does not hold", "worse"),
    None: ("in part", "none"),
}


class Finding(NamedTuple):
    """Result on a claim in one respect: whether it holds, None for in part, and its words."""

    holds: bool | None
    verdict: Verdict


def finding(holds: bool | None, subject: str, amount: str) -> Finding:
    """Return whether a claim holds in one respect, with the words for it."""
    return Finding(holds, Verdict(*_WORDS[holds], subject, amount))


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
    """Return a sentence after the word that answers whether a claim holds.

    Examples
    --------
    >>> answered(None, "At 2 numbers it does.")
    'In part. At 2 numbers it does.'
    """
    word = "In part." if holds is None else "Yes." if holds else "No."
    return f"{word} {text}"


def verdicts(
    question: str, findings: Sequence[Finding], answer: str, *, n_counted: int | None = None
) -> Verdicts:
    """Return a question, its answer and the findings behind it.

    Parameters
    ----------
    question : str
    findings : sequence of Finding
    answer : str
        Without the word that answers whether the claim holds.
    n_counted : int or None
        How many of the findings decide, from the first on; None means all.
    """
    holds = overall(one.holds for one in findings[:n_counted])
    return Verdicts(question, answered(holds, answer), [one.verdict for one in findings])
