"""Offer ``aeviz score``: how far an embedding, whoever made it, can be trusted."""

from __future__ import annotations

from typing import Any

import click

from aeviz.cli._options import loudness_options, set_loudness
from aeviz.core.registry import METRICS
from aeviz.settings import split_names

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
@click.option("--labels", metavar="FILE", help="File with the labels of a .npy source.")
@click.option(
    "--drop",
    type=split_names,
    default="",
    metavar="NAMES",
    help="Columns of DATA to leave out, parted by commas.  [default: those of ids]",
)
@click.option("--data-dir", metavar="DIR", help="Folder to look for bundled data sets in.")
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
    "--n-neighbors",
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
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    metavar="INTEGER",
    help="Seed of what is drawn.",
)
@click.option("-o", "--out", metavar="FILE", help="Write the scores, as .csv or .json.")
@loudness_options
def command(data: str, embedding: str, quiet: bool, verbose: bool, **options: Any) -> None:
    """Score the file EMBEDDING against DATA, of which it is a picture or a code.

    DATA is a bundled name (see `aeviz list datasets`) or a file (see `aeviz list formats`),
    EMBEDDING a file with the same samples in the same order.  Distances are taken in the units
    of DATA, so scale its features first if they are not of one kind.  A metric of labels stands
    beside its value in the data themselves.
    """
    set_loudness(quiet=quiet, verbose=verbose)
    from aeviz.cli._progress import showing_progress
    from aeviz.cli._scores import print_scores
    from aeviz.pipeline.score_files import score_files

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        found = score_files(data, embedding, progress=progress, **options)
    print_scores(found)
    if options["out"] is not None:
        click.echo(f"scores: {options['out']}")
