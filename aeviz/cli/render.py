"""Define ``aeviz render``: draw the report of a finished run again."""

from aeviz.cli import _options as cli
from aeviz.cli._printing import open_option, open_page, print_page
from aeviz.cli._source_check import check_folder

__all__ = ["command"]


@cli.define
@cli.folder("run_folder", metavar="RUN")
@open_option
@cli.progress_options
def command(run_folder: str, is_opened: bool, show_progress: cli.Show) -> None:
    """Draw the report of a finished run again; train nothing.

    RUN is a folder that `aeviz report` wrote.

    Examples
    --------
    aeviz render reports/digits --open
    """
    check_folder(run_folder, "run")
    with show_progress(run_folder) as progress:
        from aeviz.core.progress import performing
        from aeviz.report.rendering import render
        from aeviz.runs.run import Run

        run = Run(run_folder)
        run.require_finished()
        progress.begin(["render"])
        with performing(progress, "render"):
            path = render(run, progress=progress.update)
    print_page("report", path)
    if is_opened:
        open_page(path)
