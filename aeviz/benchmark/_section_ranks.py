"""Show ranks of methods over data sets, and what few data sets cannot show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aeviz.benchmark._methods import (
    Method,
    headlines,
    method_key,
    method_name,
    methods_of,
    of_split,
)
from aeviz.benchmark._ranking import MIN_DATASETS, Ranking, rank
from aeviz.benchmark.folder import Benchmark
from aeviz.core.wording import plural
from aeviz.page.content import Block, Cell, Figure, Gallery, SectionContent, Table
from aeviz.page.figures import one_axes
from aeviz.page.wording import in_order, metric_words
from aeviz.plots.rows import rank_dots, rank_dots_height_px

__all__ = ["ranks"]


def ranks(benchmark: Benchmark) -> SectionContent | None:
    """Return mean ranks of the embeddings of test samples, or None for one data set."""
    if len(benchmark.info["datasets"]) < 2:
        return None
    table = of_split(benchmark.summary, stage="data-to-embedding")
    with_size = any(len(card["code_sizes"]) > 1 for card in benchmark.info["datasets"])
    names = headlines(list(dict.fromkeys(table["metric"])))
    rankings: dict[str, tuple[list[Method], Ranking]] = {}
    for words, of_metric in in_order(table):
        found = _ranked(words.name, of_metric, with_size=with_size)
        if found is not None:
            rankings[words.name] = found
    if not rankings:
        return None
    figures = [_figure(name, *rankings[name]) for name in names if name in rankings]
    blocks: list[Block] = []
    if figures:
        blocks.append(Gallery(figures, n_columns=2))
    blocks.append(_table(rankings))
    return SectionContent(_summary(rankings), blocks)


def _ranked(
    name: str, table: pd.DataFrame, *, with_size: bool
) -> tuple[list[Method], Ranking] | None:
    """Return the methods that were scored on every data set, with their ranking."""
    words = metric_words(name)
    datasets = list(dict.fromkeys(table["dataset"]))
    values = {
        (row.dataset, method_key(row, with_size=with_size)): row.value for row in table.itertuples()
    }
    methods = [
        key
        for key in methods_of(table, with_size=with_size)
        if all((dataset, key) in values for dataset in datasets)
    ]
    if words.higher_is_better is None or len(datasets) < 2 or len(methods) < 2:
        return None
    matrix = np.array([[values[dataset, key] for key in methods] for dataset in datasets])
    return methods, rank(matrix, higher_is_better=words.higher_is_better)


def _summary(rankings: dict[str, tuple[list[Method], Ranking]]) -> str:
    _, first = next(iter(rankings.values()))
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


def _figure(name: str, methods: list[Method], ranking: Ranking) -> Figure:
    names = [method_name(key) for key in methods]
    order = np.argsort(ranking.mean_ranks, kind="stable")
    words = metric_words(name)

    def fill(ax: Any) -> None:
        groups = ranking.groups() if ranking.critical is not None else ()
        rank_dots(names, ranking.mean_ranks, groups=groups, critical=ranking.critical, ax=ax)

    left = 14 + 6.0 * max(map(len, names))
    height = rank_dots_height_px(len(names))
    draw = one_axes(508, height, fill, left=left, right=14, top=12, bottom=40)
    told = "; ".join(f"{names[i]} {ranking.mean_ranks[i]:.2f}" for i in order)
    caption = ""
    if ranking.p is not None:
        shown = "the methods differ" if ranking.is_shown else "no difference shown"
        caption = f"Friedman’s test: p = {ranking.p:.3f}, {shown}. "
        caption += "Bars on the right join what is not told apart."
    return Figure(
        f"ranks_{name}", draw, f"Mean ranks by {words.title}: {told}.", caption, words.title
    )


def _table(rankings: dict[str, tuple[list[Method], Ranking]]) -> Table:
    methods = list(dict.fromkeys(key for found, _ in rankings.values() for key in found))
    rows = []
    for name, (found, ranking) in rankings.items():
        words = metric_words(name)
        of_method = dict(zip(found, ranking.mean_ranks, strict=True))
        best = ranking.mean_ranks.min()
        note = words.direction if ranking.p is None else f"Friedman p = {ranking.p:.3f}"
        cells = [
            Cell(f"{of_method[key]:.2f}", is_best=bool(of_method[key] == best))
            if key in of_method
            else Cell("–")
            for key in methods
        ]
        rows.append([Cell(words.title, note), *cells])
    columns = [Cell("Mean rank by"), *(Cell(method_name(key)) for key in methods)]
    return Table(columns, rows, "Only methods that were scored on every data set are ranked.")
