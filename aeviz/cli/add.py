"""Define ``aeviz add``: show new samples in the report of a finished run."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._printing import print_left_out, print_outliers, print_page
from aeviz.cli._source_check import check_folder, check_source
from aeviz.core.wording import plural
from aeviz.settings import ReadingOptions

__all__ = ["command"]


@cli.define
@cli.folder("run")
@cli.source("sources", nargs=-1, required=True, metavar="NEWDATA...")
@cli.settings_options(ReadingOptions)
@cli.progress_options
def command(run: str, sources: tuple[str, ...], show_progress: cli.Show, **options: Any) -> None:
    """Show new samples in the report of a run, whose maps stay.

    RUN is a folder that `aeviz report` wrote; NEWDATA has the same features.  The same command
    again replaces what it added.

    Examples
    --------
    aeviz add reports/digits new.csv
    aeviz add out/iris june.csv july.csv --label species
    """
    check_folder(run, "run")
    for source in sources:
        check_source(source, options)
    with show_progress(*sources) as progress:
        from aeviz.pipeline.add_samples import add_samples
        from aeviz.runs.new_samples import Added

        finished = add_samples(run, *sources, progress=progress, **cli.given(options))
    for one in Added.all(finished):
        left_out, is_outlier = one.info["left_out"], one.table["is_outlier"]
        embeddings = plural(len(finished.pairs) - len(left_out), "embedding")
        click.echo(f"{one.name}: {plural(len(is_outlier), 'new sample')} in {embeddings}")
        print_outliers(int(is_outlier.sum()), len(is_outlier), indent="  ")
        print_left_out(left_out, indent="  ")
    print_page("report", finished.report_path)
