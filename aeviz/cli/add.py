"""Define ``aeviz add``: show new samples in the report of a finished run."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.core.wording import plural
from aeviz.settings import ReadingOptions

__all__ = ["command"]


@cli.define
@click.argument("run")
@click.argument("sources", nargs=-1, required=True, metavar="NEWDATA...")
@cli.settings_options(ReadingOptions)
@cli.progress_options
def command(run: str, sources: tuple[str, ...], show_progress: cli.Show, **options: Any) -> None:
    """Show the samples of every NEWDATA in the report of RUN, whose embeddings stay as they are.

    RUN is a folder that `aeviz report` wrote; NEWDATA has the same features.  The same command
    again replaces what it added.

    Examples
    --------
    aeviz add reports/digits new.csv
    aeviz add out/iris june.csv july.csv --label species
    """
    from aeviz.cli._printing import print_left_out, print_outliers
    from aeviz.pipeline.add_samples import add_samples
    from aeviz.runs.new_samples import Added

    with show_progress() as progress:
        finished = add_samples(run, *sources, progress=progress, **cli.given(options))
    for one in Added.all(finished):
        left_out, is_outlier = one.info["left_out"], one.table["is_outlier"]
        embeddings = plural(len(finished.pairs) - len(left_out), "embedding")
        click.echo(f"{one.name}: {plural(len(is_outlier), 'new sample')} in {embeddings}")
        print_outliers(int(is_outlier.sum()), len(is_outlier), indent="  ")
        print_left_out(left_out, indent="  ")
    click.echo(f"report: {finished.report_path}")
