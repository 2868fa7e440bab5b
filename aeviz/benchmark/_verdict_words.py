"""Put verdicts into words and tones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aeviz.report._content import Tone
from aeviz.report._verdicts import NO_DIFFERENCE

__all__ = ["TONES", "counted", "verdict_word"]

TONES: dict[str, Tone] = {"better": "better", "worse": "worse", "none": "none", "unknown": ""}
ONE_SEED = "one seed only"
# The interval leaves out 0, and so many comparisons were made that one of them may.
NOT_CORRECTED = "not shown, of so many"


def verdict_word(row: Any) -> str:
    """Return the words of a verdict.

    Parameters
    ----------
    row : object with verdict, low and high
        A row of `Benchmark.comparisons`.
    """
    if row.verdict == "none" and (row.low > 0 or row.high < 0):
        return NOT_CORRECTED
    return {"none": NO_DIFFERENCE, "unknown": ONE_SEED}.get(row.verdict, row.verdict)


def counted(verdicts: Iterable[str]) -> str:
    """Return how many verdicts there are of each kind, as a sentence.

    Examples
    --------
    >>> counted(["better", "none", "none"])
    'Better in 1 of 3 comparisons, worse in 0, no difference shown in 2.'
    >>> counted(["unknown"])
    'Not to be said after one seed, whose like would differ too.'
    """
    found = list(verdicts)
    n_unknown = found.count("unknown")
    if n_unknown == len(found):
        return "Not to be said after one seed, whose like would differ too."
    text = (
        f"Better in {found.count('better')} of {len(found)} comparisons, worse in "
        f"{found.count('worse')}, no difference shown in {found.count('none')}"
    )
    return f"{text}, one seed only in {n_unknown}." if n_unknown else f"{text}."
