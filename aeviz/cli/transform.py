"""Offer ``aeviz transform``: the places of new samples in the pictures of a run."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import loudness_options, set_loudness, settings_options
from aeviz.settings import Settings

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz transform reports/digits new.csv -o places.parquet
  aeviz transform out/iris table.csv --label species --picture deep_umap -o places.npy
"""


@click.command("transform", epilog=EXAMPLES)
@click.argument("run")
@click.argument("source")
@click.option("-o", "--out", required=True, metavar="FILE", help="A .npy, .csv or .parquet file.")
@click.option(
    "--picture",
    "pictures",
    multiple=True,
    metavar="NAME",
    help="A picture to place them in, as deep_umap; repeatable.  [default: all]",
)
@settings_options("data")
@loudness_options
def command(
    run: str,
    source: str,
    out: str,
    pictures: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Place the samples of SOURCE in the pictures of RUN, without moving what is there.

    RUN is a folder that `aeviz report` wrote; SOURCE has the same features.  Tables hold sample
    ids and labels, the places, and for each sample how unlike those of the run it is: the error
    with which it comes back, the distance to the nearest code, and is_unlike.  A .npy file holds
    the places alone, of shape (n_samples, n_pictures, 2).
    """
    set_loudness(quiet=quiet, verbose=verbose)
    settings = Settings().updated(source=source, **options)
    from aeviz.cli._progress import showing_progress
    from aeviz.transforming import transform_source

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        placed = transform_source(run, settings, out, pictures=list(pictures), progress=progress)
    for name, reason in placed.left_out.items():
        click.echo(f"{name} is left out: {reason}", err=True)
    table = placed.table
    click.echo(f"places: {len(table):,} samples in {', '.join(placed.pictures)}: {out}")
    n_unlike = int(table["is_unlike"].sum())
    click.echo(f"unlike the samples of the run: {n_unlike:,} ({n_unlike / len(table):.1%})")
