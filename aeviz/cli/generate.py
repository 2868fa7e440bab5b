"""Define ``aeviz generate``: draw new samples from a variational model."""

from __future__ import annotations

import click

from aeviz.cli._options import Show, progress_options

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz generate digits-plane -n 40
  aeviz generate digits-plane --grid -o plane.png
"""


@click.command("generate", epilog=EXAMPLES)
@click.argument("model")
@click.option(
    "-n",
    "n",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    metavar="N",
    help="How many; with --grid, along each axis.",
)
@click.option(
    "-o",
    "--out",
    metavar="FILE",
    help="A .npy, .csv or .parquet file; for images also .png.  [default: <MODEL>-generated or "
    "<MODEL>-grid here, a .png of images and a .csv of other samples]",
)
@click.option(
    "--grid",
    "is_grid",
    is_flag=True,
    help="Go over the plane of two latent dimensions point by point instead of drawing at random.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    help="Seed of the draw.",
)
@progress_options
def command(
    model: str, n: int, out: str | None, is_grid: bool, seed: int, show_progress: Show
) -> None:
    """Draw new samples from the variational model MODEL.

    MODEL is a folder that `aeviz train --encoder variational` wrote.
    """
    from aeviz.pipeline.apply import generate_samples

    with show_progress() as progress:
        path = generate_samples(model, out, n=n, is_grid=is_grid, seed=seed, progress=progress)
    click.echo(f"generated: {path}")
