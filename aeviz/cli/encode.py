"""Define ``aeviz encode``: write the codes of samples."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._source_check import check_folder, check_source
from aeviz.settings import ReadingOptions, Settings

__all__ = ["command"]


@cli.define
@cli.folder("model")
@cli.source()
@cli.option("-o --out", "A .npy, .csv or .parquet file.", required=True, metavar="FILE")
@cli.settings_options(ReadingOptions)
@cli.progress_options
def command(model: str, source: str, out: str, show_progress: cli.Show, **options: Any) -> None:
    """Write the code of each sample, computed by a model.

    MODEL is a folder that `aeviz train` wrote; SOURCE is a bundled name or a file with the same
    features.  Tables hold sample ids, labels, and the columns code_1, code_2, ...

    Examples
    --------
    aeviz encode digits-deep digits -o codes.csv
    """
    settings = Settings().updated(source=source, **options)
    check_folder(model, "model")
    check_source(source, options)
    with show_progress(source) as progress:
        from aeviz.pipeline.apply import encode_source

        n_samples, code_size = encode_source(model, settings, out, progress=progress)
    click.echo(f"codes: {n_samples:,} samples of {code_size} numbers in {out}")
