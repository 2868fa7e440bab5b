"""Print each model's losses in the tutorial, and the page's path."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from aeviz.tutorial.folder import TutorialFolder
from aeviz.tutorial.model_comparison import compare

__all__ = ["summarise_tutorial"]


def summarise_tutorial(folder: TutorialFolder) -> None:
    """Print test losses as published, as reproduced and ours, and the page's path."""
    table = Table(
        title="test losses on MNIST, nats per pixel (variational: per image)",
        title_justify="left",
        title_style="",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for name in ("model", "epochs run"):
        table.add_column(name, no_wrap=True)
    for name in ("published", "reproduced", "aeviz"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("reproduced?", no_wrap=True)
    for kind, numbers in folder.load_results("overview").numbers["models"].items():
        told = compare(kind, numbers)
        losses = (told.published.test_loss, told.here["test"], told.ours["test"])
        table.add_row(kind, told.epochs, *map(told.loss, losses), told.outcome)
    Console().print(table)
    click.echo(f"report: {folder.report_path}")
