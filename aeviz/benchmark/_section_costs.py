"""Draw quality against seconds, and mark the embeddings that no other beats in both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aeviz.benchmark._methods import headlines, is_given, method_key, method_name, of_split
from aeviz.benchmark._ranking import pareto_front
from aeviz.benchmark.folder import Benchmark
from aeviz.page.content import Block, Cell, Figure, Gallery, SectionContent, Table
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, fixed, joined, method, metric_words, number
from aeviz.plots.costs import CostPoint, pareto, pareto_legend_px

__all__ = ["costs"]

# Shorter times cannot be measured, and a logarithm needs a positive number.
MIN_SECONDS = 0.001


def costs(benchmark: Benchmark) -> SectionContent | None:
    """Return the figures of quality against time, or None without embeddings."""
    table = of_split(benchmark.summary, stage="data-to-embedding")
    names = headlines(list(dict.fromkeys(table["metric"])))
    file_names = _file_names([card["name"] for card in benchmark.info["datasets"]])
    figures = [
        _figure(of_metric, card, name, file_name=f"cost_{file_names[card['name']]}_{name}")
        for card in benchmark.info["datasets"]
        for name in names
        if not (
            of_metric := table[(table["dataset"] == card["name"]) & (table["metric"] == name)]
        ).empty
    ]
    if not figures:
        return None
    summary = (
        "Quality of test samples against the seconds from the data to the map: fit of the "
        "encoder and the embedding, and the transform of test samples. Filled points are on the "
        "front: nothing here is at least as good and as fast, by their means. Seconds are those of "
        f"this machine ({benchmark.info['device']}), on whatever else it had to do, and of the day "
        "when each run was made."
    )
    with_size = any(len(card["code_sizes"]) > 1 for card in benchmark.info["datasets"])
    blocks: list[Block] = [Gallery(figures, n_columns=2), _seconds(table, with_size=with_size)]
    return SectionContent(summary, blocks)


def _figure(table: pd.DataFrame, card: dict[str, Any], metric: str, *, file_name: str) -> Figure:
    words = metric_words(metric)
    is_higher = words.higher_is_better is not False
    quality = table["value"].to_numpy(dtype=float) * (1 if is_higher else -1)
    seconds = np.maximum(table["seconds"].to_numpy(dtype=float), MIN_SECONDS)
    is_on_front = pareto_front(quality, seconds)
    with_size = len(card["code_sizes"]) > 1
    points = [
        CostPoint(
            _group(row, with_size=with_size),
            method(row.embedding),
            float(taken),
            float(row.value),
            float(row.low) if is_given(row.low) else None,
            float(row.high) if is_given(row.high) else None,
            bool(on),
        )
        for row, taken, on in zip(table.itertuples(), seconds, is_on_front, strict=True)
    ]

    def fill(ax: Any) -> None:
        pareto(points, ax=ax, ylabel=words.title, higher_is_better=is_higher)

    top = pareto_legend_px(points)
    draw = one_axes(508, 330 + top, fill, left=58, right=14, top=top, bottom=42)
    told = joined(
        f"{p.group} → {p.kind} ({fixed(p.quality, 3)} in {number(round(p.seconds, 2))} s)"
        for p in sorted(points, key=lambda p: p.seconds)
        if p.is_on_front
    )
    title = f"{card['name']}: {words.title} {words.direction[:1]}"
    return Figure(file_name, draw, f"{title}: not beaten in both are {told}.", title=title)


def _group(row: Any, *, with_size: bool) -> str:
    name = capitalised(method(row.encoder))
    return f"{name} ({int(row.code_size)})" if with_size and is_given(row.code_size) else name


def _seconds(table: pd.DataFrame, *, with_size: bool) -> Table:
    """Return the mean seconds of every embedding."""
    first = table.drop_duplicates(["dataset", "encoder", "code_size", "embedding"])
    datasets = list(dict.fromkeys(first["dataset"]))
    found: dict[str, dict[str, float]] = {}
    for row in first.itertuples():
        name = method_name(method_key(row, with_size=with_size))
        found.setdefault(name, {})[row.dataset] = row.seconds
    rows = [
        [Cell(name), *(Cell(f"{own[d]:,.1f}" if d in own else "–") for d in datasets)]
        for name, own in found.items()
    ]
    return Table([Cell("Seconds of"), *map(Cell, datasets)], rows, title="Mean seconds of a run")


def _file_names(datasets: list[str]) -> dict[str, str]:
    """Return a short, unique file name for every data set.

    Examples
    --------
    >>> _file_names(["digits", "a b", "a-b"])
    {'digits': 'digits', 'a b': 'a_b', 'a-b': 'a_b_2'}
    """
    found: dict[str, str] = {}
    for dataset in datasets:
        short = "".join(c if c.isalnum() else "_" for c in dataset)[:40]
        name, number = short, 1
        while name in found.values():
            number += 1
            name = f"{short}_{number}"
        found[dataset] = name
    return found
