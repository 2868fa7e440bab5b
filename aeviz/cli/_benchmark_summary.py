"""Print a short summary of a benchmark, and its path."""

from __future__ import annotations

import click

from aeviz.benchmark import Benchmark, counted
from aeviz.core.wording import plural
from aeviz.page.wording import method

__all__ = ["summarise_benchmark"]


def summarise_benchmark(benchmark: Benchmark) -> None:
    """Print a line per data set and encoder, the runs that are missing, and the page's path."""
    table = benchmark.comparisons
    if not table.empty:
        click.echo("test samples, against PCA of the same code size and embedding:")
        scored = table[table["split"] == "test"]
        for (dataset, kind), found in scored.groupby(["dataset", "encoder"], sort=False):
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
