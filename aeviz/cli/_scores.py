"""Print the scores of an embedding as a table."""

from __future__ import annotations

import math

import click
from rich.console import Console
from rich.table import Table

from aeviz.evaluation.evaluate import member_named
from aeviz.pipeline.score_files import FileScores

__all__ = ["print_scores"]

IN_DATA = "_in_data"


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
    rows = found.table.set_index("metric")
    has_data = any(str(name).endswith(IN_DATA) for name in rows.index)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("metric", no_wrap=True)
    for name in ("value", "95 % interval", "better", *(["in the data"] * has_data)):
        table.add_column(name, justify="right", no_wrap=True)
    for name, row in rows.iterrows():
        if str(name).endswith(IN_DATA):
            continue
        cells = [_number(row["value"]), f"{_number(row['low'])} .. {_number(row['high'])}"]
        cells.append(_direction(str(name)))
        if has_data:
            of_data = f"{name}{IN_DATA}"
            cells.append(_number(rows.loc[of_data, "value"]) if of_data in rows.index else "")
        table.add_row(str(name), *cells)
    Console().print(table)


def _number(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "-"


def _direction(name: str) -> str:
    metric, _ = member_named(name)
    return "higher" if metric.higher_is_better else "lower"
