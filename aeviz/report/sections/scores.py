"""Section with tables of scores by stage: one row per metric, one column per method.

The best of each row is marked. The key metrics come first; the others are in a fold under the
table, grouped by what they measure.
"""

from functools import partial
from typing import Any

import pandas as pd

from aeviz.core.wording import plural
from aeviz.evaluation.stages import Stage
from aeviz.page.content import Block, Cell, Figure, Fold, Gallery, SectionContent, Table
from aeviz.page.figures import one_axes
from aeviz.page.verdicts import ONE_TRAINING, best_of, word_of
from aeviz.page.wording import (
    MetricWords,
    capitalised,
    decimals_for,
    fixed,
    in_order,
    interval,
    joined,
    method,
    metric_words,
    signed,
)
from aeviz.plots.rows import score_dots
from aeviz.report.sections.base import Section
from aeviz.runs.pair import IDENTITY
from aeviz.runs.run import Run
from aeviz.runs.score_table import at_usual_k

__all__ = ["SECTION"]

STAGES = {
    Stage.DATA_TO_EMBEDDING: ("How faithful is each map to the data?", "Data → embedding."),
    Stage.DATA_TO_CODE: ("How much of the data does each code keep?", "Data → code."),
    Stage.CODE_TO_EMBEDDING: ("What does drawing the code cost?", "Code → embedding."),
}
# What a row of scores is of: a method, and what it is compared with, if with anything.
Compared = tuple[str, str]
ORIGINAL_DATA: Compared = ("original data", "")


def _build(run: Run) -> SectionContent | None:
    scores = run.scores
    if scores.empty:
        return None
    summary = (
        f"{_on_which(run)}, the same for every method, each among all {run.data.n_samples:,}; a "
        "score that looks at some of them only says so. Below a value stands its 95 % bootstrap "
        f"interval; the best of each row is marked ★.{_of_own(run)}"
    )
    blocks: list[Block] = []
    for stage, (question, caption) in STAGES.items():
        of_stage = scores[scores["stage"] == stage]
        if of_stage.empty:
            continue
        if stage == Stage.DATA_TO_EMBEDDING:
            of_stage = _with_data(of_stage, scores)
        n_samples = int(of_stage["n_evaluated"].max())
        first, *folded = _key_and_others(of_stage, caption, question, n_samples)
        blocks.append(first)
        if stage == Stage.DATA_TO_EMBEDDING:
            blocks.append(Gallery(_dots(_key_scores(of_stage)), n_columns=3))
        blocks += folded
    if not run.differences.empty:
        n_samples = int(scores["n_evaluated"].max())
        title = "Autoencoders minus PCA"
        blocks += _key_and_others(run.differences, _of_differences(run), title, n_samples)
    return SectionContent(summary, blocks)


def _of_differences(run: Run) -> str:
    """Return what differences are, and when one is shown."""
    n = run.n_trainings or 1
    counted = (
        f"Mean score of {n} trainings minus that of the baseline. The 95 % interval counts how "
        "scores vary between trainings and what other evaluated samples would change. A method is "
        "better or worse where the interval excludes 0 and the difference is beyond the band"
    )
    if n == 1:
        counted = (
            "Score minus that of the baseline, with its 95 % interval over the evaluated samples. "
            f"{ONE_TRAINING} A code or map is better or worse where the difference exceeds, by "
            "twice the half-width of its interval, five times the band"
        )
    return f"{counted} of what is practically the same, which stands below each score."


def _of_own(run: Run) -> str:
    """Return what to mind where maps or codes were given."""
    if not any(run.is_own(pair) for pair in run.pairs):
        return ""
    return (
        " Maps and codes that were given are scored like the others, but nobody knows to which "
        "samples they were fitted: held-out samples may have been among them."
    )


def _on_which(run: Run) -> str:
    """Return on which samples scores were measured."""
    scores = run.scores
    is_of_code = scores["stage"] == Stage.DATA_TO_CODE
    most = f"{int(scores['n_evaluated'].max()):,} samples"
    if not is_of_code.any():
        return f"Measured on {most}"
    n_of_codes = int(scores.loc[is_of_code, "n_evaluated"].max())
    if n_of_codes > run.data.n_test:
        return (
            f"Measured on {most}. The held-out samples are too few to score codes on them alone; "
            "codes of training samples look better than those of new ones"
        )
    return (
        f"Codes are measured on {n_of_codes:,} held-out samples, to which no encoder was fitted, "
        f"and maps, which show all samples, on {most}"
    )


