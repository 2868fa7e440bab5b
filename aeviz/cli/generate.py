"""Define ``aeviz generate``: draw new samples from a variational model."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._source_check import check_folder

__all__ = ["command"]


@cli.define
@cli.folder("model")
@cli.count("-n n", "How many; with --grid, along each axis.")
@cli.option(
    "-o --out",
    "A .npy, .csv or .parquet file; for images also .png.  [default: <MODEL>-generated or "
    "<MODEL>-grid here, a .png of images and a .csv of other samples]",
    metavar="FILE",
)
@cli.flag(
    "--grid is_grid",
    "Go over the plane of two latent dimensions point by point instead of drawing at random.",
)
@cli.option(
    "--seed",
    "Seed of the draw.",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
)
@cli.progress_options
def command(model: str, out: str | None, show_progress: cli.Show, **options: Any) -> None:
    """Draw new samples from a variational model.

    MODEL is a folder that `aeviz train --encoder variational` wrote.

    Examples
    --------
    aeviz generate digits-plane -n 40
    aeviz generate digits-plane --grid -o plane.png
    """
    check_folder(model, "model")
    with show_progress(model) as progress:
        from aeviz.pipeline.apply import generate_samples

        path = generate_samples(model, out, progress=progress, **options)
    click.echo(f"generated: {path}")
