"""Define ``aeviz score``: evaluate an embedding, whichever program made it."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import Show, progress_options, settings_options
from aeviz.core.registry import METRICS
from aeviz.settings import ReadingOptions

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz score digits points.npy
  aeviz score table.csv umap.csv --label species -o scores.json
  aeviz score X.npy tsne.csv --column x --column y --metric trustworthiness
"""


@click.command("score", epilog=EXAMPLES)
@click.argument("data")
@click.argument("embedding")
@click.option("--label", metavar="COLUMN", help="Column of DATA that holds the labels.")
@settings_options(ReadingOptions, only=("labels", "drop", "data_dir", "seed"))
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME",
    help="Column of EMBEDDING that holds a coordinate; give it again for the others.  [default: "
    "all but sample_id, split and label]",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME",
    help=f"Metric to compute; give it again for several.  One of {', '.join(METRICS.names())}; "
    "those of neighbourhoods also at a size of their own, as trustworthiness_k30.  "
    "[default: all that apply]",
)
@click.option(
    "--k",
    "n_neighbors",
    type=int,
    default=10,
    show_default=True,
    metavar="K",
    help="The size of a neighbourhood.",
)
@click.option(
    "--n-evaluated",
    type=int,
    metavar="N",
    help="Samples to evaluate, each against all.  [default: all, at most 10,000]",
)
@click.option("-o", "--out", metavar="FILE", help="Write the scores, as .csv or .json.")
@progress_options
def command(data: str, embedding: str, show_progress: Show, **options: Any) -> None:
    """Evaluate the file EMBEDDING as an embedding, or a code, of DATA.

    DATA is a bundled name (see `aeviz list datasets`) or a file (see `aeviz list formats`),
    EMBEDDING a file with the same samples in the same order.  Distances are taken in the units
    of DATA, so scale its features first if they are not of one kind.  A metric of labels is
    printed beside its value in DATA.
    """
    given = {name: value for name, value in options.items() if value is not None}
    from aeviz.cli._scores import print_scores
    from aeviz.pipeline.score_files import score_files

    with show_progress() as progress:
        found = score_files(data, embedding, progress=progress, **given)
    print_scores(found)
    if options["out"] is not None:
        click.echo(f"scores: {options['out']}")
