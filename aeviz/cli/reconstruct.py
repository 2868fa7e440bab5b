"""Define ``aeviz reconstruct``: write reconstructions of samples."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._source_check import check_folder, check_source
from aeviz.settings import ReadingOptions, Settings

__all__ = ["command"]


@cli.define
@cli.folder("model")
@cli.source()
@cli.option(
    "-o --out",
    "A .npy, .csv or .parquet file; for images also .png, a sheet with the originals above.",
    required=True,
    metavar="FILE",
)
@cli.count("-n n_drawn", "Samples on a .png, from the first on.")
@cli.settings_options(ReadingOptions)
@cli.progress_options
def command(
    model: str, source: str, out: str, n_drawn: int, show_progress: cli.Show, **options: Any
) -> None:
    """Write what a model gives back of each sample.

    MODEL is a folder that `aeviz train` wrote; SOURCE is a bundled name or a file with the same
    features, and reconstructions are in its units.  A model of the kind denoising restores noisy
    samples.

    Examples
    --------
    aeviz reconstruct digits-deep digits -o back.npy
    aeviz reconstruct digits-clean noisy.npy -o restored.png -n 40
    """
    settings = Settings().updated(source=source, **options)
    check_folder(model, "model")
    check_source(source, options)
    from aeviz.cli._printing import print_losses

    with show_progress(source) as progress:
        from aeviz.pipeline.apply import reconstruct_source

        n_samples, scaling, losses = reconstruct_source(
            model, settings, out, n_drawn=n_drawn, progress=progress
        )
    print_losses(f"{n_samples:,} samples", scaling, losses)
    click.echo(f"reconstructions: {out}")
