"""Show every difference to PCA with its interval and its verdict, and the tests behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aeviz.benchmark._comparisons import MIN_EVALUATED, QUOTED
from aeviz.benchmark._methods import Method, is_given, method_key, method_name, of_split
from aeviz.benchmark._scores import SPLITS
from aeviz.benchmark._section_scores import TITLES
from aeviz.benchmark.folder import Benchmark
from aeviz.benchmark.verdict_words import TONES, verdict_word, why_no_interval
from aeviz.core.wording import plural
from aeviz.page.content import Block, Cell, SectionContent, Table, Text
from aeviz.page.wording import decimals_for, in_order, joined, method, metric_words, signed

__all__ = ["differences"]


def differences(benchmark: Benchmark) -> SectionContent | None:
    """Return the tables of differences, or None where nothing was compared."""
    table = benchmark.comparisons
    if table.empty:
        return None
    summary = (
        "Each method minus PCA of the same code size under the same embedding, with its 95 % "
        "interval and a verdict: better, worse, or no difference shown, which is not to say that "
        "there is none."
    )
    blocks: list[Block] = [Text(_rules(table))]
    for card in benchmark.info["datasets"]:
        for name in SPLITS:
            of_data = of_split(table, name, dataset=card["name"])
            if not of_data.empty:
                title = f"{card['name']}: {TITLES[name]}"
                blocks.append(_table(of_data, card, title))
    return SectionContent(summary, blocks)


def _rules(table: pd.DataFrame) -> list[str]:
    return [
        "Two things would be otherwise next time, and an interval counts both: other seeds would "
        "give other networks and layouts, and other samples would have been evaluated. Runs are "
        "paired by seed; the spread of their differences gives a t-interval with as many degrees "
        "of freedom as there are seeds, less one. The bootstrap over evaluated samples, drawn "
        "alike for both sides, gives another. The half-widths are added as squares, and where no "
        "seed changes anything the second alone remains. After one seed of something that seeds "
        "change no difference is shown, whatever it is, nor of fewer than "
        f"{MIN_EVALUATED} evaluated samples, whose bootstrap says too little. Another split or "
        "other training samples are not counted: the split is the same for all.",
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
    names = ["dataset", "stage", "split", "encoder", "code_size", "embedding"]
    methods = table[[*names, "baseline_code_size"]]
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


def _table(table: pd.DataFrame, card: dict[str, Any], title: str) -> Table:
    with_size = len(card["code_sizes"]) > 1
    columns = _columns(table, with_size=with_size)
    rows = []
    for words, of_metric in in_order(table):
        found = {_key(row, with_size=with_size): row for row in of_metric.itertuples()}
        widths = [(row.low, row.high) for row in found.values() if is_given(row.low)]
        decimals = decimals_for(widths)
        cells = [_cell(found.get(key), decimals) for key in columns]
        rows.append([Cell(words.title, words.direction), *cells])
    heads = [Cell(method_name(ours), f"minus {theirs}") for ours, theirs in columns]
    return Table([Cell("Score"), *heads], rows, title=title)


def _columns(table: pd.DataFrame, *, with_size: bool) -> list[tuple[Method, str]]:
    """Return what is compared with what: codes first, then one embedding after another."""
    keys = dict.fromkeys(_key(row, with_size=with_size) for row in table.itertuples())
    embeddings = list(dict.fromkeys(ours[2] for ours, _ in keys))
    embeddings.sort(key=lambda name: name is not None)
    return sorted(keys, key=lambda key: embeddings.index(key[0][2]))


def _key(row: Any, *, with_size: bool) -> tuple[Method, str]:
    ours = method_key(row, with_size=with_size)
    baseline = method(row.baseline, ours[2])
    if with_size:
        first, arrow, rest = baseline.partition(" → ")
        baseline = f"{first} ({int(row.baseline_code_size)}){arrow}{rest}"
    return ours, baseline


def _cell(row: Any, decimals: int) -> Cell:
    if row is None:
        return Cell("–")
    interval = why_no_interval(row)
    if is_given(row.low):
        interval = f"{signed(row.low, decimals)} to {signed(row.high, decimals)}"
    word = verdict_word(row)
    return Cell(signed(row.value, decimals), interval, tone=TONES[row.verdict], word=word)
