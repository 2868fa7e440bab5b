"""Show every difference to PCA with its interval and its verdict, and the tests behind it."""

from typing import Any

import pandas as pd

from aeviz.benchmark._comparisons import METHOD, MIN_EVALUATED, QUOTED
from aeviz.benchmark._methods import difference_words, named, verdict_word, where
from aeviz.benchmark._scores import SPLITS
from aeviz.benchmark._section_scores import TITLES
from aeviz.benchmark.folder import Benchmark
from aeviz.core.wording import plural
from aeviz.page.content import Cell, SectionContent, Table, Text
from aeviz.page.verdicts import bands
from aeviz.page.wording import decimals_for, in_order, joined, metric_words

__all__ = ["differences"]


def differences(benchmark: Benchmark) -> SectionContent | None:
    """Return the tables of differences, or None where nothing was compared."""
    table = benchmark.comparisons
    if table.empty:
        return None
    summary = (
        "Each method minus PCA of the same code size under the same embedding, with its 95 % "
        "interval and a verdict: better, worse, practically the same, or no difference shown, "
        "which is not to say that there is none."
    )
    table = named(table, benchmark.info)
    tables = [
        _table(found, f"{card['name']}: {TITLES[split]}")
        for card in benchmark.info["datasets"]
        for split in SPLITS
        if len(found := where(table, split=split, dataset=card["name"]))
    ]
    return SectionContent(summary, [Text(_rules(table)), *tables])


def _rules(table: pd.DataFrame) -> list[str]:
    return [
        f"{bands(table['metric'])} Beyond that, two things would be otherwise next time, and an "
        "interval counts both: other seeds would give other networks and layouts, and other "
        "samples would have been evaluated. The spread between the runs of each side gives a "
        "t-interval (Welch’s). The bootstrap over evaluated samples, drawn alike for all runs, is "
        "averaged over the runs of a side draw by draw and gives another. The half-widths are "
        "added as squares, without what varies over samples from run to run, which is in the "
        "spread already; and where no seed changes anything the second alone remains. After one "
        "seed of something that seeds change no difference is shown, whatever it is, nor of fewer "
        f"than {MIN_EVALUATED} evaluated samples, whose bootstrap says too little. Another split "
        "or other training samples are not counted: the split is the same for all.",
        "The verdicts on one method, on one data set, are corrected for the number of metrics "
        f"(Benjamini and Hochberg), {joined(metric_words(name).title for name in QUOTED)} among "
        "themselves and the others among themselves: if it differed from PCA in nothing, all of a "
        "kind would say so "
        "with a probability of 95 %, and of the differences that are shown at most one in twenty "
        "is expected to be chance. An interval may thus leave out 0 by too little: “not after "
        f"correction”. Methods and data sets are not corrected for{_by_chance(table)}. "
        "With three seeds only large differences can be shown; more seeds show smaller ones.",
    ]


def _by_chance(table: pd.DataFrame) -> str:
    """Return how many differences chance alone would be expected to show, as text."""
    table = table[table["p"].notna()]
    methods = table[list(METHOD)]
    n_methods = len(methods.drop_duplicates())
    n_families = len(methods.assign(is_quoted=table["metric"].isin(QUOTED)).drop_duplicates())
    if not n_families:
        return ", and none of these comparisons could show anything"
    expected = n_families / 20
    return (
        f": of {plural(n_methods, 'comparison')} of a method that could show something, "
        f"{n_families:,} with both kinds counted, {expected:,.{1 if expected < 10 else 0}f} would "
        "be expected to if nothing differed at all"
    )


def _table(table: pd.DataFrame, title: str) -> Table:
    """Return what is compared with what: codes first, then one embedding after another."""
    groups = table.groupby("embedding", sort=False, dropna=False)
    parts = sorted((part for _, part in groups), key=lambda part: part["embedding"].notna().any())
    pairs = list(dict.fromkeys(map(_pair, pd.concat(parts).itertuples())))
    rows = []
    for words, of_metric in in_order(table):
        found = {_pair(row): row for row in of_metric.itertuples()}
        shown = of_metric.dropna(subset="low")
        decimals = decimals_for(zip(shown["low"], shown["high"], strict=True))
        cells = [_cell(found.get(pair), decimals) for pair in pairs]
        rows.append([Cell(words.title, words.direction), *cells])
    heads = [Cell(ours, f"minus {theirs}") for ours, theirs in pairs]
    return Table([Cell("Score"), *heads], rows, title=title)


def _pair(row: Any) -> tuple[str, str]:
    return row.method, row.baseline_method


def _cell(row: Any, decimals: int) -> Cell:
    if row is None:
        return Cell("–")
    value, interval = difference_words(row, decimals=decimals)
    return Cell(value, interval, tone=row.verdict, word=verdict_word(row))
