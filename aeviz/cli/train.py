"""Offer ``aeviz train``: one encoder, fitted and kept for other data."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import (
    assignments,
    loudness_options,
    set_loudness,
    settings_options,
)
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import ENCODERS
from aeviz.settings import Settings

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz train digits --encoder deep --code-size 8 -o digits-deep
  aeviz train digits --encoder denoising --set noise=masking -o digits-clean
"""

KINDS = ", ".join(ENCODERS.names())


@click.command("train", epilog=EXAMPLES)
@click.argument("source", required=False)
@click.option(
    "--encoder",
    "kind",
    required=True,
    metavar="KIND",
    help=f"Encoder to fit: one of {KINDS} (see `aeviz list encoders`).",
)
@click.option("-o", "--out", required=True, metavar="MODEL", help="Folder to write the model to.")
@settings_options("training", "data")
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
@loudness_options
def command(
    source: str | None,
    kind: str,
    out: str,
    assigned: tuple[str, ...],
    config: str | None,
    force: bool,
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Train one encoder on SOURCE and keep it as the model MODEL.

    SOURCE is a bundled name (see `aeviz list datasets`) or a path to a file (see
    `aeviz list formats`).  A fifth of the samples is held out, unless the source has a split of
    its own, and the summary says how well they come back.  `aeviz encode`, `aeviz reconstruct`
    and `aeviz generate` apply the model.
    """
    set_loudness(quiet=quiet, verbose=verbose)
    settings = (Settings.read(config) if config else Settings()).updated(
        source=source, encoder=(kind,), out=out, **options
    )
    settings = settings.with_params(kind, assignments(assigned))
    if not settings.source:
        raise AevizError("no SOURCE given; expected a bundled name (aeviz list datasets) or a path")
    from aeviz.cli._progress import showing_progress
    from aeviz.cli._summary import summarise_model
    from aeviz.pipeline.train import train_settings

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        model = train_settings(settings, progress=progress, force=force)
    summarise_model(model, out)
    if settings.tensorboard is not None:
        click.echo(f"log: tensorboard --logdir {settings.tensorboard}")
