"""Section with the losses of every network during training."""

from functools import partial

import numpy as np

from aeviz.core.registry import ENCODERS
from aeviz.page.content import Facts, Figure, Gallery, SectionContent
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, joined, method, number
from aeviz.plots.line_charts import loss_curves
from aeviz.report.sections.base import Section
from aeviz.report.short_trainings import short_trainings
from aeviz.runs.run import Run

__all__ = ["SECTION"]

TITLES = {"loss": "loss", "reconstruction": "reconstruction", "kl": "KL divergence"}


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
    if any("kl" in run.history(kind) for kind in kinds):
        summary += (
            " Where the Kullback-Leibler (KL) divergence of the codes from the prior is part of a "
            "loss, it is shown in nats and without its weight, beside the reconstruction error."
        )
    short = [method(kind) for kind in short_trainings(run)]
    if short:
        summary += (
            f" Training of the {joined(short)} stopped at its limit of epochs while the loss was "
            "still falling: more epochs (the setting epochs) would probably lower it."
        )
    about = [(capitalised(method(kind)), run.about(kind).get("loss", "")) for kind in kinds]
    # Runs of older versions do not say it.
    losses = [Facts([one for one in about if one[1]], "Losses", is_wide=True)]
    gallery = Gallery(figures, n_columns=min(3, max(2, len(figures))))
    return SectionContent(summary, [gallery, *(one for one in losses if one.items)])


def _figures(run: Run, kind: str) -> list[Figure]:
    """Return one figure per quantity; a loss that has parts is shown by its parts."""
    history = run.history(kind)
    names = ("reconstruction", "kl") if "kl" in history else ("loss", "reconstruction")
    return [_figure(run, kind, name) for name in names if name in history]


def _figure(run: Run, kind: str, name: str) -> Figure:
    history, fitted = run.history(kind), run.encoder_params(kind).get("fitted", {})
    series = {"training": history[name]}
    if f"val_{name}" in history:
        series["validation"] = history[f"val_{name}"]
    # An older run does not say which epoch's weights were kept.
    lowest = int(np.argmin(history.get("val_loss", history["loss"])))
    best = int(fitted.get("best_epoch_", lowest))
    # Half the squared error is in nats up to a constant, for a Gaussian of unit variance.
    is_in_nats = fitted.get("loss_") == "bernoulli" or "kl" in history
    unit = "nats per sample" if is_in_nats else "half squared error per sample"
    # A network that can be used before it is trained has its losses then, as those of epoch 0.
    first = 0 if ENCODERS.get(kind).starts_fitted else 1
    fill = partial(loss_curves, series, best_epoch=first + best, first_epoch=first, ylabel=unit)
    draw = one_axes(330, 250, fill, left=54, right=12, top=10, bottom=40)
    last = list(series.values())[-1]
    told = f"from {number(last[0])} to {number(last[best])} {unit} in epoch {first + best}"
    n_epochs = first + len(last) - 1
    caption = f"{capitalised(told)} of {n_epochs}"
    if is_in_nats and name != "kl":
        caption += f", {number(last[best] / run.data.n_features)} nats per feature"
    title = f"{capitalised(method(kind))}: {TITLES[name]}"
    alt = f"{title} {list(series)[-1]}, {told} of {n_epochs}."
    return Figure(f"training_{kind}_{name}", draw, alt, f"{caption}.", title)


SECTION = Section("Training", 30, _build, _build)
