"""Section that begins the page: what was run, and whether the autoencoder beats PCA here."""

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
    table,
)
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
)
from aeviz.report._maps import map_figure, map_key, name_of
from aeviz.report.batches import Batches
from aeviz.report.coloring import coloring_of
from aeviz.report.sections.base import Section
from aeviz.report.verdict import answers, first_choice
from aeviz.runs.pair import OWN, Pair
from aeviz.runs.run import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent:
    batches = Batches.of(run)
    return _overview(run, [Text(batches.warnings())] if batches else [])


def _shared(run: Run) -> SectionContent:
    """Return the section without the batches."""
    return _overview(run, [])


def _overview(run: Run, warnings: list[Block]) -> SectionContent:
    coloring, told = coloring_of(run), [*answers(run), *warnings]
    best = _best_map(run)
    if best is None:
        return SectionContent(_what_was_run(run), told)
    pair, reason = best
    caption = f"The map with the {reason} of this run: {name_of(pair)}."
    figure = map_figure(run, pair, coloring, name="best_embedding", caption=caption, title="")
    beside = Split(told, [figure, *map_key(coloring)])
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
    text += f"The report shows {plural(len(run.pairs), 'map')}."
    if run.settings.get("quick"):
        text += (
            " This is a quick first page: few samples, short trainings, one of each, and only the "
            "most important scores. The same command without --quick says more, and more surely."
        )
    return text


def _best_map(run: Run) -> tuple[Pair, str] | None:
    """Return the pair to show first, and by which score it was chosen."""
    if not run.pairs:
        return None
    scores = _of_maps(run)
    first = first_choice(run)
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


SECTION = Section("Overview", 10, _build, _shared)
