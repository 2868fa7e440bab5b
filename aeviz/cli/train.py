"""Define ``aeviz train``: fit one encoder and keep it for other data."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import (
    Show,
    assignments,
    progress_options,
    read_settings,
    settings_options,
)
from aeviz.core.registry import ENCODERS
from aeviz.settings import ReadingOptions, TrainingOptions

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz train digits --encoder deep --code-size 8 -o digits-deep
  aeviz train digits --encoder denoising --set noise=masking -o digits-clean
"""


@click.command("train", epilog=EXAMPLES)
@click.argument("source", required=False)
@click.option(
    "--encoder",
    required=True,
    metavar="NAME",
    help=f"Encoder to fit: one of {', '.join(ENCODERS.names())} (see `aeviz list encoders`).",
)
@click.option("-o", "--out", required=True, metavar="MODEL", help="Folder to write the model to.")
@settings_options(TrainingOptions, ReadingOptions)
@click.option(
    "--set",
    "assigned",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any parameter of the encoder's constructor, its value as JSON or text, for example "
    "noise=masking or hidden_sizes=[256,64]; give it again for several.  An unknown name is "
    "answered with those there are.",
)
@click.option(
    "--config", metavar="FILE", help="TOML file of settings as for `report`; options overrule it."
)
@click.option("--force", is_flag=True, help="Write into a folder that holds something else.")
@progress_options
def command(
    encoder: str,
    out: str,
    assigned: tuple[str, ...],
    config: str | None,
    force: bool,
    show_progress: Show,
    **options: Any,
) -> None:
    """Train one encoder on SOURCE and write it to the folder MODEL.

    SOURCE is a bundled name (see `aeviz list datasets`) or a path to a file (see
    `aeviz list formats`).  A fifth of the samples is kept for testing, unless the source has a
    split of its own, and the summary states their reconstruction errors.  `aeviz encode`,
    `aeviz reconstruct` and `aeviz generate` apply the model.
    """
    settings = read_settings(config, encoder=(encoder,), out=out, **options)
    settings = settings.with_params(encoder, assignments(assigned))
    from aeviz.cli._summary import summarise_model
    from aeviz.pipeline.train import train_settings

    with show_progress() as progress:
        model = train_settings(settings, progress=progress, force=force)
    summarise_model(model, out)
    if settings.tensorboard is not None:
        click.echo(f"log: tensorboard --logdir {settings.tensorboard}")
