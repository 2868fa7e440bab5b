"""Define ``aeviz encode``: write the codes of samples."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.settings import ReadingOptions, Settings

__all__ = ["command"]


@cli.define
@click.argument("model")
@click.argument("source")
@cli.option("-o --out", "A .npy, .csv or .parquet file.", required=True, metavar="FILE")
@cli.settings_options(ReadingOptions)
@cli.progress_options
def command(model: str, source: str, out: str, show_progress: cli.Show, **options: Any) -> None:
    """Write the codes of all samples of SOURCE, computed by MODEL.

    MODEL is a folder that `aeviz train` wrote; SOURCE is a bundled name or a file with the same
    features.  Tables hold sample ids, labels, and the columns code_1, code_2, ...

    Examples
    --------
    aeviz encode digits-deep digits -o codes.csv
    """
    settings = Settings().updated(source=source, **options)
    from aeviz.pipeline.apply import encode_source

    with show_progress() as progress:
        n_samples, code_size = encode_source(model, settings, out, progress=progress)
    click.echo(f"codes: {n_samples:,} samples of {code_size} numbers in {out}")