def _with_data(of_stage: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Add the scores of labels in the original data to those of the embeddings.

    Runs of former versions have them on the samples of codes only.
    """
    if of_stage["embedding"].isna().any():
        return of_stage
    is_of_data = (scores["encoder"] == IDENTITY) & scores["embedding"].isna()
    is_beside = is_of_data & scores["metric"].isin(of_stage["metric"])
    return pd.concat([of_stage, scores[is_beside]]) if is_beside.any() else of_stage


def _key_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of key metrics at the usual neighbourhood size; all if none is known."""
    is_key = scores.index.isin(at_usual_k(scores).index)
    is_key &= [metric_words(name).is_key for name in scores["metric"]]
    return scores[is_key] if is_key.any() else scores


def _key_and_others(scores: pd.DataFrame, caption: str, title: str, n_samples: int) -> list[Block]:
    """Return the table of key scores, and a fold with that of the others where there are any."""
    first = _key_scores(scores)
    others = scores[~scores.index.isin(first.index)]
    table = partial(_table, caption=caption, n_samples=n_samples)
    blocks: list[Block] = [table(first, title=title)]
    if not others.empty:
        n_scores = sum(1 for _ in in_order(others))
        words = f"{plural(n_scores, 'further score')}, by what they measure"
        blocks.append(Fold(words, [table(others, is_grouped=True)]))
    return blocks


def _compared(row: Any) -> Compared:
    ours = method(row.encoder, row.embedding)
    if not hasattr(row, "baseline_encoder"):
        return ours, ""
    theirs = getattr(row, "baseline_embedding", row.embedding)
    return ours, method(row.baseline_encoder, theirs)


def _in_order(scores: pd.DataFrame) -> list[Compared]:
    """Return the methods in their order, the original data last."""
    found = dict.fromkeys(map(_compared, scores.itertuples()))
    return sorted(found, key=lambda one: one == ORIGINAL_DATA)


def _best(rows: dict[Compared, Any], words: MetricWords) -> list[Compared]:
    """Return the best method, or all that share its value.

    The value of the original data is for comparison only, and differences have no best one.
    """
    contenders = {one: row.value for one, row in rows.items() if one != ORIGINAL_DATA}
    is_of_scores = not any(theirs for _, theirs in rows)
    return best_of(contenders, higher_is_better=words.higher_is_better) if is_of_scores else []


def _table(
    scores: pd.DataFrame, *, caption: str, n_samples: int, title: str = "", is_grouped: bool = False
) -> Table:
    """Return one row per metric and one column per method, or per comparison."""
    columns = _in_order(scores)
    rows = []
    heads: dict[str, int] = {}
    for number, (words, of_metric) in enumerate(in_order(scores)):
        found = {_compared(row): row for row in of_metric.itertuples()}
        best = _best(found, words)
        decimals = decimals_for((row.low, row.high) for row in found.values())
        cells = [_cell(found.get(one), decimals, is_best=one in best) for one in columns]
        n_evaluated = int(of_metric["n_evaluated"].max())
        of_some = f", {n_evaluated:,} samples" * (n_evaluated < n_samples)
        is_compared = any(theirs for _, theirs in columns) and words.band
        of_some += f"; the same within {words.band}" * bool(is_compared)
        rows.append([Cell(words.title, words.direction + of_some), *cells])
        heads.setdefault(words.scope_title, number)
    if ORIGINAL_DATA in columns:
        of_data = scores.loc[(scores["encoder"] == IDENTITY) & scores["embedding"].isna(), "metric"]
        is_of_batches = {metric_words(name).scope == "batches" for name in of_data}
        of_what = joined(["batches" if one else "labels" for one in sorted(is_of_batches)])
        caption += f" The last column has the scores of {of_what} in the original data."
    named = [Cell(capitalised(ours), f"minus {theirs}" * bool(theirs)) for ours, theirs in columns]
    of_groups = {number: head for head, number in heads.items()} if is_grouped else {}
    return Table([Cell("Score"), *named], rows, caption, title=title, heads=of_groups)


def _cell(row: Any, decimals: int, *, is_best: bool) -> Cell:
    if row is None:
        return Cell("–")
    if not hasattr(row, "baseline_encoder"):
        return Cell(fixed(row.value, decimals), interval(row.low, row.high, decimals), is_best)
    ends = interval(row.low, row.high, decimals, write=signed)
    return Cell(signed(row.value, decimals), ends, tone=row.verdict, word=word_of(row.verdict))


def _dots(scores: pd.DataFrame) -> list[Figure]:
    """Return one figure per metric, so that intervals of maps can be compared by eye."""
    scores = scores[scores["embedding"].notna()]
    methods = _in_order(scores)
    left = 14 + 6.0 * max(len(capitalised(name)) for name, _ in methods)
    figures = []
    for words, of_metric in in_order(scores):
        found = {_compared(row): row for row in of_metric.itertuples()}
        best = _best(found, words)
        shown = [one for one in methods if one in found]
        rows = [found[one] for one in shown]
        labels = [capitalised(name) for name, _ in shown]
        values, ends = [row.value for row in rows], [(row.low, row.high) for row in rows]
        marked = [i for i, one in enumerate(shown) if one in best]
        fill = partial(score_dots, labels, values, ends, best=marked)
        size = max(330, left + 150), 42 + 22 * len(rows)
        draw = one_axes(*size, fill, left=left, right=14, top=6, bottom=28)
        told = "; ".join(map(" ".join, zip(labels, (fixed(one, 3) for one in values), strict=True)))
        title = f"{words.title} {words.direction[:1]}".strip()
        figures.append(Figure(f"scores_{words.name}", draw, f"{words.title}: {told}.", title=title))
    return figures


SECTION = Section("Scores", 70, _build, _build)
