"""Define ``aeviz tutorial``: reproduce and test the field's best-known tutorial."""

from __future__ import annotations

import click

from aeviz.cli._options import Show, progress_options

__all__ = ["command"]


@click.command("tutorial")
@click.option("-o", "--out", metavar="DIR", help="Output folder.  [default: reports/tutorial]")
@click.option(
    "--epochs-scale",
    type=float,
    default=1.0,
    metavar="NUMBER",
    help="Multiply the epochs of every training by this, above 0.  [default: 1]",
)
@click.option("--data-dir", metavar="DIR", help="Folder to look for mnist.npz in.")
@click.option("--seed", type=int, default=0, help="Seed of everything random.  [default: 0]")
@click.option("--force", is_flag=True, help="Do every step again, in whatever folder.")
@progress_options
def command(
    out: str | None,
    epochs_scale: float,
    data_dir: str | None,
    seed: int,
    force: bool,
    show_progress: Show,
) -> None:
    """Walk through the tutorial "Building Autoencoders in Keras" (2016) on MNIST.

    Its six networks are trained as they were published and once more with this project's
    encoders, its claims are tested, and one page tells of it all. A whole run takes hours on
    a small CPU; --epochs-scale 0.02 takes minutes and shows what there will be to see.
    """
    from aeviz.cli._tutorial_table import summarise_tutorial
    from aeviz.tutorial.run import run_tutorial

    with show_progress() as progress:
        folder = run_tutorial(
            out,
            data_dir=data_dir,
            epochs_scale=epochs_scale,
            seed=seed,
            progress=progress,
            force=force,
        )
    summarise_tutorial(folder)
