"""Verdicts in words, and the best of several scores.

What a difference shows is decided by `aeviz.evaluation.differences`.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from aeviz.core.wording import plural
from aeviz.page.content import Tone
from aeviz.page.wording import in_sentence, joined, metric_words

__all__ = ["NO_DIFFERENCE", "ONE_TRAINING", "SAME", "bands", "best_of", "counted", "word_of"]

T = TypeVar("T")

NO_DIFFERENCE = "no difference shown"
SAME = "practically the same"
# What is said of a comparison of single trainings.
ONE_TRAINING = (
    "This compares these two codes or maps, one training each, and not the methods: another "
    "training may change it, and only large differences get a verdict."
)
_WORDS = {"none": NO_DIFFERENCE, "same": SAME, "": "direction not known"}


def word_of(tone: Tone) -> str:
    """Return the words that stand for a verdict."""
    return _WORDS.get(tone, tone)


def counted(verdicts: Iterable[str]) -> str:
    """Return how many comparisons have each verdict.

    Examples
    --------
    >>> counted(["better", "none", "none"])
    'better in 1 of 3 comparisons, worse in 0, no difference shown in 2'
    """
    found = list(verdicts)
    told = [f"better in {found.count('better')} of {plural(len(found), 'comparison')}"]
    others: list[Tone] = ["worse", *(one for one in ("same", "none") if one in found)]
    return ", ".join([*told, *(f"{word_of(one)} in {found.count(one)}" for one in others)])


def bands(metrics: Iterable[str]) -> str:
    """Return within what differences are practically the same, in a sentence.

    Examples
    --------
    >>> bands(["auc_rnx", "trustworthiness"])
    'Differences within 0.01 (trustworthiness: 0.002) are called practically the same.'
    """
    by_band: dict[str, list[str]] = {}
    for words in map(metric_words, dict.fromkeys(metrics)):
        if words.band:
            by_band.setdefault(words.band, []).append(in_sentence(words.title))
    if not by_band:
        return ""
    usual = max(by_band, key=lambda band: len(by_band[band]))
    others = [f"{joined(titles)}: {band}" for band, titles in by_band.items() if band != usual]
    but = f" ({'; '.join(others)})" if others else ""
    return f"Differences within {usual}{but} are called {SAME}."


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
