"""Answer first what a reader came for: what was run, and did the autoencoder beat PCA here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from aeviz.core.wording import plural
from aeviz.page.content import Block, Cell, SectionContent, Split, Table, Text, Verdict, Verdicts
from aeviz.page.verdicts import NO_DIFFERENCE, tally, tone_of, word_of
from aeviz.page.wording import (
    capitalised,
    decimals_for,
    fixed,
    in_order,
    in_sentence,
    joined,
    method,
    metric_words,
    signed,
)
from aeviz.report._maps import map_figure, map_key, name_of
from aeviz.report.coloring import coloring_of
from aeviz.report.sections.base import Section
from aeviz.runs.pair import LATENT, Pair
from aeviz.runs.run import Run

__all__ = ["SECTION"]

# The verdict rests on one score a question: what comes back, what is near, what is far, what
# labels see. Scores of the same question agree, and to count them all would count it often.
OF_CODE = ("reconstruction_error", "knn_accuracy")
OF_PICTURE = ("spearman", "knn_accuracy")
FIRST_CHOICE = "trustworthiness"
HERO_PX = 508


def _build(run: Run) -> SectionContent:
    coloring = coloring_of(run)
    answers: list[Block] = [*_answers(run)]
    blocks: list[Block] = []
    best = _best_picture(run)
    if best is None:
        blocks += answers
    else:
        pair, reason = best
        caption = f"The picture with the {reason} of this run: {name_of(pair)}."
        hero = map_figure(
            run, pair, coloring, name="best_embedding", size_px=HERO_PX, caption=caption, title=""
        )
        key = map_key(coloring)
        blocks.append(Split(answers, [hero] if key is None else [hero, key]))
        blocks.append(_best_by_score(run))
    return SectionContent(_what_was_run(run), blocks)


def _what_was_run(run: Run) -> str:
    data = run.data
    text = (
        f"{data.n_samples:,} samples of {data.n_features:,} features; encoders were fitted on "
        f"{data.n_train:,} of them, the other {data.n_test:,} were held out. "
    )
    by_size: dict[int, list[str]] = {}
    for kind in run.encoders:
        by_size.setdefault(int(run.code(kind).shape[1]), []).append(_with_article(kind))
    codes = [f"to {size} numbers by {joined(kinds)}" for size, kinds in by_size.items()]
    if codes:
        text += f"Each sample was reduced {joined(codes)}. "
    n_pictures = len(run.pairs)
    return f"{text}{n_pictures} picture{'s' * (n_pictures != 1)} in the plane came of it."


def _with_article(kind: str) -> str:
    name = method(kind)
    return f"the {name}" if name.endswith("autoencoder") else name


# -- did the autoencoder beat PCA? ---------------------------------------------------------


def _answers(run: Run) -> Sequence[Block]:
    """Return for each autoencoder whether it beat PCA, and by how much."""
    table = run.differences
    kinds = [kind for kind in run.encoders if run.history(kind)]
    if table.empty and (not kinds or "pca" not in run.encoders):
        missing = "no PCA of the same code size" if kinds else "no autoencoder"
        return [
            Text(
                [
                    f"This run has {missing}, so nothing is said on whether an autoencoder "
                    "beats PCA here; a run with both encoders, regularized and pca, would tell."
                ]
            )
        ]
    compared = set() if table.empty else set(table["encoder"])
    return [
        _answer(run, kind, table[table["encoder"] == kind])
        if kind in compared
        else _no_answer(run, kind)
        for kind in kinds
    ]


def _no_answer(run: Run, kind: str) -> Text:
    """Say why an autoencoder was compared with nothing."""
    size = run.code(kind).shape[1]
    other = "this run has no PCA"
    if "pca" in run.encoders:
        other = f"PCA’s has {run.code('pca').shape[1]}"
    return Text(
        [
            f"Nothing is said on whether the {method(kind)} beats PCA here: its code has {size} "
            f"numbers, and {other}. A run with both at one --code-size would tell."
        ]
    )


def _answer(run: Run, encoder: str, rows: pd.DataFrame) -> Verdicts:
    first = _first_choice(run)
    judged = [row for row in rows.itertuples() if _is_judged(row, first)] or [*rows.itertuples()]
    order = (first, *OF_CODE, *OF_PICTURE, *rows["metric"])
    judged.sort(key=lambda row: order.index(row.metric))
    judged.sort(key=lambda row: row.stage != "data-to-code")
    counts = tally(judged)
    word = "In part."
    if not counts["worse"]:
        word = "Yes." if counts["better"] else "No difference shown."
    elif counts["better"] < counts["worse"]:
        word = "Mostly not." if counts["better"] else "No."
    is_picture = Pair(encoder, LATENT) in run.pairs
    opponent = "the plain PCA picture" if is_picture else "PCA with a code of the same size"
    names = joined(
        in_sentence(metric_words(n).title) for n in dict.fromkeys(r.metric for r in judged)
    )
    answer = (
        f"{word} Against {opponent}, the {method(encoder)} is better in {counts['better']} of "
        f"{plural(len(judged), 'comparison')} and worse in {counts['worse']}; in {counts['none']} "
        f"{NO_DIFFERENCE.replace('difference', 'difference is')}. Judged by {names}"
        f"{_on_which(run, judged)}. Of one training: what another seed would change, aeviz "
        "benchmark tells."
    )
    items = [_verdict(row) for row in judged]
    return Verdicts(f"Does the {method(encoder)} beat PCA here?", answer, items)


def _on_which(run: Run, judged: Sequence[Any]) -> str:
    """Say that codes are judged on held-out samples, where they are."""
    of_codes = [row.n_evaluated for row in judged if row.stage == "data-to-code"]
    if not of_codes or max(of_codes) > run.data.n_test:
        return ""
    return f", the code on {max(of_codes):,} held-out samples"


def _is_judged(row: Any, first: str) -> bool:
    """Tell whether a difference is one that the verdict rests on."""
    return row.metric in (OF_CODE if row.stage == "data-to-code" else (first, *OF_PICTURE))


def _first_choice(run: Run) -> str:
    """Return the run's headline score, or what stands for it where a run has none."""
    names = dict.fromkeys(run.scores["metric"])
    return next((name for name in names if metric_words(name).is_headline), FIRST_CHOICE)


