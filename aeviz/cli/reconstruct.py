"""Define ``aeviz reconstruct``: write reconstructions of samples."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.settings import ReadingOptions, Settings

__all__ = ["command"]


@cli.define
@click.argument("model")
@click.argument("source")
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
    """Write the reconstructions of all samples of SOURCE by MODEL, in the units of SOURCE.

    MODEL is a folder that `aeviz train` wrote; SOURCE is a bundled name or a file with the same
    features.  A model of the kind denoising restores noisy samples.

    Examples
    --------
    aeviz reconstruct digits-deep digits -o back.npy
    aeviz reconstruct digits-clean noisy.npy -o restored.png -n 40
    """
    settings = Settings().updated(source=source, **options)
    from aeviz.cli._printing import print_losses
    from aeviz.pipeline.apply import reconstruct_source

    with show_progress() as progress:
        n_samples, scaling, losses = reconstruct_source(
            model, settings, out, n_drawn=n_drawn, progress=progress
        )
    print_losses(f"{n_samples:,} samples", scaling, losses)
    click.echo(f"reconstructions: {out}")
