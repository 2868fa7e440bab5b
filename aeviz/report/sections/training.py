"""Show how the training of every network went."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.plots.curves import curves
from aeviz.report._canvas import canvas
from aeviz.report._content import Figure, Gallery, Section, SectionContent, Text
from aeviz.report._words import autoencoders, method, number, sentence_case
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
    blocks: list[Any] = []
    for kind in kinds:
        blocks += [Text([_told(run, kind)]), Gallery(_figures(run, kind), n_columns=3)]
    return SectionContent(summary, blocks)


def _monitored(history: dict[str, list[float]]) -> list[float]:
    """Return the loss that decided when to stop."""
    return history.get("val_loss", history["loss"])


def _unit(run: Run, kind: str) -> str:
    is_nats = _is_bernoulli(run, kind) or "kl" in run.history(kind)
    return "nats a sample" if is_nats else "½ squared error a sample"


def _is_bernoulli(run: Run, kind: str) -> bool:
    return bool(run.encoder_params(kind)["fitted"].get("loss_") == "bernoulli")


def _told(run: Run, kind: str) -> str:
    """Return one sentence on a training."""
    history = run.history(kind)
    losses = _monitored(history)
    best = int(np.argmin(losses))
    label = "held-out loss" if "val_loss" in history else "loss"
    sentence = (
        f"{sentence_case(method(kind))}: {len(losses)} epochs; {label} fell from "
        f"{number(losses[0])} to {number(losses[best])} {_unit(run, kind)} in epoch {best + 1}"
    )
    if _is_bernoulli(run, kind) and "kl" not in history:
        sentence += f", {number(losses[best] / run.data.n_features)} nats a feature"
    return f"{sentence}."


def _figures(run: Run, kind: str) -> list[Figure]:
    return [_figure(run, kind, name) for name in TITLES if name in run.history(kind)]


def _figure(run: Run, kind: str, name: str) -> Figure:
    history = run.history(kind)
    best = int(np.argmin(_monitored(history)))
    unit = _unit(run, kind)

    def draw(theme: Any) -> Any:
        figure, ax = canvas(width=4.4, height=3.1)
        curves(history, name, ax=ax, unit=unit, best_epoch=best)
        return figure

    title = f"{sentence_case(method(kind))}: {TITLES[name]}"
    values = history[name]
    alt = (
        f"{title} over {len(values)} epochs, from {number(values[0])} to "
        f"{number(values[best])} {unit} in the epoch that was kept."
    )
    return Figure(f"training_{kind}_{name}", draw, alt, title=title)


SECTION = Section("Training", 30, _build)
