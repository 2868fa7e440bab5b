"""Section with the losses of every network during training."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from aeviz.page.content import Figure, Gallery, SectionContent
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, method, number
from aeviz.plots.line_charts import loss_curves
from aeviz.report.sections.base import Section
from aeviz.runs.run import Run

__all__ = ["SECTION"]

TITLES = {"loss": "loss", "reconstruction": "reconstruction", "kl": "KL divergence"}
NATS = "nats per sample"


def _build(run: Run) -> SectionContent | None:
    kinds = [kind for kind in run.encoders if run.history(kind)]
    figures = [figure for kind in kinds for figure in _figures(run, kind)]
    if not figures:
        return None
    summary = (
        "Mean loss per sample after every epoch, on the samples trained on and on a part of the "
        "training samples set aside to decide when to stop (validation). The vertical line marks "
        "the epoch whose weights were kept; the steepest first epochs of a long training are "
        "outside the chart."
    )
    variational = [kind for kind in kinds if "kl" in run.history(kind)]
    if variational:
        summary += (
            f" The loss of the {method(variational[0])} is the sum of its reconstruction error and "
            "the Kullback-Leibler (KL) divergence of its codes from the prior, shown one by one, "
            "in nats."
        )
    penalised = [kind for kind in kinds if "reconstruction" in run.history(kind)]
    for kind in [kind for kind in penalised if kind not in variational]:
        summary += (
            f" The loss of the {method(kind)} is its reconstruction error, shown on its own, and "
            "the penalty on its code."
        )
    return SectionContent(summary, [Gallery(figures, n_columns=min(3, max(2, len(figures))))])


def _figures(run: Run, kind: str) -> list[Figure]:
    """Return one figure per quantity; a loss that has parts is shown by its parts."""
    history = run.history(kind)
    if "kl" in history:
        names = ["reconstruction", "kl"]
    else:
        names = ["loss", *(["reconstruction"] if "reconstruction" in history else [])]
    return [_figure(run, kind, name) for name in names]


def _figure(run: Run, kind: str, name: str) -> Figure:
    history = run.history(kind)
    series = {"training": history[name]}
    if f"val_{name}" in history:
        series["validation"] = history[f"val_{name}"]
    best = _best_epoch(run, kind)
    unit = _unit(run, kind)

    def fill(ax: Axes) -> None:
        loss_curves(series, ax=ax, best_epoch=best, ylabel=unit)

    draw = one_axes(330, 250, fill, left=54, right=12, top=10, bottom=40)
    last = list(series.values())[-1]
    told = f"from {number(last[0])} to {number(last[best])} {unit} in epoch {best + 1}"
    caption = f"{capitalised(told)} of {len(last)}"
    if unit == NATS and name != "kl":
        caption += f", {number(last[best] / run.data.n_features)} nats per feature"
    title = f"{capitalised(method(kind))}: {TITLES[name]}"
    alt = f"{title} {list(series)[-1]}, {told} of {len(last)}."
    return Figure(f"training_{kind}_{name}", draw, alt, f"{caption}.", title)


def _best_epoch(run: Run, kind: str) -> int:
    """Return the epoch whose weights were kept; an older run does not say which."""
    history = run.history(kind)
    fitted = run.encoder_params(kind).get("fitted", {})
    lowest = int(np.argmin(history.get("val_loss", history["loss"])))
    return int(fitted.get("best_epoch_", lowest))


def _unit(run: Run, kind: str) -> str:
    is_bernoulli = run.encoder_params(kind).get("fitted", {}).get("loss_") == "bernoulli"
    # Half the squared error is in nats up to a constant, for a Gaussian of unit variance.
    has_bound = "kl" in run.history(kind)
    return NATS if is_bernoulli or has_bound else "half squared error per sample"


SECTION = Section("Training", 30, _build)
