"""Give every score in one table a stage: a row a metric, a column a method, the best marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aeviz.registry import METRICS
from aeviz.report._content import Cell, Section, SectionContent, Table, Text
from aeviz.report._words import method, metric_title, number, verdict
from aeviz.runs import Run

__all__ = ["SECTION"]

STAGES = {
    "data-to-embedding": "Data → embedding: how true is the picture?",
    "data-to-code": "Data → code: how much does the encoder keep?",
    "code-to-embedding": "Code → embedding: what does the last step cost?",
}


def _build(run: Run) -> SectionContent:
    scores = run.scores
    evaluated = int(scores["n_evaluated"].max())
    summary = (
        f"Measured on {evaluated:,} samples, the same for every method and held-out ones first, "
        f"each among all {run.data.n_samples:,}. Below a value stands its 95 % bootstrap "
        "interval; the best of a row is marked."
    )
    tables = [
        _table(scores[scores["stage"] == stage], caption)
        for stage, caption in STAGES.items()
        if (scores["stage"] == stage).any()
    ]
    blocks: list[Any] = [*tables]
    if not run.differences.empty:
        blocks.append(_differences(run.differences))
    meanings = [
        f"{metric_title(name)}: {METRICS.get(name).summary}" for name in scores["metric"].unique()
    ]
    blocks.append(Text(meanings))
    return SectionContent(summary, blocks)


def _table(scores: pd.DataFrame, caption: str) -> Table:
    methods = list(
        dict.fromkeys(zip(scores["encoder"], scores["embedding"].fillna(""), strict=True))
    )
    rows = []
    for name, of_metric in scores.groupby("metric", sort=False):
        metric = METRICS.get(str(name))
        found = {
            (row.encoder, row.embedding if isinstance(row.embedding, str) else ""): row
            for row in of_metric.itertuples()
        }
        # The data's own value is what the others stand beside; it is no contender.
        contenders = {key: row for key, row in found.items() if key != ("identity", "")}
        values = [row.value for row in contenders.values()]
        best = (np.max if metric.higher_is_better else np.min)(values) if values else None
        direction = "↑ higher is better" if metric.higher_is_better else "↓ lower is better"
        cells = [
            _cell(found.get(key), is_best=key in contenders and found[key].value == best)
            for key in methods
        ]
        rows.append([Cell(metric.title, direction), *cells])
    columns = ["Score", *(method(encoder, embedding or None) for encoder, embedding in methods)]
    return Table(columns, rows, caption=caption)


def _cell(row: Any, *, is_best: bool) -> Cell:
    if row is None:
        return Cell("–")
    return Cell(number(row.value), f"{number(row.low)} to {number(row.high)}", is_best)


def _differences(differences: pd.DataFrame) -> Table:
    """Return a row a metric, a column a comparison: the difference, its interval, the verdict."""
    told: dict[tuple[str, str], Cell] = {}
    for row in differences.itertuples():
        sign = "+" if row.value > 0 else ""
        interval = f"{number(row.low)} to {number(row.high)}"
        told[row.metric, _versus(row)] = Cell(
            f"{sign}{number(row.value)}",
            f"{interval}: {verdict(row)}",
            is_best=verdict(row) == "better",
        )
    comparisons = list(dict.fromkeys(comparison for _, comparison in told))
    rows = [
        [Cell(metric_title(name)), *(told.get((name, c), Cell("–")) for c in comparisons)]
        for name in differences["metric"].unique()
    ]
    return Table(
        ["Score", *comparisons],
        rows,
        caption="Autoencoder minus PCA, paired over the evaluated samples; better is marked",
    )


def _versus(row: Any) -> str:
    """Name a comparison by what is compared."""
    embedding = row.embedding if isinstance(row.embedding, str) else None
    baseline = row.baseline_embedding if isinstance(row.baseline_embedding, str) else None
    ours, theirs = method(row.encoder, embedding), method(row.baseline_encoder, baseline)
    return f"{ours} − {theirs}"


SECTION = Section("Scores", 70, _build)
