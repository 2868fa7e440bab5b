"""Define ``aeviz report``: turn a data set into a report."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import Show, progress_options, read_settings, settings_options
from aeviz.settings import ReadingOptions, ReportOptions, TrainingOptions

__all__ = ["command"]


@click.command("report")
@click.argument("source", required=False)
@settings_options(ReportOptions, TrainingOptions, ReadingOptions)
@click.option("--config", metavar="FILE", help="TOML file of settings; options overrule it.")
@click.option("--force", is_flag=True, help="Do every step again, in whatever folder.")
@progress_options
def command(config: str | None, force: bool, show_progress: Show, **options: Any) -> None:
    """Turn SOURCE into a report.

    SOURCE is a bundled name (see `aeviz list datasets`) or a path to a file (see
    `aeviz list formats`).
    """
    settings = read_settings(config, **options)
    from aeviz.cli._summary import summarise
    from aeviz.pipeline.make_report import run_settings

    with show_progress() as progress:
        run = run_settings(settings, progress=progress, force=force)
    summarise(run)
