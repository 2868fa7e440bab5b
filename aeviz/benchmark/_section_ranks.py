"""Show ranks of methods over data sets, and what few data sets cannot show."""

from typing import Any

import numpy as np
import pandas as pd

from aeviz.benchmark._methods import headlines, methods_of, named, where
from aeviz.benchmark._ranking import MIN_DATASETS, Ranking, rank
from aeviz.benchmark.folder import Benchmark
from aeviz.core.wording import plural
from aeviz.page.content import Cell, Figure, Gallery, SectionContent, Table
from aeviz.page.figures import one_axes
from aeviz.page.wording import MetricWords, in_order, metric_words
from aeviz.plots.rows import rank_dots, rank_dots_height_px

__all__ = ["ranks"]

Ranked = tuple[list[str], Ranking]


def ranks(benchmark: Benchmark) -> SectionContent | None:
    """Return mean ranks of the embeddings of test samples, or None for one data set."""
    if len(benchmark.info["datasets"]) < 2:
        return None
    table = named(benchmark.summary, benchmark.info)
    table = where(table, split="test", stage="data-to-embedding")
    rankings = {
        words.name: found
        for words, of_metric in in_order(table)
        if (found := _ranked(words, of_metric)) is not None
    }
    if not rankings:
        return None
    names = [name for name in headlines(table) if name in rankings]
    figures = [_figure(metric_words(name), *rankings[name]) for name in names]
    galleries = [Gallery(figures, n_columns=2)] if figures else []
    _, first = next(iter(rankings.values()))
    return SectionContent(_summary(first), [*galleries, _table(rankings)])


def _ranked(words: MetricWords, table: pd.DataFrame) -> Ranked | None:
    """Return the methods that were scored on every data set, with their ranking."""
    values = {(row.dataset, row.method): row.value for row in table.itertuples()}
    datasets = table["dataset"].unique()
    methods = [
        name for name in methods_of(table) if all((dataset, name) in values for dataset in datasets)
    ]
    if words.higher_is_better is None or len(datasets) < 2 or len(methods) < 2:
        return None
    matrix = np.array([[values[dataset, name] for name in methods] for dataset in datasets])
    return methods, rank(matrix, higher_is_better=words.higher_is_better)


def _summary(first: Ranking) -> str:
    n_datasets, n_methods = first.n_datasets, len(first.mean_ranks)
    text = (
        f"On each of {plural(n_datasets, 'data set')} the {n_methods} maps of test samples "
        "are ranked by their mean over seeds, 1 being the best. "
    )
    if first.critical is None:
        return text + (
            f"From fewer than {MIN_DATASETS} data sets nothing can be claimed of others; the "
            "ranks only sum up what was seen."
        )
    text += (
        "Friedman’s test asks whether the methods differ at all from data set to data set; two of "
        f"them differ by Nemenyi’s test where mean ranks are {first.critical:.2f} apart. "
    )
    if not first.can_ever_differ:
        return text + (
            f"With {n_datasets} data sets that is more than the {n_methods - 1} between the first "
            "and the last: no two methods can be told apart, whatever their ranks. The ranks sum "
            "up what was seen here and claim nothing of other data."
        )
    return text + (
        f"{plural(n_datasets, 'data set')} are few: only methods at opposite ends can be told "
        "apart, and that two are not told apart does not make them equal."
    )


def _figure(words: MetricWords, names: list[str], ranking: Ranking) -> Figure:
    def fill(ax: Any) -> None:
        groups = ranking.groups() if ranking.critical is not None else ()
        rank_dots(names, ranking.mean_ranks, groups=groups, critical=ranking.critical, ax=ax)

    left = 14 + 6.0 * max(map(len, names))
    height = rank_dots_height_px(len(names))
    draw = one_axes(508, height, fill, left=left, right=14, top=12, bottom=40)
    order = np.argsort(ranking.mean_ranks, kind="stable")
    told = "; ".join(f"{names[i]} {ranking.mean_ranks[i]:.2f}" for i in order)
    caption = ""
    if ranking.p is not None:
        shown = "the methods differ" if ranking.is_shown else "no difference shown"
        caption = f"Friedman’s test: p = {ranking.p:.3f}, {shown}. "
        caption += "Bars on the right join what is not told apart."
    alt = f"Mean ranks by {words.title}: {told}."
    return Figure(f"ranks_{words.name}", draw, alt, caption, words.title)


def _table(rankings: dict[str, Ranked]) -> Table:
    methods = list(dict.fromkeys(name for names, _ in rankings.values() for name in names))
    rows = []
    for metric, (names, ranking) in rankings.items():
        words = metric_words(metric)
        note = words.direction if ranking.p is None else f"Friedman p = {ranking.p:.3f}"
        best = ranking.mean_ranks.min()
        cells = {
            name: Cell(f"{mean_rank:.2f}", is_best=bool(mean_rank == best))
            for name, mean_rank in zip(names, ranking.mean_ranks, strict=True)
        }
        rows.append([Cell(words.title, note), *(cells.get(name, Cell("–")) for name in methods)])
    columns = [*map(Cell, ("Mean rank by", *methods))]
    return Table(columns, rows, "Only methods that were scored on every data set are ranked.")
