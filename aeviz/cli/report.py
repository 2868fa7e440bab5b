"""Offer ``aeviz report``: the whole chain from a data set to a report."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import loudness_options, set_loudness, settings_options
from aeviz.core.exceptions import AevizError
from aeviz.settings import Settings

__all__ = ["command"]


@click.command("report")
@click.argument("source", required=False)
@settings_options("data", "training", "report")
@click.option(
    "--add",
    multiple=True,
    metavar="NEWDATA",
    help="Show the samples of NEWDATA over the pictures of SOURCE, which is then the folder of a "
    "finished run and stays as it is; repeatable.",
)
@click.option("--config", metavar="FILE", help="TOML file of settings; options overrule it.")
@click.option("--force", is_flag=True, help="Do every step again, in whatever folder.")
@loudness_options
def command(
    source: str | None,
    add: tuple[str, ...],
    config: str | None,
    force: bool,
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Turn SOURCE into a report.

    SOURCE is a bundled name (see `aeviz list datasets`) or a path to a file (see
    `aeviz list formats`).

    With --add, SOURCE is the folder of a finished run, and options say how NEWDATA is read.
    """
    set_loudness(quiet=quiet, verbose=verbose)
    if add:
        _add(source, add, {"config": config, "force": force, **options}, quiet, verbose)
        return
    settings = (Settings.read(config) if config else Settings()).updated(source=source, **options)
    if not settings.source:
        raise AevizError("no SOURCE given; expected a bundled name (aeviz list datasets) or a path")
    # Only now, so that help and a slip in the options cost nothing.
    from aeviz.cli._progress import showing_progress
    from aeviz.cli._summary import summarise
    from aeviz.pipeline.make_report import run_settings

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        run = run_settings(settings, progress=progress, force=force)
    summarise(run)


def _add(
    folder: str | None, sources: tuple[str, ...], given: dict[str, Any], quiet: bool, verbose: bool
) -> None:
    """Add new samples to a finished run."""
    if folder is None:
        raise AevizError("no SOURCE given; expected with --add the folder of a finished run")
    reading = Settings.names_of("data")
    for name, value in given.items():
        # A number of zero was given too, though it equals False.
        if name not in reading and not (value is None or value is False or value == ()):
            raise AevizError(
                f"--add shows new samples in {folder} as it is, and --{name.replace('_', '-')} "
                "is about making a run; leave one of them out"
            )
    options = {name: value for name, value in given.items() if name in reading}
    wanted = [Settings().updated(source=one, **options) for one in sources]
    from aeviz.cli._progress import showing_progress
    from aeviz.cli._summary import summarise_additions
    from aeviz.pipeline.add_samples import add_settings

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        run = add_settings(folder, wanted, progress=progress)
    summarise_additions(run)
