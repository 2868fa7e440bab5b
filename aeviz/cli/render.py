"""Define ``aeviz render``: draw the report of a finished run again."""

from aeviz.cli import _options as cli
from aeviz.cli._printing import open_option, open_page, print_page
from aeviz.cli._source_check import check_folder
from aeviz.core.exceptions import SettingError

__all__ = ["command"]


@cli.define
@cli.folder("run_folder", metavar="RUN")
@cli.flag(
    "--share is_shared",
    "Write a page without values, ids, texts and images of samples: coordinates, labels and "
    "scores only.",
)
@cli.option(
    "-o --out", "File of the page to share.  [default: RUN/report-share.html]", metavar="FILE"
)
@open_option
@cli.progress_options
def command(
    run_folder: str, is_shared: bool, out: str | None, is_opened: bool, show_progress: cli.Show
) -> None:
    """Draw the report of a finished run again; train nothing.

    RUN is a folder that `aeviz report` wrote.

    Examples
    --------
    aeviz render reports/digits --open
    aeviz render reports/digits --share -o digits-to-share.html
    """
    check_folder(run_folder, "run")
    if out is not None and not is_shared:
        raise SettingError("out", message="out has a meaning with --share only")
    with show_progress(run_folder) as progress:
        from functools import partial

        from aeviz.core.progress import performing
        from aeviz.report.rendering import render, render_shared
        from aeviz.runs.run import Run

        run = Run(run_folder)
        run.require_finished()
        draw = partial(render_shared, path=out) if is_shared else render
        progress.begin(["render"])
        with performing(progress, "render"):
            path = draw(run, progress=progress.update)
    print_page("report", path)
    if is_opened:
        open_page(path)
