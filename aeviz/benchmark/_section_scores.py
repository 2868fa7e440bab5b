"""Give every mean with its interval over seeds: a table a data set, stage and placing."""

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
    of_placing,
    side_by_side,
)
from aeviz.benchmark._scores import PLACINGS
from aeviz.benchmark.folder import Benchmark
from aeviz.benchmark.verdict_words import ONE_SEED
from aeviz.page.content import Block, Cell, SectionContent, Table
from aeviz.page.verdicts import best_of
from aeviz.page.wording import decimals_for, fixed, in_order, metric_words

__all__ = ["placing", "scores"]

STAGES = {"data-to-embedding": "pictures", "data-to-code": "codes"}
TITLES = {
    "placed": "held-out samples, placed in what was fitted without them",
    "together": "training samples, fitted together",
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
        for name in PLACINGS:
            for stage, noun in STAGES.items():
                table = of_placing(benchmark.summary, name, dataset=card["name"], stage=stage)
                if not table.empty:
                    title = f"{card['name']}, {noun}: {TITLES[name]}"
                    blocks.append(_table(_beside_data(table, benchmark.summary), card, title))
    return SectionContent(summary, blocks)


def placing(benchmark: Benchmark) -> SectionContent:
    """Return placed samples beside those fitted together, for the metrics told of first."""
    summary = (
        "Every method can place samples that come later, without moving what is there. Here stands "
        "how true the places of held-out samples are, among all samples, and below it the same for "
        "the training samples, which were fitted together, among themselves. Both are honest "
        "answers to two questions; they are of other samples among others, so their difference is "
        "a hint at what placing costs, not a measurement of it."
    )
    table = benchmark.summary[benchmark.summary["stage"] == "data-to-embedding"]
    blocks: list[Block] = []
    for card in benchmark.info["datasets"]:
        of_data = table[table["dataset"] == card["name"]]
        if of_data.empty:
            continue
        blocks.append(_placing_table(_beside_data(of_data, benchmark.summary), card))
    return SectionContent(summary, side_by_side(blocks))


def _beside_data(table: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of pictures or codes of one data set, with the labels' scores in the data.

    Only where a metric of labels is among the rows is there something to stand beside.
    """
    if "data-to-code" in set(table["stage"]):
        return table
    is_data = (summary["encoder"] == "identity") & (summary["stage"] == "data-to-code")
    for name in ("dataset", "placing", "metric"):
        is_data &= summary[name].isin(set(table[name]))
    return pd.concat([table, summary[is_data]])


def _table(table: pd.DataFrame, card: dict[str, Any], title: str) -> Table:
    with_size = len(card["code_sizes"]) > 1
    methods = methods_of(table, with_size=with_size)
    n = int(table["n_evaluated"].max())
    rows = []
    for name, of_metric in in_order(table):
        words = metric_words(name)
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


def _placing_table(table: pd.DataFrame, card: dict[str, Any]) -> Table:
    with_size = len(card["code_sizes"]) > 1
    names = headlines(list(dict.fromkeys(table["metric"])))
    rows = []
    for key in methods_of(table, with_size=with_size):
        cells = [Cell(method_name(key))]
        for name in names:
            of_metric = table[table["metric"] == name]
            found = {
                row.placing: row
                for row in of_metric.itertuples()
                if method_key(row, with_size=with_size) == key
            }
            decimals = _decimals(found.values())
            placed, together = (found.get(one) for one in PLACINGS)
            cells.append(
                Cell(
                    fixed(placed.value, decimals) if placed is not None else "–",
                    f"together {fixed(together.value, decimals)}" if together is not None else "",
                )
            )
        rows.append(cells)
    heads = [
        Cell(metric_words(name).title, f"placed; {metric_words(name).direction}") for name in names
    ]
    return Table([Cell("Picture"), *heads], rows, title=str(card["name"]))


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
    """Return the best method, or all that share its value; the data as they are compete not."""
    values = {key: row.value for key, row in found.items() if key != ("identity", None, None)}
    return best_of(values, higher_is_better=higher_is_better)


def _decimals(rows: Any) -> int:
    """Return how many decimals tell what the evaluated samples can."""
    return decimals_for(
        (row.sample_low, row.sample_high)
        for row in rows
        if is_given(row.sample_low) and is_given(row.sample_high)
    )


def _sizes(card: dict[str, Any]) -> str:
    sizes = card["code_sizes"]
    return f"{' or '.join(map(str, sizes))} numbers; the data {card['n_features']:,} features"
