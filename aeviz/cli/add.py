"""Define ``aeviz add``: show new samples in the report of a finished run."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import Show, progress_options, settings_options
from aeviz.settings import ReadingOptions, Settings

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz add reports/digits new.csv
  aeviz add out/iris june.csv july.csv --label species
"""


@click.command("add", epilog=EXAMPLES)
@click.argument("run")
@click.argument("sources", nargs=-1, required=True, metavar="NEWDATA...")
@settings_options(ReadingOptions)
@progress_options
def command(run: str, sources: tuple[str, ...], show_progress: Show, **options: Any) -> None:
    """Show the samples of every NEWDATA in the report of RUN, whose embeddings stay as they are.

    RUN is a folder that `aeviz report` wrote; NEWDATA has the same features.  The same command
    again replaces what it added.
    """
    wanted = [Settings().updated(source=source, **options) for source in sources]
    from aeviz.cli._summary import summarise_additions
    from aeviz.pipeline.add_samples import add_settings

    with show_progress() as progress:
        finished = add_settings(run, wanted, progress=progress)
    summarise_additions(finished)
