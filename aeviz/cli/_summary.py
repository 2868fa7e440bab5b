"""Print a short summary of a finished run or training, and its path."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from aeviz.core.wording import plural
from aeviz.evaluation.stages import Stage
from aeviz.page.wording import headlines
from aeviz.pipeline.apply import ReconstructionSummary
from aeviz.runs.model import Model
from aeviz.runs.new_samples import Added
from aeviz.runs.run import Run
from aeviz.runs.score_table import at_usual_k

__all__ = ["summarise", "summarise_additions", "summarise_model", "summarise_reconstruction"]

SCALED = {"unit": "within [0, 1]", "standard": "standardised"}


def summarise(run: Run) -> None:
    """Print the headline scores of every embedding against the data, and the report's path."""
    scores = run.scores
    scores = at_usual_k(scores[scores["stage"] == Stage.DATA_TO_EMBEDDING])
    shown = [name for name in headlines() if (scores["metric"] == name).any()]
    title = f"{run.data.name}: each embedding against the data"
    table = Table(title=title, title_justify="left", title_style="", box=None, padding=(0, 2, 0, 0))
    table.add_column("encoder", no_wrap=True)
    table.add_column("embedding", no_wrap=True)
    for name in shown:
        table.add_column(name, justify="right", no_wrap=True)
    for pair in run.pairs:
        of_pair = scores[
            (scores["encoder"] == pair.encoder) & (scores["embedding"] == pair.embedding)
        ]
        values = of_pair.set_index("metric")["value"]
        table.add_row(pair.encoder, pair.embedding, *(f"{values[name]:.4f}" for name in shown))
    Console().print(table)
    click.echo(f"report: {run.report_path}")


def summarise_additions(run: Run) -> None:
    """Print which new samples a run shows, how many are outliers, and the report's path."""
    for one in Added.all(run):
        table = one.table
        embeddings = plural(len(run.pairs) - len(one.info["left_out"]), "embedding")
        click.echo(f"{one.name}: {plural(len(table), 'new sample')} in {embeddings}")
        n_outliers = int(table["is_outlier"].sum())
        click.echo(
            f"  unlike the samples of the run: {n_outliers:,} ({n_outliers / len(table):.1%})"
        )
        for name, reason in one.info["left_out"].items():
            click.echo(f"  {name} is left out: {reason}", err=True)
    click.echo(f"report: {run.report_path}")


def summarise_model(model: Model, folder: str) -> None:
    """Print what was trained, the reconstruction errors of test samples, and the model's path."""
    card, data, scores = model.card, model.card.data, model.card.scores
    click.echo(
        f"{card.kind} encoder of {data.name}: {data.n_features:,} features, a code of "
        f"{card.code_size:,}"
    )
    epochs = len(getattr(model.encoder, "history_", {}).get("loss", []))
    done = f", {epochs} epochs" if epochs else ""
    click.echo(f"trained on {data.n_train:,} samples in {card.seconds:.1f} s{done}")
    click.echo(f"on {data.n_test:,} test samples, values {SCALED[data.scaling]}:")
    for line in (*_losses_lines(scores), *_bound_lines(scores)):
        click.echo(f"  {line}")
    click.echo(f"model: {folder}")


def summarise_reconstruction(found: ReconstructionSummary, path: str) -> None:
    """Print the reconstruction errors of a source's samples, and the file's path."""
    click.echo(f"on {found.n_samples:,} samples, values {SCALED[found.scaling]}:")
    for line in _losses_lines(found.losses):
        click.echo(f"  {line}")
    click.echo(f"reconstructions: {path}")


def _losses_lines(scores: dict[str, float]) -> list[str]:
    """Return a line for each loss that there is."""
    lines = []
    if "cross_entropy" in scores:
        lines.append(f"cross-entropy: {scores['cross_entropy']:.4f} nats per feature")
    lines.append(f"mean squared error: {scores['mean_squared_error']:.4g} per feature")
    if "restored_error" in scores:
        lines.append(
            f"mean squared error of noisy samples: {scores['noisy_error']:.4g} per feature, "
            f"{scores['restored_error']:.4g} once restored"
        )
    return lines


def _bound_lines(scores: dict[str, float]) -> list[str]:
    """Return a line for each part of a variational model's bound."""
    if "negative_elbo" not in scores:
        return []
    return [
        f"reconstruction: {scores['reconstruction']:.2f} nats per sample",
        f"Kullback-Leibler: {scores['kl']:.2f} nats per sample",
        f"negative ELBO: {scores['negative_elbo']:.2f} nats per sample, the sum of both",
        f"active units: {scores['active_units']:g}",
    ]
