"""Print what a finished run found: a short table of scores and where the report is."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from aeviz.runs import Run

__all__ = ["summarise"]

HEADLINES = ("trustworthiness", "continuity", "knn_accuracy", "spearman")


def summarise(run: Run) -> None:
    """Print the headline scores of every embedding against the data, and the report's path."""
    scores = run.scores
    scores = scores[scores["stage"] == "data-to-embedding"]
    shown = [name for name in HEADLINES if (scores["metric"] == name).any()]
    title = f"{run.data.name}: each embedding against the data"
    table = Table(title=title, title_justify="left", title_style="", box=None, padding=(0, 2, 0, 0))
    table.add_column("encoder", no_wrap=True)
    table.add_column("embedding", no_wrap=True)
    for name in shown:
        table.add_column(name, justify="right", no_wrap=True)
    for encoder, embedding in run.pairs:
        of_pair = scores[(scores["encoder"] == encoder) & (scores["embedding"] == embedding)]
        values = of_pair.set_index("metric")["value"]
        table.add_row(encoder, embedding, *(f"{values[name]:.4f}" for name in shown))
    Console().print(table)
    click.echo(f"report: {run.report_path}")
