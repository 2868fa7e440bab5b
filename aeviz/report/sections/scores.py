"""Section with tables of scores by stage: one row per metric, one column per method.

The best of each row is marked. The key metrics come first; the others are in a fold under the
table, grouped by what they measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from aeviz.core.wording import plural
from aeviz.page.content import Block, Cell, Figure, Fold, Gallery, SectionContent, Table
from aeviz.page.figures import Draw, one_axes
from aeviz.page.verdicts import best_of, tone_of, word_of
from aeviz.page.wording import (
    MetricWords,
    capitalised,
    decimals_for,
    fixed,
    in_order,
    method,
    metric_words,
    signed,
)
from aeviz.plots.rows import score_dots
from aeviz.report.sections.base import Section
from aeviz.runs.run import Run
from aeviz.runs.score_table import at_usual_k

__all__ = ["SECTION"]

STAGES = {
    "data-to-embedding": ("How faithful is each map to the data?", "Data → embedding."),
    "data-to-code": ("How much of the data does each code keep?", "Data → code."),
    "code-to-embedding": ("What does drawing the code cost?", "Code → embedding."),
}
ORIGINAL_DATA = ("identity", None)
Method = tuple[str, str | None]


def _build(run: Run) -> SectionContent | None:
    scores = run.scores
    if scores.empty:
        return None
    summary = (
        f"{_on_which(run)}, the same for every method, each among all {run.data.n_samples:,}; a "
        "score that looks at some of them only says so. Below a value stands its 95 % bootstrap "
        "interval; the best of each row is marked ★."
    )
    blocks: list[Block] = []
    for stage, (question, caption) in STAGES.items():
        of_stage = scores[scores["stage"] == stage]
        if of_stage.empty:
            continue
        if stage == "data-to-embedding":
            of_stage = _with_data(of_stage, scores)
        first, others = _key_and_others(of_stage)
        table = partial(_table, caption=caption, n_samples=int(of_stage["n_evaluated"].max()))
        blocks.append(table(first, title=question))
        if stage == "data-to-embedding":
            of_maps = first[first["embedding"].notna()]
            blocks.append(Gallery(_dots(of_maps), n_columns=3))
        blocks += _folded(others, partial(table, is_grouped=True))
    if not run.differences.empty:
        first, others = _key_and_others(run.differences)
        table = partial(_differences, n_samples=int(scores["n_evaluated"].max()))
        blocks.append(table(first, title="Autoencoders minus PCA"))
        blocks += _folded(others, partial(table, is_grouped=True))
    return SectionContent(summary, blocks)


def _on_which(run: Run) -> str:
    """Return on which samples scores were measured."""
    scores = run.scores
    is_of_code = scores["stage"] == "data-to-code"
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
    is_of_data = (scores["encoder"] == ORIGINAL_DATA[0]) & scores["embedding"].isna()
    is_beside = is_of_data & scores["metric"].isin(of_stage["metric"])
    return pd.concat([of_stage, scores[is_beside]]) if is_beside.any() else of_stage


def _key_and_others(scores: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the scores of key metrics, and the others; all scores if no metric is known."""
    is_key = scores.index.isin(at_usual_k(scores).index)
    is_key &= [metric_words(name).is_key for name in scores["metric"]]
    return (scores[is_key], scores[~is_key]) if is_key.any() else (scores, scores[:0])


def _folded(scores: pd.DataFrame, build: Callable[[pd.DataFrame], Table]) -> list[Block]:
    """Return the table of further scores, put away; nothing where there are none."""
    if scores.empty:
        return []
    n_scores = sum(1 for _ in in_order(scores))
    return [Fold(f"{plural(n_scores, 'further score')}, by what they measure", [build(scores)])]


def _methods(scores: pd.DataFrame) -> list[Method]:
    """Return the methods in their order, the original data last."""
    found = list(dict.fromkeys(_key(row) for row in scores.itertuples()))
    return sorted(found, key=lambda key: key == ORIGINAL_DATA)


def _key(row: Any) -> Method:
    return row.encoder, row.embedding if isinstance(row.embedding, str) else None


def _best(rows: dict[Method, Any], words: MetricWords) -> list[Method]:
    """Return the best method, or all that share its value.

    The value of the original data is for comparison only.
    """
    contenders = {key: row.value for key, row in rows.items() if key != ORIGINAL_DATA}
    return best_of(contenders, higher_is_better=words.higher_is_better)