def _verdict(row: Any) -> Verdict:
    tone = tone_of(row)
    decimals = decimals_for([(row.low, row.high)])
    amount = (
        f"{signed(row.value, decimals)} "
        f"({signed(row.low, decimals)} to {signed(row.high, decimals)})"
    )
    place = "of the code" if row.embedding is None or pd.isna(row.embedding) else ""
    if not place:
        place = "of its plane" if row.embedding == LATENT else f"of {method(row.embedding)}"
    title = metric_words(row.metric).title
    return Verdict(word_of(tone), tone, f"{title} {place}", amount)


# -- the best picture ------------------------------------------------------------------------


def _best_picture(run: Run) -> tuple[Pair, str] | None:
    """Return the pair to show first, and by which score it was chosen."""
    if not run.pairs:
        return None
    scores = _of_pictures(run)
    first = _first_choice(run)
    of_metric = scores[scores["metric"] == first]
    if of_metric.empty:
        return run.pairs[0], "first place"
    best = of_metric.loc[of_metric["value"].idxmax()]
    title = in_sentence(metric_words(first).title)
    return Pair(str(best["encoder"]), str(best["embedding"])), f"highest {title}"


def _of_pictures(run: Run) -> pd.DataFrame:
    """Return the scores of pictures, without those of labels in the data that stand beside them."""
    scores = run.scores
    return scores[(scores["stage"] == "data-to-embedding") & scores["embedding"].notna()]


def _best_by_score(run: Run) -> Table:
    """Return the best picture by each score, with those that it may not really exceed."""
    scores = _of_pictures(run)
    rows = []
    for name, of_metric in in_order(scores):
        words = metric_words(name)
        if words.higher_is_better is None or not words.is_key:
            continue
        ordered = of_metric.sort_values("value", ascending=not words.higher_is_better)
        best, others = ordered.iloc[0], ordered.iloc[1:]
        overlaps = others[(others["low"] <= best["high"]) & (others["high"] >= best["low"])]
        near = [method(row.encoder, row.embedding) for row in overlaps.itertuples()]
        decimals = decimals_for([(best["low"], best["high"])])
        interval = f"{fixed(best['low'], decimals)} to {fixed(best['high'], decimals)}"
        rows.append(
            [
                Cell(words.title, words.direction),
                Cell(capitalised(method(best["encoder"], best["embedding"]))),
                Cell(fixed(best["value"], decimals), interval),
                Cell(capitalised("; ".join(near)) if near else "none"),
            ]
        )
    return Table(
        [*map(Cell, ("Score", "Best picture", "Value, 95 % interval", "Interval overlaps with"))],
        rows,
        "Each picture is measured against the data themselves.",
        title="The best picture by each score",
        is_text=True,
    )


SECTION = Section("Overview", 10, _build)
