"""Define ``aeviz report``: turn a data set into a report."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._assignments import (
    common_options,
    common_parameters,
    member_set_option,
    with_assignments,
    with_common,
)
from aeviz.cli._printing import (
    open_option,
    open_page,
    print_data_notes,
    print_page,
    print_table,
    print_wrapped,
)
from aeviz.cli._sections import COMPUTING, OUTPUT
from aeviz.cli._source_check import check_source
from aeviz.settings import PreparationOptions, ReadingOptions, ReportOptions, TrainingOptions

__all__ = ["command"]


@cli.define
@cli.source(required=False)
@cli.settings_options(ReportOptions)
@open_option
@cli.flag("--force", "Do every step again, in whatever folder.", section=OUTPUT)
@common_options
@member_set_option()
@cli.option(
    "--config",
    "TOML file of settings; options overrule it.",
    metavar="FILE",
    section=COMPUTING,
)
@cli.settings_options(TrainingOptions, PreparationOptions, ReadingOptions)
@cli.progress_options
def command(
    assigned: tuple[str, ...],
    config: str | None,
    force: bool,
    is_opened: bool,
    show_progress: cli.Show,
    **options: Any,
) -> None:
    """Turn a data set into a report, one page with maps and scores.

    SOURCE is a bundled name (see `aeviz list datasets`), a file (see `aeviz list formats`) or a
    folder of images.

    Examples
    --------
    aeviz report digits --open
    aeviz report table.csv --label species --drop id,date
    aeviz report photos/ --quick
    aeviz report digits --encoder deep,pca --embedding umap --n-neighbors 30
    aeviz report digits --set regularized.shift=0 --set tsne.perplexity=50
    """
    common = common_parameters(options)
    settings = cli.read_settings(config, **options)
    settings = with_assignments(with_common(settings, common, assigned), assigned)
    check_source(settings.source, vars(settings))
    with show_progress(settings.source) as progress:
        from aeviz.pipeline.make_report import run_report

        run = run_report(settings, progress=progress, force=force)
    _print_headlines(run)
    _warn_of_batches(run)
    _print_verdicts(run)
    _print_clusters(run)
    print_data_notes([*run.data.notes, f"Scaling: {run.scaling.words}."])
    print_page("report", run.report_path)
    if is_opened:
        open_page(run.report_path)


def _print_verdicts(run: Any) -> None:
    """Print for each autoencoder whether it beats PCA."""
    from aeviz.report.verdict import verdict_sentences

    click.echo()
    for sentence in verdict_sentences(run):
        print_wrapped(sentence)


def _print_clusters(run: Any) -> None:
    """Print the names of the clusters in one line."""
    from aeviz.report.clusters import cluster_line

    if run.clusters is not None:
        print_wrapped(cluster_line(run.clusters))


def _warn_of_batches(run: Any) -> None:
    """Print where batches do not mix."""
    from aeviz.report.batches import Batches

    found = Batches.of(run)
    for line in [] if found is None else found.warnings():
        click.echo(f"warning: {line}", err=True)


def _print_headlines(run: Any) -> None:
    """Print the headline scores of every embedding against the data."""
    from aeviz.evaluation.stages import Stage
    from aeviz.page.wording import headlines
    from aeviz.runs.pair import OWN
    from aeviz.runs.score_table import at_usual_k

    scores = at_usual_k(run.scores[run.scores["stage"] == Stage.DATA_TO_EMBEDDING])
    values = scores.set_index(["encoder", "embedding", "metric"])["value"].to_dict()
    shown = [name for name in headlines() if (scores["metric"] == name).any()]
    print_table(
        {"encoder": "left", "embedding": "left", **dict.fromkeys(shown, "right")},
        [
            (
                "–" if pair.encoder == OWN else pair.encoder,
                pair.embedding,
                *(f"{values[pair.encoder, pair.embedding, name]:.4f}" for name in shown),
            )
            for pair in run.pairs
        ],
        title=f"{run.data.name}: each embedding against the data",
    )
