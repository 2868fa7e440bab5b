"""Print what a benchmark found, in few lines, and where it is."""

from __future__ import annotations

import click

from aeviz.benchmark.folder import Benchmark
from aeviz.benchmark.verdict_words import counted
from aeviz.core.wording import plural
from aeviz.page.wording import method

__all__ = ["summarise_benchmark"]


def summarise_benchmark(benchmark: Benchmark) -> None:
    """Print a line a data set and encoder, what was not made, and the page's path."""
    table = benchmark.comparisons
    if not table.empty:
        click.echo("held-out samples, placed; against PCA of the same code size and embedding:")
        placed = table[table["split"] == "test"]
        for (dataset, kind), found in placed.groupby(["dataset", "encoder"], sort=False):
            verdicts = counted(found["verdict"], n_seeds=int(found["n_seeds"].max()))
            click.echo(f"  {dataset}, {method(kind)}: {verdicts[0].lower()}{verdicts[1:]}")
    info = benchmark.info
    for one in info["failed"]:
        click.echo(f"failed: {one['title']}: {one['error']}")
    if info["left_out"]:
        n_left = len(info["left_out"])
        click.echo(
            f"left out by the budget: {n_left:,} of {plural(info['n_runs'], 'run')}; the same "
            "command goes on with them"
        )
    click.echo(f"report: {benchmark.report_path}")
