"""Show every mean with its interval over seeds: one table per data set, stage and split."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from aeviz.benchmark._methods import ONE_SEED, headlines, methods_of, named, side_by_side, where
from aeviz.benchmark._scores import SPLITS
from aeviz.benchmark.folder import Benchmark
from aeviz.page.content import Cell, SectionContent, Table
from aeviz.page.verdicts import best_of
from aeviz.page.wording import capitalised, decimals_for, fixed, in_order, method, metric_words

__all__ = ["TITLES", "out_of_sample", "scores"]

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
    table = named(benchmark.summary, benchmark.info)
    blocks = [
        _table(_beside_data(found, table), card, f"{card['name']}, {noun}: {TITLES[split]}")
        for card in benchmark.info["datasets"]
        for split in SPLITS
        for stage, noun in STAGES.items()
        if len(found := where(table, split=split, dataset=card["name"], stage=stage))
    ]
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
    table = named(benchmark.summary, benchmark.info)
    blocks = [
        _split_table(_beside_data(found, table), card["name"])
        for card in benchmark.info["datasets"]
        if len(found := where(table, stage="data-to-embedding", dataset=card["name"]))
    ]
    return SectionContent(summary, side_by_side(blocks))


def _beside_data(table: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return rows of one data set, with the scores of labels in the original data added."""
    if "data-to-code" in set(table["stage"]):
        return table
    of_data = where(summary, encoder="identity", stage="data-to-code")
    for name in ("dataset", "split", "metric"):
        of_data = of_data[of_data[name].isin(set(table[name]))]
    return pd.concat([table, of_data])


def _table(table: pd.DataFrame, card: dict[str, Any], title: str) -> Table:
    methods = methods_of(table)
    data = capitalised(method("identity"))
    n = int(table["n_evaluated"].max())
    rows = []
    for words, of_metric in in_order(table):
        n_looked_at = int(of_metric["n_evaluated"].max())
        note = words.direction + f", {n_looked_at:,} samples" * (n_looked_at < n)
        found = {row.method: row for row in of_metric.itertuples()}
        values = {name: row.value for name, row in found.items() if name != data}
        best = best_of(values, higher_is_better=words.higher_is_better)
        decimals = _decimals(found.values())
        cells = [_cell(found.get(name), decimals, is_best=name in best) for name in methods]
        rows.append([Cell(words.title, note), *cells])
    sizes = f"{' or '.join(map(str, card['code_sizes']))} numbers"
    caption = (
        f"{n:,} evaluated samples, fewer where a score says so. Codes have {sizes}; the data "
        f"{card['n_features']:,} features."
    )
    return Table([*map(Cell, ("Score", *methods))], rows, caption, title=title)


def _split_table(table: pd.DataFrame, title: str) -> Table:
    metrics = [metric_words(name) for name in headlines(table)]
    rows = []
    for name in methods_of(table):
        cells = [Cell(name)]
        for words in metrics:
            of_metric = where(table, metric=words.name, method=name)
            found = {row.split: row for row in of_metric.itertuples()}
            decimals = _decimals(found.values())
            test, train = (
                fixed(found[split].value, decimals) if split in found else "" for split in SPLITS
            )
            cells.append(Cell(test or "–", f"together {train}" if train else ""))
        rows.append(cells)
    heads = [Cell(words.title, f"test samples; {words.direction}") for words in metrics]
    return Table([Cell("Map"), *heads], rows, title=title)


def _cell(row: Any, decimals: int, *, is_best: bool) -> Cell:
    if row is None:
        return Cell("–")
    note = ONE_SEED if row.is_random else "no seed"
    if pd.notna(row.low):
        note = f"± {fixed((row.high - row.low) / 2, decimals)}, {row.n_seeds} seeds"
    return Cell(fixed(row.value, decimals), note, is_best)


def _decimals(rows: Iterable[Any]) -> int:
    """Return the decimals that the intervals over samples support."""
    return decimals_for(
        (row.sample_low, row.sample_high) for row in rows if pd.notna(row.sample_low)
    )
