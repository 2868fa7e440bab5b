"""Define ``aeviz benchmark``: compare encoders × embeddings × seeds with PCA."""

from __future__ import annotations

from typing import Any

import click

from aeviz.benchmark.settings import (
    EMBEDDINGS_BY_DEFAULT,
    ENCODERS_BY_DEFAULT,
    SEEDS,
    BenchmarkSettings,
)
from aeviz.cli._options import Show, progress_options, settings_options
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.settings import ReadingOptions, TrainingOptions

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz benchmark digits --seeds 5
  aeviz benchmark digits table.csv --label species --budget 20
  aeviz benchmark digits --code-size 2 --code-size 8 --code-size 32 --embedding pca
"""


@click.command("benchmark", epilog=EXAMPLES)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "--encoder",
    multiple=True,
    metavar="NAME",
    help="Encoder to compare; give it again for several.  PCA of the same code size and the data "
    f"as they are (identity) are always there. One of {', '.join(ENCODERS.names())}.  "
    f"[default: {', '.join(ENCODERS_BY_DEFAULT)}]",
)
@click.option(
    "--embedding",
    multiple=True,
    metavar="NAME",
    help="Embedding of each code; give it again for several. One of "
    f"{', '.join(EMBEDDINGS.names())}.  [default: {', '.join(EMBEDDINGS_BY_DEFAULT)}]",
)
@click.option(
    "--seeds",
    type=int,
    default=SEEDS,
    metavar="N",
    help=f"Runs of all that depends on a seed.  [default: {SEEDS}]",
)
@click.option(
    "--code-size",
    type=int,
    multiple=True,
    metavar="N",
    help="Numbers in a code, at least 2; give it again for several.  [default: 32, or half the "
    "features]",
)
@click.option(
    "--budget",
    type=float,
    metavar="MINUTES",
    help="Start no run that is not expected to end within this time.",
)
@click.option("-o", "--out", metavar="DIR", help="Output folder.  [default: reports/benchmark]")
@settings_options(TrainingOptions, ReadingOptions, without=("code_size", "tensorboard"))
@click.option("--force", is_flag=True, help="Do every run again, in whatever folder.")
@progress_options
def command(
    sources: tuple[str, ...],
    seeds: int,
    budget: float | None,
    force: bool,
    show_progress: Show,
    **options: Any,
) -> None:
    """Compare encoders and embeddings on every SOURCE, over several seeds, with PCA.

    SOURCE is what `aeviz report` takes: a bundled name or a path to a file.  Everything is
    fitted to training samples; test samples are transformed afterwards and scored apart.  Runs
    are kept by what they depend on: the same command continues where it was stopped, and another
    one with more seeds, encoders or sources computes only what is missing.
    """
    settings = BenchmarkSettings.of(sources, seeds=seeds, budget=budget, **options)
    from aeviz.benchmark.run import run_benchmark_settings
    from aeviz.cli._benchmark_summary import summarise_benchmark

    with show_progress() as progress:
        benchmark = run_benchmark_settings(settings, progress=progress, force=force)
    summarise_benchmark(benchmark)
