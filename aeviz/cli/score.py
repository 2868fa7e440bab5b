"""Define ``aeviz score``: evaluate an embedding, whichever program made it."""

import math
from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._printing import print_table
from aeviz.cli._source_check import check_metric, check_source
from aeviz.core.registry import METRICS
from aeviz.settings import ReadingOptions

__all__ = ["command"]

# Scored are all samples, and features that are numbers.
UNUSED = (
    *("sample", "label", "columns", "category", "max_categories", "split", "group", "batch"),
    *("image_size", "on_missing"),
)


@cli.define
@cli.source("data")
@cli.source("embedding")
@cli.option(
    "--label", "Column of DATA, or of the file of labels, that holds the labels.", metavar="COLUMN"
)
@cli.settings_options(ReadingOptions, without=UNUSED)
@cli.names(
    "--column columns",
    "Columns of EMBEDDING that hold coordinates, with commas between them.  [default: all but "
    "sample_id, split and label]",
)
@cli.option(
    "--scale",
    "Scale the features of DATA before: as for `aeviz report`.  [default: none]",
    type=click.Choice(("none", "auto", "standard", "minmax", "unit")),
)
@cli.member_names(
    "--metric metrics",
    "Metrics to compute, with commas between them; those of neighbourhoods also at a size of "
    "their own, as trustworthiness_k30.  [default: all that apply]",
    METRICS,
)
@cli.option(
    "--k n_neighbors",
    "The size of a neighbourhood.",
    type=int,
    default=10,
    show_default=True,
    metavar="K",
)
@cli.option(
    "--n-evaluated",
    "Samples to evaluate, each against all.  [default: all, at most 10,000]",
    type=int,
    metavar="N",
)
@cli.option("-o --out", "Write the scores, as .csv or .json.", metavar="FILE")
@cli.progress_options
def command(data: str, embedding: str, show_progress: cli.Show, **options: Any) -> None:
    """Score a map, or a code, that any program made.

    DATA is a bundled name (see `aeviz list datasets`) or a file (see `aeviz list formats`),
    EMBEDDING a file with the same samples: matched by their ids where both have them, else in
    the same order.  Distances are taken in the units of DATA; --scale standard makes its
    features comparable if they are not of one kind.  A metric of labels is printed beside its
    value in DATA.

    Examples
    --------
    aeviz score digits points.npy
    aeviz score table.csv umap.csv --label species -o scores.json
    aeviz score X.npy tsne.csv --column x,y --metric trustworthiness
    """
    for name in options["metrics"]:
        check_metric(name)
    check_source(data, options)
    check_source(embedding)
    with show_progress(data, embedding) as progress:
        from aeviz.pipeline.score_files import score_files

        found = score_files(data, embedding, progress=progress, **cli.given(options))
    n_evaluated = int(found.table["n_evaluated"].max()) if len(found.table) else 0
    click.echo(
        f"{embedding} against {data}: {found.n_samples:,} samples, {n_evaluated:,} evaluated; "
        f"from {found.n_features:,} numbers to {found.n_components:,}"
    )
    if found.left_out:
        click.echo(f"columns that are no coordinates: {', '.join(found.left_out)}")
    for note in found.notes:
        click.echo(note)
    _print_scores(found.table)
    if options["out"] is not None:
        click.echo(f"scores: {options['out']}")


def _print_scores(table: Any) -> None:
    """Print every metric with its interval, and label metrics with their value in the data."""
    has_data = bool(table["baseline"].notna().any())
    titles = ["k", "value", "95 % interval", "better", *(["in the data"] * has_data)]
    rows = []
    for one in table.astype({"k": object}).itertuples():
        k = str(one.k) if isinstance(one.k, int) else ""
        better = "higher" if METRICS.get(one.metric).higher_is_better else "lower"
        ends = f"{_number(one.low)} .. {_number(one.high)}" if one.low <= one.high else "none"
        row = [one.metric, k, _number(one.value), ends]
        in_data = "" if math.isnan(one.baseline) else _number(one.baseline)
        rows.append([*row, better, *([in_data] * has_data)])
    print_table({"metric": "left", **dict.fromkeys(titles, "right")}, rows)


def _number(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "-"
