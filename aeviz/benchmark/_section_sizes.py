"""Draw the reconstruction error against the size of the code, of PCA and the networks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aeviz.benchmark._methods import has_sizes, where
from aeviz.benchmark.folder import Benchmark
from aeviz.page.content import Figure, Gallery, SectionContent
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, fixed, method, metric_words
from aeviz.plots.lines import Line, lines

__all__ = ["sizes"]

METRIC = "reconstruction_error"
MAX_LINES = 6


def sizes(benchmark: Benchmark) -> SectionContent | None:
    """Return one figure per data set, or None if codes have one size only."""
    if not has_sizes(benchmark.info):
        return None
    table = where(benchmark.summary, split="test", stage="data-to-code", metric=METRIC)
    figures = [
        _figure(found, card["name"], number)
        for number, card in enumerate(benchmark.info["datasets"])
        if len(found := where(table, dataset=card["name"]))
    ]
    summary = (
        "The mean squared error per feature of held-out samples, by the numbers that a code has. "
        "A network is worth its time where its curve is below PCA’s by more than its band, the "
        "95 % t-interval over seeds; PCA has no band, for no seed changes it."
    )
    return SectionContent(summary, [Gallery(figures, n_columns=2)]) if figures else None


def _figure(table: pd.DataFrame, dataset: str, number: int) -> Figure:
    series: dict[str, Line] = {}
    for kind in table["encoder"].unique()[:MAX_LINES]:
        own = where(table, encoder=kind).sort_values("code_size")
        size, *values = own[["code_size", "value", "low", "high"]].to_numpy(dtype=float).T
        has_band = own["low"].notna().all()
        series[capitalised(method(kind))] = Line(size, *(values if has_band else values[:1]))

    def fill(ax: Any) -> None:
        xlabel = "numbers in the code (logarithmic)"
        lines(series, ax=ax, xlabel=xlabel, ylabel=metric_words(METRIC).title, log_base=2)
        ax.set_ylim(bottom=0)

    draw = one_axes(508, 340, fill, left=62, right=14, top=12, bottom=42)
    told = "; ".join(
        f"{name} {fixed(line.y[0], 4)} at {line.x[0]:g}, {fixed(line.y[-1], 4)} at {line.x[-1]:g}"
        for name, line in series.items()
    )
    return Figure(f"code_size_{number}", draw, f"{dataset}: {told}.", title=dataset)
