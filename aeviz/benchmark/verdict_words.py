"""Describe verdicts in words and tones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aeviz.benchmark._comparisons import MIN_EVALUATED
from aeviz.benchmark._methods import is_given
from aeviz.page.content import Tone
from aeviz.page.verdicts import NO_DIFFERENCE

__all__ = ["TONES", "counted", "verdict_word", "why_no_interval"]

TONES: dict[str, Tone] = {"better": "better", "worse": "worse", "none": "none"}
# The interval excludes 0, but with so many comparisons one of them may by chance.
NOT_CORRECTED = "not after correction"
ONE_SEED = "one seed, no interval"
FEW_SAMPLES = "too few samples, no interval"


def why_no_interval(row: Any) -> str:
    """Return why a difference has no interval.

    Parameters
    ----------
    row : object with n_evaluated
        A row of `Benchmark.comparisons`.
    """
    return FEW_SAMPLES if row.n_evaluated < MIN_EVALUATED else ONE_SEED


def verdict_word(row: Any) -> str:
    """Return the words of a verdict.

    Parameters
    ----------
    row : object with verdict, low and high
        A row of `Benchmark.comparisons`.
    """
    has_interval = is_given(row.low)
    if row.verdict == "none" and has_interval and (row.low > 0 or row.high < 0):
        return NOT_CORRECTED
    return NO_DIFFERENCE if row.verdict == "none" else str(row.verdict)


def counted(verdicts: Iterable[str], *, n_seeds: int) -> str:
    """Return how many verdicts there are of each kind, as a sentence.

    Parameters
    ----------
    verdicts : iterable of str
    n_seeds : int
        Of the method that the verdicts are on.

    Examples
    --------
    >>> counted(["better", "none", "none"], n_seeds=3)
    'Better in 1 of 3 comparisons, worse in 0, no difference shown in 2.'
    >>> counted(["none"], n_seeds=1)
    'No difference shown: one seed does not tell a method from its luck.'
    """
    found = list(verdicts)
    if n_seeds == 1 and set(found) == {"none"}:
        return "No difference shown: one seed does not tell a method from its luck."
    return (
        f"Better in {found.count('better')} of {len(found)} comparisons, worse in "
        f"{found.count('worse')}, no difference shown in {found.count('none')}."
    )
