"""Define ``aeviz report``: turn a data set into a report."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.settings import PreparationOptions, ReadingOptions, ReportOptions, TrainingOptions

__all__ = ["command"]


@cli.define
@click.argument("source", required=False)
@cli.settings_options(ReportOptions, TrainingOptions, PreparationOptions, ReadingOptions)
@cli.member_set_option()
@cli.option("--config", "TOML file of settings; options overrule it.", metavar="FILE")
@cli.flag("--force", "Do every step again, in whatever folder.")
@cli.progress_options
def command(
    assigned: tuple[str, ...],
    config: str | None,
    force: bool,
    show_progress: cli.Show,
    **options: Any,
) -> None:
    """Turn SOURCE into a report.

    SOURCE is a bundled name (see `aeviz list datasets`) or a path to a file (see
    `aeviz list formats`).

    Examples
    --------
    aeviz report digits --set regularized.shift=0 --set tsne.perplexity=50
    """
    settings = cli.with_assignments(cli.read_settings(config, **options), assigned)
    from aeviz.pipeline.make_report import run_report

    with show_progress() as progress:
        run = run_report(settings, progress=progress, force=force)
    _print_headlines(run)
    click.echo(f"report: {run.report_path}")


def _print_headlines(run: Any) -> None:
    """Print the headline scores of every embedding against the data."""
    from aeviz.cli._printing import print_table
    from aeviz.evaluation.stages import Stage
    from aeviz.page.wording import headlines
    from aeviz.runs.score_table import at_usual_k

    scores = at_usual_k(run.scores[run.scores["stage"] == Stage.DATA_TO_EMBEDDING])
    values = scores.set_index(["encoder", "embedding", "metric"])["value"].to_dict()
    shown = [name for name in headlines() if (scores["metric"] == name).any()]
    print_table(
        {"encoder": "left", "embedding": "left", **dict.fromkeys(shown, "right")},
        [
            (
                pair.encoder,
                pair.embedding,
                *(f"{values[pair.encoder, pair.embedding, name]:.4f}" for name in shown),
            )
            for pair in run.pairs
        ],
        title=f"{run.data.name}: each embedding against the data",
    )
