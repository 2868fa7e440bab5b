"""Draw the reconstruction error against the size of the code, of PCA and the networks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aeviz.benchmark._methods import is_given, of_split
from aeviz.benchmark.folder import Benchmark
from aeviz.page.content import Block, Figure, Gallery, SectionContent
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, fixed, method, metric_words
from aeviz.plots.line_charts import Line, lines

__all__ = ["sizes"]

METRIC = "reconstruction_error"
MAX_LINES = 6


def sizes(benchmark: Benchmark) -> SectionContent | None:
    """Return one figure per data set, or None if codes have one size only."""
    cards = [card for card in benchmark.info["datasets"] if len(card["code_sizes"]) > 1]
    table = of_split(benchmark.summary, stage="data-to-code", metric=METRIC)
    figures = [
        _figure(of_data, card["name"], number)
        for number, card in enumerate(cards)
        if not (of_data := table[table["dataset"] == card["name"]]).empty
    ]
    if not figures:
        return None
    summary = (
        "The mean squared error per feature of held-out samples, by the numbers that a code has. "
        "A network is worth its time where its curve is below PCA’s by more than its band, the "
        "95 % t-interval over seeds; PCA has no band, for no seed changes it."
    )
    blocks: list[Block] = [Gallery(figures, n_columns=2)]
    return SectionContent(summary, blocks)


def _figure(table: pd.DataFrame, dataset: str, number: int) -> Figure:
    series: dict[str, Line] = {}
    for kind in list(dict.fromkeys(table["encoder"]))[:MAX_LINES]:
        own = table[table["encoder"] == kind].sort_values("code_size")
        has_band = all(map(is_given, own["low"]))
        series[capitalised(method(kind))] = Line(
            own["code_size"].to_numpy(dtype=float),
            own["value"].to_numpy(dtype=float),
            own["low"].to_numpy(dtype=float) if has_band else None,
            own["high"].to_numpy(dtype=float) if has_band else None,
        )

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
