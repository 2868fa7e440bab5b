"""Define ``aeviz export``: write what a run made in the formats of other programs."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._source_check import check_folder
from aeviz.core.registry import EXPORTS

__all__ = ["command"]


@cli.define
@cli.folder("folder", metavar="RUN")
@cli.option(
    "--to",
    "What to write; `aeviz list exports` says what each is.",
    required=True,
    type=click.Choice(EXPORTS.names()),
)
@cli.option(
    "-o --out",
    "The file to write; of methods, of figures and for TensorBoard the folder.",
    required=True,
    metavar="PATH",
)
@cli.names("--encoder encoders", "Take what these encoders made, no others.  [default: all]")
@cli.flag("--codes", "Add the codes to a table, a column a number.")
@cli.names(
    "--figure figures",
    "Draw these figures only, by their names in RUN/figures.  [default: all]",
)
@cli.option("--theme", "Of figures.  [default: light]", type=click.Choice(["light", "dark"]))
@cli.option(
    "--width width_mm",
    "Width of every figure, letters and all.  [default: as on the page]",
    type=float,
    metavar="MM",
)
@cli.option("--dpi", "Pixels an inch of figures.  [default: 300]", type=int, metavar="N")
@cli.flag("--force", "Write into a folder that holds something else.")
@cli.progress_options
def command(folder: str, to: str, out: str, show_progress: cli.Show, **options: Any) -> None:
    """Write what a run holds in a format of another program.

    RUN is a folder that `aeviz report` wrote; for onnx it may be a model of `aeviz train` too.
    Tables and AnnData hold every sample with its labels, coordinates and errors; an ONNX file takes
    samples in the units of the source and gives the codes of all encoders asked for.

    Examples
    --------
    aeviz export reports/digits --to csv --codes -o digits.csv
    aeviz export reports/digits --to svg --width 85 -o figures
    aeviz export reports/digits --to onnx --encoder residual -o encoder.onnx
    """
    check_folder(folder, "run")
    with show_progress(folder) as progress:
        from aeviz.exports import export_folder

        lines = export_folder(folder, to, out, progress=progress, **cli.given(options))
    for line in (*lines, f"written: {out}"):
        click.echo(line)
