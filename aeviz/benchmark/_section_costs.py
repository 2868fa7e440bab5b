"""Draw quality against seconds, and mark the embeddings that no other beats in both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aeviz.benchmark._methods import headlines, named, where
from aeviz.benchmark._ranking import pareto_front
from aeviz.benchmark.folder import Benchmark
from aeviz.page.content import Cell, Figure, Gallery, SectionContent, Table
from aeviz.page.figures import one_axes
from aeviz.page.wording import fixed, joined, method, metric_words, number
from aeviz.plots.pareto import CostPoint, pareto, pareto_legend_px

__all__ = ["costs"]

# Shorter times cannot be measured, and a logarithm needs a positive number.
MIN_SECONDS = 0.001


def costs(benchmark: Benchmark) -> SectionContent | None:
    """Return the figures of quality against time, or None without embeddings."""
    table = named(benchmark.summary, benchmark.info)
    table = where(table, split="test", stage="data-to-embedding")
    file_names = _file_names([card["name"] for card in benchmark.info["datasets"]])
    figures = [
        _figure(found, dataset, metric, file_name=f"cost_{file_name}_{metric}")
        for dataset, file_name in file_names.items()
        for metric in headlines(table)
        if len(found := where(table, dataset=dataset, metric=metric))
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
    return SectionContent(summary, [Gallery(figures, n_columns=2), _seconds(table)])


def _figure(table: pd.DataFrame, dataset: str, metric: str, *, file_name: str) -> Figure:
    words = metric_words(metric)
    is_higher = words.higher_is_better is not False
    quality = table["value"].to_numpy(dtype=float) * (1 if is_higher else -1)
    seconds = np.maximum(table["seconds"].to_numpy(dtype=float), MIN_SECONDS)
    is_on_front = pareto_front(quality, seconds)
    points = [
        CostPoint(
            row.code,
            method(row.embedding),
            float(taken),
            float(row.value),
            *((float(row.low), float(row.high)) if pd.notna(row.low) else (None, None)),
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
    title = f"{dataset}: {words.title} {words.direction[:1]}"
    return Figure(file_name, draw, f"{title}: not beaten in both are {told}.", title=title)


def _seconds(table: pd.DataFrame) -> Table:
    """Return the mean seconds of every embedding."""
    datasets = table["dataset"].unique()
    first = table.drop_duplicates(["method", "dataset"])
    seconds = {(row.method, row.dataset): f"{row.seconds:,.1f}" for row in first.itertuples()}
    rows = [
        [Cell(name), *(Cell(seconds.get((name, dataset), "–")) for dataset in datasets)]
        for name in table["method"].unique()
    ]
    return Table([*map(Cell, ("Seconds of", *datasets))], rows, title="Mean seconds of a run")


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
