"""Show what the decoders give back, and how much is lost where."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.plots.bars import bars
from aeviz.plots.images import image_grid
from aeviz.report._canvas import canvas, panels
from aeviz.report._content import Figure, Section, SectionContent
from aeviz.report._words import method, number
from aeviz.runs import Run

__all__ = ["SECTION"]

MOST_FEATURES = 30


def _build(run: Run) -> SectionContent | None:
    kept = {kind: run.reconstruction(kind) for kind in run.encoders}
    present = {kind: arrays for kind, arrays in kept.items() if arrays is not None}
    if not present:
        return None
    errors = ", ".join(
        f"{method(kind)} {number(float(arrays['feature_error'].mean()))} from a code of "
        f"{run.code(kind).shape[1]}"
        for kind, arrays in present.items()
    )
    summary = (
        f"Held-out samples through each encoder and back. Mean squared error a feature: {errors}."
    )
    figure = _images(run, present) if run.data.is_image else _features(run, present)
    return SectionContent(summary, [figure])


def _images(run: Run, kept: dict[str, Any]) -> Figure:
    shape = run.data.image_shape or (1, 1, 1)
    originals = run.samples["X"][: len(next(iter(kept.values()))["X"])]
    value_range = (float(originals.min()), float(originals.max()))
    rows = {"original": originals} | {method(kind): a["X"] for kind, a in kept.items()}

    def draw(theme: Any) -> Any:
        n = len(originals)
        height = len(rows) * (9.6 / n * shape[0] / shape[1] + 0.34)
        figure, axes = panels(len(rows), 1, width=9.6, height=height)
        for ax, (name, X) in zip(axes, rows.items(), strict=True):
            image_grid(X.reshape(1, n, *shape), ax=ax, value_range=value_range)
            ax.set_title(name, loc="left")
        return figure

    names = ", ".join(list(rows)[1:])
    alt = f"{len(originals)} held-out images, and below them their reconstructions by {names}."
    return Figure("reconstructions", draw, alt, alt, is_wide=True)


def _features(run: Run, kept: dict[str, Any]) -> Figure:
    names = run.data.feature_names or [f"feature {i}" for i in range(run.data.n_features)]
    errors = {method(kind): arrays["feature_error"] for kind, arrays in kept.items()}
    worst = np.argsort(-np.max(list(errors.values()), axis=0))[:MOST_FEATURES]

    def draw(theme: Any) -> Any:
        figure, ax = canvas(width=8.5, height=1.0 + 0.34 * len(worst))
        shown = {name: values[worst] for name, values in errors.items()}
        bars(shown, [names[i] for i in worst], ax=ax, xlabel="mean squared error, held out")
        return figure

    first = names[worst[0]]
    part = f"the {len(worst)} worst of {len(names)}" if len(worst) < len(names) else "all features"
    alt = f"Mean squared reconstruction error a feature, {part}; most is lost of {first}."
    caption = f"{alt} In units in which every feature has the variance 1."
    return Figure("feature_errors", draw, alt, caption, is_wide=True)


SECTION = Section("Reconstruction", 40, _build)
