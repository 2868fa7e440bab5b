"""Say of a paired difference whether it shows anything, and in which direction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aeviz.report._content import Tone
from aeviz.report._words import metric_words

__all__ = ["NO_DIFFERENCE", "tally", "tone_of", "word_of"]

NO_DIFFERENCE = "no difference shown"


def tone_of(row: Any) -> Tone:
    """Return whether a difference is for the better, for the worse, or not shown.

    Parameters
    ----------
    row : object with metric, value, low and high
        A row of `Run.differences`. No difference is shown where the interval holds 0.

    Returns
    -------
    {"better", "worse", "none"}, or "" where the metric's direction is not known
    """
    if row.low <= 0.0 <= row.high:
        return "none"
    higher_is_better = metric_words(row.metric).higher_is_better
    if higher_is_better is None:
        return ""
    return "better" if (row.value > 0) == higher_is_better else "worse"


def word_of(tone: Tone) -> str:
    """Return the words that stand for a tone."""
    return {"none": NO_DIFFERENCE, "": "direction not known"}.get(tone, tone)


def tally(rows: Iterable[Any]) -> dict[Tone, int]:
    """Return how many differences have each tone."""
    counts: dict[Tone, int] = {"better": 0, "worse": 0, "none": 0, "": 0}
    for row in rows:
        counts[tone_of(row)] += 1
    return counts
