"""Section that explains the scores: what each asks, its range and its better direction."""

from aeviz.page.content import Block, Facts, SectionContent, Text
from aeviz.page.verdicts import SAME
from aeviz.page.wording import MetricWords, capitalised, in_order
from aeviz.report.sections.base import Section
from aeviz.runs.run import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent | None:
    if run.scores.empty:
        return None
    # At another neighbourhood size a score asks the same.
    told = [words for words, _ in in_order(run.scores) if words.k is None]
    facts: list[Block] = []
    for title in dict.fromkeys(words.scope_title for words in told):
        of_scope = [(w.title, _meaning(w)) for w in told if w.scope_title == title]
        facts.append(Facts(of_scope, title=title, is_wide=True))
    notes = [
        "An interval is the middle 95 % of the score over resamples, in which a sample counts with "
        "what it changes in the scores of others. It says how far the score depends on which "
        "samples there are; it does not hold what another seed, another split or other settings "
        "would change. Scores of Gaussian mixtures have no interval: it would take many fits. "
        "Differences with PCA count what another seed would change where encoders were trained "
        "several times.",
        "No score replaces looking, and no map replaces the scores: a map can be faithful "
        "nearby and wrong at large, or the reverse, which is why both kinds stand here.",
    ]
    if any(words.scope in ("labels", "clusters") for words in told):
        notes.append(
            "A score of labels in one space is shown with its value in the original data: a map "
            "that beats it has sharpened a structure of the data, or invented it. Clusters are "
            "as many as there are classes, and found without looking at the labels."
        )
    return SectionContent("What each score asks, and what it does not say.", [*facts, Text(notes)])


def _meaning(words: MetricWords) -> str:
    if not words.question:
        return "Not known to this version."
    meaning = f"{words.question} {capitalised(words.range_text)}, {words.direction[2:]}."
    return f"{meaning} Differences within {words.band} are {SAME}." if words.band else meaning


SECTION = Section("How to read the scores", 75, _build, _build)
