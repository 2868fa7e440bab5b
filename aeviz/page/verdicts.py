"""Verdicts: the best of several scores, and the direction of a paired difference."""

from collections.abc import Mapping
from typing import Any, TypeVar

from aeviz.page.content import Tone
from aeviz.page.wording import metric_words

__all__ = ["NO_DIFFERENCE", "best_of", "tone_of", "word_of"]

T = TypeVar("T")

NO_DIFFERENCE = "no difference shown"


def tone_of(row: Any) -> Tone:
    """Return whether a difference is better, worse, or not shown.

    Parameters
    ----------
    row : object with metric, value, low and high
        A row of paired differences. No difference is shown where the interval holds 0, or
        where there is none.

    Returns
    -------
    {"better", "worse", "none"}, or "" where the metric's direction is not known
    """
    if not (row.low > 0.0 or row.high < 0.0):
        return "none"
    higher_is_better = metric_words(row.metric).higher_is_better
    if higher_is_better is None:
        return ""
    return "better" if (row.value > 0) == higher_is_better else "worse"


def word_of(tone: Tone) -> str:
    """Return the words that stand for a tone."""
    return {"none": NO_DIFFERENCE, "": "direction not known"}.get(tone, tone)


def best_of(values: Mapping[T, float], *, higher_is_better: bool | None) -> list[T]:
    """Return the key of the best value, or of all that share it.

    A single value is no best one, and without a direction there is none.

    Examples
    --------
    >>> best_of({"a": 1.0, "b": 2.0, "c": 2.0}, higher_is_better=True)
    ['b', 'c']
    >>> best_of({"a": 1.0}, higher_is_better=True)
    []
    """
    if higher_is_better is None or len(values) < 2:
        return []
    best = (max if higher_is_better else min)(values.values())
    return [key for key, value in values.items() if value == best]
