"""Draw quality against seconds, and the reconstruction error against the size of the code."""

from typing import Any

import numpy as np
import pandas as pd

from aeviz.benchmark._methods import has_sizes, headlines, named, where
from aeviz.benchmark._ranking import pareto_front
from aeviz.benchmark.folder import Benchmark
from aeviz.page.content import Cell, Figure, Gallery, SectionContent, Table
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, fixed, joined, method, metric_words, number
from aeviz.plots.costs import CostPoint, pareto, pareto_legend_px
from aeviz.plots.line_charts import Line, lines

__all__ = ["costs", "sizes"]

# Shorter times cannot be measured, and a logarithm needs a positive number.
MIN_SECONDS = 0.001
ERROR = "reconstruction_error"
MAX_LINES = 6


def costs(benchmark: Benchmark) -> SectionContent | None:
    """Return the figures of quality against time, or None without embeddings."""
    table = named(benchmark.summary, benchmark.info)
    table = where(table, split="test", stage="data-to-embedding")
    file_names = _file_names([card["name"] for card in benchmark.info["datasets"]])
    figures = [
        _costs_figure(found, dataset, metric, file_name=f"cost_{file_name}_{metric}")
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


def _costs_figure(table: pd.DataFrame, dataset: str, metric: str, *, file_name: str) -> Figure:
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
            float(row.low) if pd.notna(row.low) else None,
            float(row.high) if pd.notna(row.high) else None,
            bool(on),
        )
        for row, taken, on in zip(table.itertuples(), seconds, is_on_front, strict=True)
    ]
    top = pareto_legend_px(points)
    draw = one_axes(
        508,
        330 + top,
        lambda ax: pareto(points, ax=ax, ylabel=words.title, higher_is_better=is_higher),
        left=58,
        right=14,
        top=top,
        bottom=42,
    )
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


def sizes(benchmark: Benchmark) -> SectionContent | None:
    """Return one figure per data set, or None if codes have one size only."""
    if not has_sizes(benchmark.info):
        return None
    table = where(benchmark.summary, split="test", stage="data-to-code", metric=ERROR)
    figures = [
        _sizes_figure(found, card["name"], number)
        for number, card in enumerate(benchmark.info["datasets"])
        if len(found := where(table, dataset=card["name"]))
    ]
    summary = (
        "The mean squared error per feature of held-out samples, by the numbers that a code has. "
        "A network is worth its time where its curve is below PCA’s by more than its band, the "
        "95 % t-interval over seeds; PCA has no band, for no seed changes it."
    )
    return SectionContent(summary, [Gallery(figures, n_columns=2)]) if figures else None


def _sizes_figure(table: pd.DataFrame, dataset: str, number: int) -> Figure:
    series: dict[str, Line] = {}
    for kind in table["encoder"].unique()[:MAX_LINES]:
        own = where(table, encoder=kind).sort_values("code_size")
        size, *values = own[["code_size", "value", "low", "high"]].to_numpy(dtype=float).T
        has_band = own["low"].notna().all()
        series[capitalised(method(kind))] = Line(size, *(values if has_band else values[:1]))

    def fill(ax: Any) -> None:
        xlabel = "numbers in the code (logarithmic)"
        lines(series, ax=ax, xlabel=xlabel, ylabel=metric_words(ERROR).title, log_base=2)
        ax.set_ylim(bottom=0)

    draw = one_axes(508, 340, fill, left=62, right=14, top=12, bottom=42)
    told = "; ".join(
        f"{name} {fixed(line.y[0], 4)} at {line.x[0]:g}, {fixed(line.y[-1], 4)} at {line.x[-1]:g}"
        for name, line in series.items()
    )
    return Figure(f"code_size_{number}", draw, f"{dataset}: {told}.", title=dataset)
