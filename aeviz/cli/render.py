"""Offer ``aeviz render``: draw the report of a finished run again."""

from __future__ import annotations

import click

from aeviz.cli._options import loudness_options, set_loudness

__all__ = ["command"]


@click.command("render")
@click.argument("run_folder", metavar="RUN")
@loudness_options
def command(run_folder: str, quiet: bool, verbose: bool) -> None:
    """Draw the report of the finished run in the folder RUN again, training nothing."""
    set_loudness(quiet=quiet, verbose=verbose)
    from aeviz.cli._progress import showing_progress
    from aeviz.core.resource_meter import Meter
    from aeviz.report.rendering import render
    from aeviz.runs.run import Run

    run = Run(run_folder)
    run.require_finished()
    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        progress.begin(["render"])
        progress.start("render")
        with Meter() as meter:
            path = render(run, progress=progress.update)
        progress.finish("render", meter.seconds)
    click.echo(path)
