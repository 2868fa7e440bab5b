"""Offer ``aeviz report``: the whole chain from a data set to a report."""

from __future__ import annotations

from typing import Any

import click

from aeviz._errors import AevizError
from aeviz.cli._options import loudness_options, set_loudness, settings_options
from aeviz.settings import Settings

__all__ = ["command"]


@click.command("report")
@click.argument("source", required=False)
@settings_options("data", "training", "report")
@click.option("--config", metavar="FILE", help="TOML file of settings; options overrule it.")
@click.option("--force", is_flag=True, help="Do every step again, in whatever folder.")
@loudness_options
def command(
    source: str | None,
    config: str | None,
    force: bool,
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Turn SOURCE into a report.

    SOURCE is a bundled name (see `aeviz list datasets`) or a path to a file (see
    `aeviz list formats`).
    """
    set_loudness(quiet=quiet, verbose=verbose)
    settings = (Settings.read(config) if config else Settings()).updated(source=source, **options)
    if not settings.source:
        raise AevizError("no SOURCE given; expected a bundled name (aeviz list datasets) or a path")
    # Only now, so that help and a slip in the options cost nothing.
    from aeviz.cli._progress import showing_progress
    from aeviz.cli._summary import summarise
    from aeviz.pipeline import run_settings

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        run = run_settings(settings, progress=progress, force=force)
    summarise(run)
