"""Offer ``aeviz inspect``: what a report would do with a source, before anything is trained."""

from __future__ import annotations

import json
from typing import Any

import click

from aeviz.cli._options import loudness_options, set_loudness, settings_options
from aeviz.settings import Settings

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz inspect table.csv --label species
  aeviz inspect cells.h5ad --key counts --json
"""


@click.command("inspect", epilog=EXAMPLES)
@click.argument("source")
@settings_options("data")
@click.option("--json", "is_json", is_flag=True, help="Print JSON instead of text.")
@loudness_options
def command(source: str, is_json: bool, quiet: bool, verbose: bool, **options: Any) -> None:
    """Show what a report would do with SOURCE and why; train nothing.

    SOURCE is what `aeviz report` takes, and so are the options.  Of a table every column is
    listed with what it holds and what becomes of it.  Whatever would stop a report is told in
    the last line.
    """
    set_loudness(quiet=quiet, verbose=verbose)
    settings = Settings().updated(source=source, **options)
    from aeviz.cli._inspection import print_inspection
    from aeviz.pipeline.inspect_source import inspect_source

    found = inspect_source(settings)
    if is_json:
        click.echo(json.dumps(found.to_json(), indent=1, ensure_ascii=False))
    else:
        print_inspection(found)
