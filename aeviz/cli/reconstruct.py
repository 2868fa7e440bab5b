"""Offer ``aeviz reconstruct``: what a model gives back of samples."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import loudness_options, set_loudness, settings_options
from aeviz.settings import Settings

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz reconstruct digits-deep digits -o back.npy
  aeviz reconstruct digits-clean noisy.npy -o restored.png -n 40
"""


@click.command("reconstruct", epilog=EXAMPLES)
@click.argument("model")
@click.argument("source")
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="FILE",
    help="A .npy, .csv or .parquet file; for images also .png, a sheet with the originals above.",
)
@click.option(
    "-n",
    "n_drawn",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    metavar="N",
    help="Samples on a .png, from the first on.",
)
@settings_options("data")
@loudness_options
def command(
    model: str, source: str, out: str, n_drawn: int, quiet: bool, verbose: bool, **options: Any
) -> None:
    """Write what MODEL gives back of all samples of SOURCE, in the units of SOURCE.

    MODEL is a folder that `aeviz train` wrote; SOURCE is a bundled name or a file with the same
    features.  A model of the kind denoising restores noisy samples.
    """
    set_loudness(quiet=quiet, verbose=verbose)
    settings = Settings().updated(source=source, **options)
    from aeviz.cli._progress import showing_progress
    from aeviz.cli._summary import summarise_reconstruction
    from aeviz.pipeline.apply import reconstruct_source

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        found = reconstruct_source(model, settings, out, n_drawn=n_drawn, progress=progress)
    summarise_reconstruction(found, out)
