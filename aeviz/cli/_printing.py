"""Print what several commands end with: tables, losses, counts of outliers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import click
from rich.console import Console
from rich.table import Table

__all__ = ["print_losses", "print_outliers", "print_table"]


def print_table(
    columns: Mapping[str, Literal["left", "right"]],
    rows: Iterable[Sequence[str]],
    *,
    title: str | None = None,
) -> None:
    """Print a table; every column has a side that its cells stand on."""
    table = Table(title=title, title_justify="left", title_style="", box=None, padding=(0, 2, 0, 0))
    for name, side in columns.items():
        table.add_column(name, justify=side, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def print_losses(whose: str, scaling: str, scores: Mapping[str, float]) -> None:
    """Print the reconstruction errors and the parts of a bound that there are, a line each."""
    from aeviz.data.scaling import KINDS

    click.echo(f"on {whose}, values {KINDS[scaling][0]}:")
    lines = {
        "cross_entropy": "cross-entropy: {cross_entropy:.4f} nats per feature",
        "mean_squared_error": "mean squared error: {mean_squared_error:.4g} per feature",
        "restored_error": "mean squared error of noisy samples: {noisy_error:.4g} per feature, "
        "{restored_error:.4g} once restored",
        "reconstruction": "reconstruction: {reconstruction:.2f} nats per sample",
        "kl": "Kullback-Leibler: {kl:.2f} nats per sample",
        "negative_elbo": "negative ELBO: {negative_elbo:.2f} nats per sample, the sum of both",
        "active_units": "active units: {active_units:g}",
    }
    for name, line in lines.items():
        if name in scores:
            click.echo(f"  {line.format(**scores)}")


def print_outliers(n_outliers: int, n_samples: int, *, indent: str = "") -> None:
    """Print how many new samples are outliers."""
    share = n_outliers / n_samples
    click.echo(f"{indent}unlike the samples of the run: {n_outliers:,} ({share:.1%})")
