"""Define ``aeviz benchmark``: compare encoders × embeddings × seeds with PCA."""

from typing import Any

import click

from aeviz.benchmark.settings import (
    EMBEDDINGS_BY_DEFAULT,
    ENCODERS_BY_DEFAULT,
    SEEDS,
    BenchmarkSettings,
)
from aeviz.cli import _options as cli
from aeviz.cli._assignments import (
    common_options,
    common_parameters,
    member_set_option,
    with_assignments,
    with_common,
)
from aeviz.cli._printing import print_page
from aeviz.cli._sections import COMPUTING, OUTPUT
from aeviz.cli._source_check import check_source
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.core.wording import plural
from aeviz.settings import PreparationOptions, ReadingOptions, TrainingOptions

__all__ = ["command"]


@cli.define
@cli.source("sources", nargs=-1, metavar="SOURCE...")
@cli.option(
    "-o --out", "Output folder.  [default: reports/benchmark]", metavar="DIR", section=OUTPUT
)
@cli.flag("--force", "Do every run again, in whatever folder.", section=OUTPUT)
@cli.member_names(
    "--encoder",
    "Encoders to compare, with commas between them.  PCA of the same code size and the data as "
    f"they are (identity) are always there.  [default: {', '.join(ENCODERS_BY_DEFAULT)}]",
    ENCODERS,
    section=COMPUTING,
)
@cli.member_names(
    "--embedding",
    "Embeddings of each code, with commas between them.  "
    f"[default: {', '.join(EMBEDDINGS_BY_DEFAULT)}]",
    EMBEDDINGS,
    section=COMPUTING,
)
@cli.option(
    "--seeds",
    f"Runs of all that depends on a seed.  [default: {SEEDS}]",
    type=int,
    default=SEEDS,
    metavar="N",
    section=COMPUTING,
)
@cli.option(
    "--code-size",
    "Numbers in a code, at least 2; give it again for several.  [default: 32, or half the "
    "features]",
    type=int,
    multiple=True,
    metavar="N",
    section=COMPUTING,
)
@cli.option(
    "--budget",
    "Start no run that is not expected to end within this time.",
    type=float,
    metavar="MINUTES",
    section=COMPUTING,
)
@common_options
@member_set_option()
@cli.settings_options(
    TrainingOptions, PreparationOptions, ReadingOptions, without=("code_size", "tensorboard")
)
@cli.progress_options
def command(
    sources: tuple[str, ...],
    assigned: tuple[str, ...],
    force: bool,
    show_progress: cli.Show,
    **options: Any,
) -> None:
    """Compare encoders and embeddings with PCA, over several seeds.

    SOURCE is what `aeviz report` takes: a bundled name or a path to a file.  Everything is
    fitted to training samples; test samples are transformed afterwards and scored apart.  Runs
    are kept by what they depend on: the same command continues where it was stopped, and another
    one with more seeds, encoders or sources computes only what is missing.

    Examples
    --------
    aeviz benchmark digits --seeds 5
    aeviz benchmark digits table.csv --label species --budget 20
    aeviz benchmark digits --code-size 2 --code-size 8 --embedding pca
    """
    common = common_parameters(options)
    settings = BenchmarkSettings.of(sources, **options)
    # Now that it is known which members there are.
    members = with_common(settings.common, common, assigned)
    params = with_assignments(members, assigned).params
    settings = BenchmarkSettings.of(sources, **options, params=params)
    for source in settings.sources:
        check_source(source)
    with show_progress(*settings.sources) as progress:
        from aeviz.benchmark.run import run_benchmark_settings

        benchmark = run_benchmark_settings(settings, progress=progress, force=force)
    _print_verdicts(benchmark.comparisons)
    info = benchmark.info
    for one in info["failed"]:
        click.echo(f"failed: {one['title']}: {one['error']}")
    if info["left_out"]:
        click.echo(
            f"left out by the budget: {len(info['left_out']):,} of "
            f"{plural(info['n_runs'], 'run')}; the same command goes on with them"
        )
    print_page("report", benchmark.report_path)


def _print_verdicts(table: Any) -> None:
    """Print a line per data set and encoder."""
    from aeviz.benchmark import counted
    from aeviz.page.wording import method

    if table.empty:
        return
    click.echo("test samples, against PCA of the same code size and embedding:")
    scored = table[table["split"] == "test"]
    for (dataset, kind), found in scored.groupby(["dataset", "encoder"], sort=False):
        verdicts = counted(found["verdict"], n_seeds=int(found["n_seeds"].max()))
        click.echo(f"  {dataset}, {method(kind)}: {verdicts[0].lower()}{verdicts[1:]}")
