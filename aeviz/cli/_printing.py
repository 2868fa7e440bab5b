"""Print what several commands end with: tables, notes, losses, where the page is."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import click

from aeviz.cli import _options as cli
from aeviz.cli._sections import OUTPUT
from aeviz.core.wording import grouped

__all__ = [
    "open_option",
    "open_page",
    "print_data_notes",
    "print_left_out",
    "print_losses",
    "print_outliers",
    "print_page",
    "print_table",
    "print_wrapped",
]

MOST_NOTES = 12
WIDTH = 100


def print_table(
    columns: Mapping[str, Literal["left", "right"]],
    rows: Iterable[Sequence[str]],
    *,
    title: str | None = None,
) -> None:
    """Print a table; every column has a side that its cells stand on."""
    # Imported here: commands that print no table answer sooner.
    from rich.console import Console
    from rich.table import Table

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


def print_left_out(left_out: Mapping[str, str], *, indent: str = "") -> None:
    """Print which embeddings have no new samples, a line for each reason."""
    for reason, names in grouped(left_out).items():
        be = "is" if len(names) == 1 else "are"
        click.echo(f"{indent}{', '.join(names)} {be} left out: {reason}", err=True)


def print_outliers(n_outliers: int, n_samples: int, *, indent: str = "") -> None:
    """Print how many new samples are outliers."""
    share = n_outliers / n_samples
    click.echo(f"{indent}unlike the samples of the run: {n_outliers:,} ({share:.1%})")


open_option = cli.flag(
    "--open is_opened", "Open the page in the browser when it is done.", section=OUTPUT
)


def print_page(what: str, path: Path) -> None:
    """Print where a page is, as a link that terminals open."""
    click.echo(f"{what}: {path.resolve().as_uri()}")


def open_page(path: Path) -> None:
    """Open a page in the browser."""
    # Imported here: it is needed for one option only.
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        click.echo("no browser was found to open the report; open the link above", err=True)


def print_data_notes(notes: Sequence[str]) -> None:
    """Print the first notes on what was done to the data, and how many more there are."""
    if notes:
        click.echo("\ndata:")
    for note in notes[:MOST_NOTES]:
        print_wrapped(" ".join(note.split()), indent="  ")
    if len(notes) > MOST_NOTES:
        click.echo(f"  and {len(notes) - MOST_NOTES:,} more notes on the page")
    click.echo()


def print_wrapped(text: str, *, indent: str = "") -> None:
    """Print a text in lines that a terminal shows whole."""
    for line in textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent):
        click.echo(line)
