"""Define ``aeviz render``: draw the report of a finished run again."""

import click

from aeviz.cli import _options as cli

__all__ = ["command"]


@cli.define
@click.argument("run_folder", metavar="RUN")
@cli.progress_options
def command(run_folder: str, show_progress: cli.Show) -> None:
    """Draw the report of the finished run in the folder RUN again, training nothing."""
    from aeviz.core.progress import performing
    from aeviz.report.rendering import render
    from aeviz.runs.run import Run

    run = Run(run_folder)
    run.require_finished()
    with show_progress() as progress:
        progress.begin(["render"])
        with performing(progress, "render"):
            path = render(run, progress=progress.update)
    click.echo(path)
