"""Define ``aeviz inspect``: show what a report would do with a source, training nothing."""

from __future__ import annotations

import json
from typing import Any

import click

from aeviz.cli._options import Show, progress_options, settings_options
from aeviz.settings import ReadingOptions, Settings

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz inspect table.csv --label species
  aeviz inspect cells.h5ad --key counts --json
"""


@click.command("inspect", epilog=EXAMPLES)
@click.argument("source")
@settings_options(ReadingOptions)
@click.option("--json", "is_json", is_flag=True, help="Print JSON instead of text.")
@progress_options
def command(source: str, is_json: bool, show_progress: Show, **options: Any) -> None:
    """Show what a report would do with SOURCE and why; train nothing.

    SOURCE is what `aeviz report` takes, and so are the options.  Of a table every column is
    listed with what it holds and what becomes of it.  Whatever would stop a report is told in
    the last line.
    """
    settings = Settings().updated(source=source, **options)
    from aeviz.cli._inspection import print_inspection
    from aeviz.pipeline.inspect_source import inspect_source

    found = inspect_source(settings)
    if is_json:
        click.echo(json.dumps(found.to_json(), indent=1, ensure_ascii=False))
    else:
        print_inspection(found)
