"""Show every mean with its interval over seeds: one table per data set, stage and split."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aeviz.benchmark._methods import (
    Method,
    headlines,
    is_given,
    method_key,
    method_name,
    methods_of,
    of_split,
    side_by_side,
)
from aeviz.benchmark._scores import SPLITS
from aeviz.benchmark.folder import Benchmark
from aeviz.benchmark.verdict_words import ONE_SEED
from aeviz.page.content import Block, Cell, SectionContent, Table
from aeviz.page.verdicts import best_of
from aeviz.page.wording import decimals_for, fixed, in_order, metric_words

__all__ = ["out_of_sample", "scores"]

STAGES = {"data-to-embedding": "maps", "data-to-code": "codes"}
TITLES = {
    "test": "test samples, transformed by what was fitted without them",
    "train": "training samples, fitted together",
}


def scores(benchmark: Benchmark) -> SectionContent:
    """Return the tables of all means."""
    summary = (
        "Means over seeds. Behind ± stands the half-width of the 95 % t-interval over seeds: where "
        "the mean of many more seeds may lie, on these data, this split and these evaluated "
        "samples. One seed tells no spread, so it has no interval; “no seed” means that none "
        "changes the result, and one run stands for all. The best mean of a row is marked ★, "
        "which claims nothing: what can be told apart is for the verdicts to say."
    )
    blocks: list[Block] = []
    for card in benchmark.info["datasets"]:
        for name in SPLITS:
            for stage, noun in STAGES.items():
                table = of_split(benchmark.summary, name, dataset=card["name"], stage=stage)
                if not table.empty:
                    title = f"{card['name']}, {noun}: {TITLES[name]}"
                    blocks.append(_table(_beside_data(table, benchmark.summary), card, title))
    return SectionContent(summary, blocks)


def out_of_sample(benchmark: Benchmark) -> SectionContent:
    """Return scores of test samples next to those of training samples, for the main metrics."""
    summary = (
        "Every method can transform samples that come later, without moving the others. Here "
        "stands how true the coordinates of test samples are, among all samples, and below it the "
        "same for the training samples, which were fitted together, among themselves. Both are "
        "honest answers to two questions; they are of other samples among others, so their "
        "difference is a hint at what out-of-sample costs, not a measurement of it."
    )
    table = benchmark.summary[benchmark.summary["stage"] == "data-to-embedding"]
    blocks: list[Block] = []
    for card in benchmark.info["datasets"]:
        of_data = table[table["dataset"] == card["name"]]
        if of_data.empty:
            continue
        blocks.append(_split_table(_beside_data(of_data, benchmark.summary), card))
    return SectionContent(summary, side_by_side(blocks))


def _beside_data(table: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return rows of one data set, with the scores of labels in the original data added."""
    if "data-to-code" in set(table["stage"]):
        return table
    is_data = (summary["encoder"] == "identity") & (summary["stage"] == "data-to-code")
    for name in ("dataset", "split", "metric"):
        is_data &= summary[name].isin(set(table[name]))
    return pd.concat([table, summary[is_data]])


def _table(table: pd.DataFrame, card: dict[str, Any], title: str) -> Table:
    with_size = len(card["code_sizes"]) > 1
    methods = methods_of(table, with_size=with_size)
    n = int(table["n_evaluated"].max())
    rows = []
    for words, of_metric in in_order(table):
        n_looked_at = int(of_metric["n_evaluated"].max())
        note = words.direction + f", {n_looked_at:,} samples" * (n_looked_at < n)
        found = {method_key(row, with_size=with_size): row for row in of_metric.itertuples()}
        best = _best(found, higher_is_better=words.higher_is_better)
        decimals = _decimals(found.values())
        cells = [_cell(found.get(key), decimals, is_best=key in best) for key in methods]
        rows.append([Cell(words.title, note), *cells])
    caption = f"{n:,} evaluated samples, fewer where a score says so. Codes have {_sizes(card)}."
    columns = [Cell("Score"), *(Cell(method_name(key)) for key in methods)]
    return Table(columns, rows, caption, title=title)


def _split_table(table: pd.DataFrame, card: dict[str, Any]) -> Table:
    with_size = len(card["code_sizes"]) > 1
    names = headlines(list(dict.fromkeys(table["metric"])))
    rows = []
    for key in methods_of(table, with_size=with_size):
        cells = [Cell(method_name(key))]
        for name in names:
            of_metric = table[table["metric"] == name]
            found = {
                row.split: row
                for row in of_metric.itertuples()
                if method_key(row, with_size=with_size) == key
            }
            decimals = _decimals(found.values())
            test, train = (found.get(one) for one in SPLITS)
            cells.append(
                Cell(
                    fixed(test.value, decimals) if test is not None else "–",
                    f"together {fixed(train.value, decimals)}" if train is not None else "",
                )
            )
        rows.append(cells)
    heads = [
        Cell(metric_words(name).title, f"test samples; {metric_words(name).direction}")
        for name in names
    ]
    return Table([Cell("Map"), *heads], rows, title=str(card["name"]))


def _cell(row: Any, decimals: int, *, is_best: bool) -> Cell:
    if row is None:
        return Cell("–")
    if is_given(row.low):
        half = (row.high - row.low) / 2
        note = f"± {fixed(half, decimals)}, {row.n_seeds} seeds"
    else:
        note = ONE_SEED if row.is_random else "no seed"
    return Cell(fixed(row.value, decimals), note, is_best)


def _best(found: dict[Method, Any], *, higher_is_better: bool | None) -> list[Method]:
    """Return the best method, or all that share its value; without the original data."""
    values = {key: row.value for key, row in found.items() if key != ("identity", None, None)}
    return best_of(values, higher_is_better=higher_is_better)


def _decimals(rows: Any) -> int:
    """Return the decimals that the intervals over samples support."""
    return decimals_for(
        (row.sample_low, row.sample_high)
        for row in rows
        if is_given(row.sample_low) and is_given(row.sample_high)
    )


def _sizes(card: dict[str, Any]) -> str:
    sizes = card["code_sizes"]
    return f"{' or '.join(map(str, sizes))} numbers; the data {card['n_features']:,} features"