def _table(
    scores: pd.DataFrame,
    caption: str,
    *,
    n_samples: int,
    title: str = "",
    is_grouped: bool = False,
) -> Table:
    methods = _methods(scores)
    rows = []
    for words, of_metric in in_order(scores):
        found = {_key(row): row for row in of_metric.itertuples()}
        best = _best(found, words)
        decimals = decimals_for((row.low, row.high) for row in found.values())
        cells = [_cell(found.get(key), decimals, is_best=key in best) for key in methods]
        rows.append([_name(words, of_metric, n_samples), *cells])
    columns = [Cell("Score"), *(Cell(capitalised(method(*key))) for key in methods)]
    if ORIGINAL_DATA in methods:
        caption += " The last column has the scores of labels in the original data."
    return Table(columns, rows, caption, title=title, heads=_heads(scores) if is_grouped else {})


def _name(words: MetricWords, of_metric: pd.DataFrame, n_samples: int) -> Cell:
    """Return a score's title, its direction, and on how many samples where these are fewer."""
    n_evaluated = int(of_metric["n_evaluated"].max())
    is_of_some = n_evaluated < n_samples
    return Cell(words.title, words.direction + f", {n_evaluated:,} samples" * is_of_some)


def _heads(scores: pd.DataFrame) -> dict[int, str]:
    """Return the sub-headings of a table with one row per metric."""
    heads: dict[int, str] = {}
    for row, (words, _) in enumerate(in_order(scores)):
        title = words.scope_title
        if title not in heads.values():
            heads[row] = title
    return heads


def _cell(row: Any, decimals: int, *, is_best: bool) -> Cell:
    if row is None:
        return Cell("–")
    interval = f"{fixed(row.low, decimals)} to {fixed(row.high, decimals)}"
    return Cell(fixed(row.value, decimals), interval, is_best)


def _dots(scores: pd.DataFrame) -> list[Figure]:
    """Return one figure per metric, so that intervals can be compared by eye."""
    methods = _methods(scores)
    names = [capitalised(method(*key)) for key in methods]
    left = 14 + 6.0 * max(map(len, names))
    figures = []
    for words, of_metric in in_order(scores):
        found = {_key(row): row for row in of_metric.itertuples()}
        best = _best(found, words)
        rows = [found[key] for key in methods if key in found]
        shown = [label for key, label in zip(methods, names, strict=True) if key in found]
        marked = [i for i, row in enumerate(rows) if _key(row) in best]
        told = "; ".join(
            f"{label} {fixed(row.value, 3)}" for label, row in zip(shown, rows, strict=True)
        )
        figures.append(
            Figure(
                f"scores_{words.name}",
                _dots_of(shown, rows, marked, left),
                f"{words.title}: {told}.",
                title=f"{words.title} {words.direction[:1]}".strip(),
            )
        )
    return figures


def _dots_of(names: Sequence[str], rows: Sequence[Any], best: Sequence[int], left: float) -> Draw:
    values, intervals = [row.value for row in rows], [(row.low, row.high) for row in rows]

    def fill(ax: Axes) -> None:
        score_dots(names, values, intervals, ax=ax, best=best)

    size = max(330, left + 150), 42 + 22 * len(rows)
    return one_axes(*size, fill, left=left, right=14, top=6, bottom=28)


def _differences(
    differences: pd.DataFrame, *, n_samples: int, title: str = "", is_grouped: bool = False
) -> Table:
    """Return paired differences: one row per metric, one column per comparison."""
    keys = list(dict.fromkeys(map(_comparison, differences.itertuples())))
    rows = []
    for words, of_metric in in_order(differences):
        found = {_comparison(row): row for row in of_metric.itertuples()}
        decimals = decimals_for((row.low, row.high) for row in found.values())
        cells = [_difference(found.get(key), decimals) for key in keys]
        rows.append([_name(words, of_metric, n_samples), *cells])
    caption = (
        "Score minus that of the baseline, paired over the evaluated samples, with its 95 % "
        "interval; no difference is shown where the interval holds 0. Of twenty comparisons "
        "without any real difference, one is expected to look like one."
    )
    heads = [Cell(capitalised(ours), f"minus {theirs}") for ours, theirs in keys]
    of_groups = _heads(differences) if is_grouped else {}
    return Table([Cell("Score"), *heads], rows, caption, title=title, heads=of_groups)


def _comparison(row: Any) -> tuple[str, str]:
    """Name what is compared, and with what."""
    ours = row.encoder, row.embedding if isinstance(row.embedding, str) else None
    theirs = getattr(row, "baseline_embedding", row.embedding)
    baseline = method(row.baseline_encoder, theirs if isinstance(theirs, str) else None)
    return method(*ours), baseline


def _difference(row: Any, decimals: int) -> Cell:
    if row is None:
        return Cell("–")
    tone = tone_of(row)
    interval = f"{signed(row.low, decimals)} to {signed(row.high, decimals)}"
    return Cell(signed(row.value, decimals), interval, tone=tone, word=word_of(tone))


SECTION = Section("Scores", 70, _build)
