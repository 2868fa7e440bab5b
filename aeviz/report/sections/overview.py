"""Section that begins the page: what was run, and whether the autoencoder beats PCA here."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from aeviz.core.wording import plural
from aeviz.evaluation.stages import Stage
from aeviz.page.content import (
    Block,
    Cell,
    SectionContent,
    Split,
    Table,
    Text,
    Verdict,
    Verdicts,
    table,
)
from aeviz.page.verdicts import ONE_TRAINING, bands, counted, word_of
from aeviz.page.wording import (
    capitalised,
    decimals_for,
    fixed,
    in_order,
    in_sentence,
    interval,
    joined,
    method,
    metric_words,
    signed,
)
from aeviz.report._maps import map_figure, map_key, name_of
from aeviz.report.batches import Batches
from aeviz.report.coloring import coloring_of
from aeviz.report.sections.base import Section
from aeviz.runs.pair import LATENT, OWN, Pair
from aeviz.runs.run import Run

__all__ = ["SECTION"]

# The answer uses one score per question: reconstruction, neighbours, distances, labels. Scores of
# the same question agree, and counting all of them would count that question several times.
OF_CODE = ("reconstruction_error", "knn_accuracy")
OF_MAP = ("spearman", "knn_accuracy")
FIRST_CHOICE = "trustworthiness"


def _build(run: Run) -> SectionContent:
    coloring, batches = coloring_of(run), Batches.of(run)
    answers = [*_answers(run), *([Text(batches.warnings())] if batches else [])]
    best = _best_map(run)
    if best is None:
        return SectionContent(_what_was_run(run), answers)
    pair, reason = best
    caption = f"The map with the {reason} of this run: {name_of(pair)}."
    figure = map_figure(run, pair, coloring, name="best_embedding", caption=caption, title="")
    beside = Split(answers, [figure, *map_key(coloring)])
    return SectionContent(_what_was_run(run), [beside, _best_by_score(run)])


def _what_was_run(run: Run) -> str:
    data = run.data
    text = (
        f"{data.n_samples:,} samples of {data.n_features:,} features; encoders were fitted on "
        f"{data.n_train:,} of them, the other {data.n_test:,} were held out. "
    )
    by_size: dict[int, list[str]] = {}
    for kind in (kind for kind in run.encoders if kind not in run.own_codes):
        name = method(kind)
        name = f"the {name}" if name.endswith("autoencoder") else name
        by_size.setdefault(int(run.code(kind).shape[1]), []).append(name)
    codes = [f"to {size} numbers by {joined(kinds)}" for size, kinds in by_size.items()]
    if codes:
        text += f"Each sample was reduced {joined(codes)}. "
    own = [f"the code {n} of {plural(run.code(n).shape[1], 'number')}" for n in run.own_codes]
    own += [f"the map {name_of(pair)}" for pair in run.pairs if pair.encoder == OWN]
    if own:
        text += f"Not made by this run but given: {joined(own)}. "
    return f"{text}The report shows {plural(len(run.pairs), 'map')}."


def _answers(run: Run) -> list[Block]:
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
        metrics = [name for name in (_first_choice(run), *OF_CODE, *OF_MAP) if name in names]
        blocks.append(Text([f"{bands(metrics)} {_how_sure(run)}"]))
    return blocks


def _answer(run: Run, encoder: str, rows: pd.DataFrame) -> Verdicts:
    first = _first_choice(run)
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
        f"{counted(told)}. Compared by {joined(map(in_sentence, titles))}{_on_which(run, found)}."
    )
    question = f"Does the {method(encoder)} beat PCA here?"
    return Verdicts(question, answer, [_verdict(row) for row in found])


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


def _first_choice(run: Run) -> str:
    """Return the run's headline score, or what stands for it where a run has none."""
    names = dict.fromkeys(run.scores["metric"])
    return next((name for name in names if metric_words(name).is_headline), FIRST_CHOICE)


def _verdict(row: Any) -> Verdict:
    decimals = decimals_for([(row.low, row.high)])
    where = "of its plane" if row.embedding == LATENT else "of the code"
    if isinstance(row.embedding, str) and row.embedding != LATENT:
        where = f"of {method(row.embedding)}"
    subject = f"{metric_words(row.metric).title} {where}"
    ends = interval(row.low, row.high, decimals, write=signed)
    amount = f"{signed(row.value, decimals)} ({ends})"
    return Verdict(word_of(row.verdict), row.verdict, subject, amount)


def _best_map(run: Run) -> tuple[Pair, str] | None:
    """Return the pair to show first, and by which score it was chosen."""
    if not run.pairs:
        return None
    scores = _of_maps(run)
    first = _first_choice(run)
    of_metric = scores[scores["metric"] == first]
    if of_metric.empty:
        return run.pairs[0], "first place"
    best = of_metric.loc[of_metric["value"].idxmax()]
    title = in_sentence(metric_words(first).title)
    return Pair(str(best["encoder"]), str(best["embedding"])), f"highest {title}"


def _of_maps(run: Run) -> pd.DataFrame:
    """Return the scores of embeddings, without those of the original data."""
    scores = run.scores
    return scores[(scores["stage"] == Stage.DATA_TO_EMBEDDING) & scores["embedding"].notna()]


def _best_by_score(run: Run) -> Table:
    """Return the best map by each score, with those whose intervals overlap with its own."""
    scores = _of_maps(run)
    rows = []
    for words, of_metric in in_order(scores):
        if words.higher_is_better is None or not words.is_key:
            continue
        ordered = of_metric.sort_values("value", ascending=not words.higher_is_better)
        best, others = ordered.iloc[0], ordered.iloc[1:]
        overlaps = others[(others["low"] <= best["high"]) & (others["high"] >= best["low"])]
        near = [method(row.encoder, row.embedding) for row in overlaps.itertuples()]
        ends = best["low"], best["high"]
        decimals = decimals_for([ends])
        rows.append(
            [
                Cell(words.title, words.direction),
                capitalised(method(best["encoder"], best["embedding"])),
                Cell(fixed(best["value"], decimals), interval(*ends, decimals)),
                "; ".join([*map(capitalised, near[:1]), *near[1:]]) or "none",
            ]
        )
    columns = ("Score", "Best map", "Value, 95 % interval", "Interval overlaps with")
    caption = "Each map is compared with the original data."
    return table(columns, rows, caption, "The best map by each score", is_text=True)


SECTION = Section("Overview", 10, _build)
