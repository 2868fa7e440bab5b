"""Say whether each autoencoder of a run beats PCA: for the page, and in one sentence."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from aeviz.core.wording import plural
from aeviz.evaluation.stages import Stage
from aeviz.page.content import Block, Text, Verdict, Verdicts
from aeviz.page.forest import NOTE, effect_of
from aeviz.page.verdicts import ONE_TRAINING, bands, counted, word_of
from aeviz.page.wording import (
    decimals_for,
    in_sentence,
    interval,
    joined,
    method,
    metric_words,
    signed,
)
from aeviz.report.short_trainings import short_trainings
from aeviz.runs.pair import LATENT, Pair
from aeviz.runs.run import Run

__all__ = ["answers", "first_choice", "verdict_sentences"]

# The answer uses one score per question: reconstruction, neighbours, distances, labels. Scores of
# the same question agree, and counting all of them would count that question several times.
OF_CODE = ("reconstruction_error", "knn_accuracy")
OF_MAP = ("spearman", "knn_accuracy")
FIRST_CHOICE = "trustworthiness"
# Begins the sentence on what an answer rests on.
_BASIS = " Compared by "


def answers(run: Run) -> list[Block]:
    """Return for each autoencoder whether it beats PCA, and by how much."""
    differences = run.differences
    kinds = [kind for kind in run.encoders if run.history(kind)]
    if differences.empty and (not kinds or "pca" not in run.encoders):
        missing = "no PCA of the same code size" if kinds else "no autoencoder"
        text = (
            f"This run has {missing}, so it cannot say whether an autoencoder beats PCA here; a "
            "run with both encoders, residual and pca, would."
        )
        return [Text([text])]
    other = "this run has no PCA"
    if "pca" in run.encoders:
        other = f"PCA’s has {run.code('pca').shape[1]}"
    compared = {} if differences.empty else dict(iter(differences.groupby("encoder")))
    names = set() if differences.empty else set(differences["metric"])
    blocks: list[Block] = []
    for kind in kinds:
        text = (
            f"This run cannot say whether the {method(kind)} beats PCA here: its code has "
            f"{run.code(kind).shape[1]} numbers, and {other}. A run with both at one code size "
            "would."
        )
        rows = compared.get(kind)
        blocks.append(Text([text]) if rows is None else _answer(run, kind, rows))
    if compared:
        metrics = [name for name in (first_choice(run), *OF_CODE, *OF_MAP) if name in names]
        blocks.append(Text([f"{bands(metrics)} {NOTE} {_how_sure(run)}"]))
    return blocks


def verdict_sentences(run: Run) -> list[str]:
    """Return for each autoencoder in a sentence whether it beats PCA, or why that is not known."""
    found = [block for block in answers(run) if isinstance(block, Verdicts | Text)]
    compared = [block for block in found if isinstance(block, Verdicts)]
    if compared:
        return [f"{one.question} {one.answer.partition(_BASIS)[0]}" for one in compared]
    return [text for block in found if isinstance(block, Text) for text in block.paragraphs]


def _answer(run: Run, encoder: str, rows: pd.DataFrame) -> Verdicts:
    first = first_choice(run)
    # The answer rests on these differences.
    every = [*rows.itertuples()]
    asked = {Stage.DATA_TO_CODE: OF_CODE}
    found = [one for one in every if one.metric in asked.get(one.stage, (first, *OF_MAP))] or every
    order = (first, *OF_CODE, *OF_MAP, *rows["metric"])
    found.sort(key=lambda row: (row.stage != Stage.DATA_TO_CODE, order.index(row.metric)))
    told = [row.verdict for row in found]
    titles = (metric_words(name).title for name in dict.fromkeys(row.metric for row in found))
    answer = (
        f"{_word(told)} Against {_opponent(run, encoder)}, the {method(encoder)} is "
        f"{counted(told)}.{_BASIS}{joined(map(in_sentence, titles))}{_on_which(run, found)}."
    )
    question = f"Does the {method(encoder)} beat PCA here?"
    return Verdicts(question, answer, [_verdict(row) for row in found], _warning(run, encoder))


def _warning(run: Run, encoder: str) -> str:
    """Return a warning if the training of an encoder ended too early, else an empty text."""
    n_epochs = short_trainings(run).get(encoder)
    if n_epochs is None:
        return ""
    return (
        f"Its training stopped at its limit of {plural(n_epochs, 'epoch')} while the loss was "
        "still falling. A run with more (--epochs) may answer otherwise."
    )


def _word(verdicts: Sequence[str]) -> str:
    """Return whether an autoencoder beats PCA, in a word."""
    counts = Counter(verdicts)
    if not counts["better"] and not counts["worse"]:
        return "No difference shown." if counts["none"] else "Practically the same."
    if not counts["worse"]:
        return "Yes."
    if counts["better"] < counts["worse"]:
        return "Mostly not." if counts["better"] else "No."
    return "In part."


def _opponent(run: Run, encoder: str) -> str:
    """Return what an autoencoder is compared with."""
    if Pair(encoder, LATENT) not in run.pairs:
        return "PCA with a code of the same size"
    if run.n_trainings is None:
        # Former versions.
        return "the plain PCA map, fitted to all samples where the plane saw the training samples"
    return "the plain PCA map, fitted to the training samples as the plane was"


def _on_which(run: Run, found: Sequence[Any]) -> str:
    """Return on which samples codes were compared, where these were held out."""
    of_code = (row.n_evaluated for row in found if row.stage == Stage.DATA_TO_CODE)
    n = max(of_code, default=0)
    return f", the code on {n:,} held-out samples" if 0 < n <= run.data.n_test else ""


def _how_sure(run: Run) -> str:
    """Return how many trainings differences rest on."""
    n = run.n_trainings or 1
    if n == 1:
        return (
            f"{ONE_TRAINING} A run with --seeds 5, or aeviz benchmark, shows what it would change."
        )
    return (
        f"Differences are those of mean scores over {n} trainings, the first of which is shown; "
        "their intervals count how trainings vary, too."
    )


def first_choice(run: Run) -> str:
    """Return the run's headline score, or what stands for it where a run has none."""
    names = dict.fromkeys(run.scores["metric"])
    return next((name for name in names if metric_words(name).is_headline), FIRST_CHOICE)


def _verdict(row: Any) -> Verdict:
    decimals = decimals_for([(row.low, row.high)])
    where = "of its plane" if row.embedding == LATENT else "of the code"
    if isinstance(row.embedding, str) and row.embedding != LATENT:
        where = f"of {method(row.embedding)}"
    words = metric_words(row.metric)
    ends = interval(row.low, row.high, decimals, write=signed)
    return Verdict(
        word_of(row.verdict),
        row.verdict,
        f"{words.title} {where}",
        f"{signed(row.value, decimals)} ({ends})",
        effect_of(
            row.value, row.low, row.high, band=row.band, higher_is_better=words.higher_is_better
        ),
    )
