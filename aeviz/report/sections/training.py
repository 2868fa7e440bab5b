"""Show how the training of every network went."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.plots.curves import curves
from aeviz.report._canvas import panels
from aeviz.report._content import Figure, Section, SectionContent
from aeviz.report._words import autoencoders, method, number
from aeviz.runs import Run

__all__ = ["SECTION"]

TITLES = {"loss": "loss", "reconstruction": "reconstruction", "kl": "Kullback-Leibler divergence"}


def _build(run: Run) -> SectionContent | None:
    kinds = autoencoders(run)
    if not kinds:
        return None
    summary = (
        "Loss a sample after every epoch, for training samples and for a part of them held out "
        "to decide when to stop. A dotted line marks the epoch whose weights were kept."
    )
    return SectionContent(summary, [_figure(run, kind) for kind in kinds])


def _figure(run: Run, kind: str) -> Figure:
    history = run.history(kind)
    monitored = history.get("val_loss", history["loss"])
    best = int(np.argmin(monitored))
    drawn = [name for name in TITLES if name in history]
    fitted = run.encoder_params(kind)["fitted"]
    is_bernoulli = fitted.get("loss_") == "bernoulli"
    unit = "nats a sample" if is_bernoulli or "kl" in history else "½ squared error a sample"

    def draw(theme: Any) -> Any:
        figure, axes = panels(1, len(drawn), width=4.4 * len(drawn) + 0.4, height=3.1)
        for ax, name in zip(axes, drawn, strict=True):
            curves(history, name, ax=ax, title=TITLES[name], unit=unit, best_epoch=best)
        return figure

    label = "held-out loss" if "val_loss" in history else "loss"
    sentence = (
        f"{len(monitored)} epochs; {label} fell from {number(monitored[0])} to "
        f"{number(monitored[best])} {unit} in epoch {best + 1}"
    )
    if is_bernoulli and "kl" not in history:
        sentence += f", {number(monitored[best] / run.data.n_features)} nats a feature"
    title = method(kind)
    return Figure(f"training_{kind}", draw, f"{title}: {sentence}.", f"{sentence}.", title)


SECTION = Section("Training", 30, _build)
