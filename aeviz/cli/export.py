"""Define ``aeviz export``: write what a run made in the formats of other programs."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import Show, progress_options
from aeviz.core.registry import EXPORTS

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz export reports/digits --to csv --codes -o digits.csv
  aeviz export reports/digits --to svg --width 85 -o figures
  aeviz export reports/digits --to onnx --encoder regularized -o encoder.onnx
"""


@click.command("export", epilog=EXAMPLES)
@click.argument("folder", metavar="RUN")
@click.option(
    "--to",
    required=True,
    type=click.Choice(EXPORTS.names()),
    help="What to write; `aeviz list exports` says what each is.",
)
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="PATH",
    help="The file to write; of figures and for TensorBoard the folder.",
)
@click.option(
    "--encoder",
    "encoders",
    multiple=True,
    metavar="NAME",
    help="Take what this encoder made, no other; repeatable.  [default: all]",
)
@click.option("--codes", is_flag=True, help="Add the codes to a table, a column a number.")
@click.option(
    "--figure",
    "figures",
    multiple=True,
    metavar="NAME",
    help="Draw this figure only, by its name in RUN/figures; repeatable.  [default: all]",
)
@click.option("--theme", type=click.Choice(["light", "dark"]), help="Of figures.  [default: light]")
@click.option(
    "--width",
    "width_mm",
    type=float,
    metavar="MM",
    help="Width of every figure, letters and all.  [default: as on the page]",
)
@click.option("--dpi", type=int, metavar="N", help="Pixels an inch of figures.  [default: 300]")
@click.option("--force", is_flag=True, help="Write into a folder that holds something else.")
@progress_options
def command(
    folder: str,
    to: str,
    out: str,
    encoders: tuple[str, ...],
    force: bool,
    show_progress: Show,
    **options: Any,
) -> None:
    """Write what RUN holds in a format of another program.

    RUN is a folder that `aeviz report` wrote; for onnx it may be a model of `aeviz train` too.
    Tables and AnnData hold every sample with its labels, coordinates and errors; an ONNX file takes
    samples in the units of the source and gives the codes of all encoders asked for.
    """
    from aeviz.exports import export_folder

    # A number of zero was given too, and is told of.
    given = {
        name: value
        for name, value in options.items()
        if not (value is None or value is False or value == ())
    }
    with show_progress() as progress:
        lines = export_folder(
            folder, to, out, encoders=encoders, force=force, progress=progress, **given
        )
    for line in lines:
        click.echo(line)
    click.echo(f"written: {out}")
