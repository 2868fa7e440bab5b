"""Print the scores of an embedding as a table."""

from __future__ import annotations

import math

import click
from rich.console import Console
from rich.table import Table

from aeviz.core.registry import METRICS
from aeviz.pipeline.score_files import FileScores

__all__ = ["print_scores"]


def print_scores(found: FileScores) -> None:
    """Print every metric with its interval, and label metrics with their value in the data."""
    n_evaluated = int(found.table["n_evaluated"].max()) if len(found.table) else 0
    click.echo(
        f"{found.embedding} against {found.data}: {found.n_samples:,} samples, {n_evaluated:,} "
        f"evaluated; from {found.n_features:,} numbers to {found.n_components:,}"
    )
    if found.left_out:
        click.echo(f"columns that are no coordinates: {', '.join(found.left_out)}")
    for note in found.notes:
        click.echo(note)
    rows = found.table
    has_data = bool(rows["baseline"].notna().any())
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("metric", no_wrap=True)
    for name in ("value", "95 % interval", "better", *(["in the data"] * has_data)):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows.itertuples():
        metric = METRICS.get(row.metric)
        is_further = metric.has_further_k and row.k != found.n_neighbors
        cells = [_number(row.value), f"{_number(row.low)} .. {_number(row.high)}"]
        cells.append("higher" if metric.higher_is_better else "lower")
        if has_data:
            cells.append("" if math.isnan(row.baseline) else _number(row.baseline))
        table.add_row(f"{row.metric}_k{row.k}" if is_further else row.metric, *cells)
    Console().print(table)


def _number(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "-"
