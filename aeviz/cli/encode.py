"""Offer ``aeviz encode``: the codes that a model gives to samples."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import loudness_options, set_loudness, settings_options
from aeviz.settings import Settings

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz encode digits-deep digits -o codes.csv
"""


@click.command("encode", epilog=EXAMPLES)
@click.argument("model")
@click.argument("source")
@click.option("-o", "--out", required=True, metavar="FILE", help="A .npy, .csv or .parquet file.")
@settings_options("data")
@loudness_options
def command(model: str, source: str, out: str, quiet: bool, verbose: bool, **options: Any) -> None:
    """Write the codes that MODEL gives to all samples of SOURCE.

    MODEL is a folder that `aeviz train` wrote; SOURCE is a bundled name or a file with the same
    features.  Tables hold sample ids and labels besides, and the columns code_1, code_2, ...
    """
    set_loudness(quiet=quiet, verbose=verbose)
    settings = Settings().updated(source=source, **options)
    from aeviz.cli._progress import showing_progress
    from aeviz.pipeline.apply import encode_source

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        n_samples, code_size = encode_source(model, settings, out, progress=progress)
    click.echo(f"codes: {n_samples:,} samples of {code_size} numbers in {out}")
