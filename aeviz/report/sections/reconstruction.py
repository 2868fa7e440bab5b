"""Show what the decoders give back, and how much is lost where."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.page.content import Figure, Gallery, SectionContent
from aeviz.page.image_strips import CELL_PX, strip
from aeviz.page.wording import capitalised, joined, method, number
from aeviz.plots.dots import feature_dots
from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.images import ImageScale, image_grid
from aeviz.plots.text import drawable
from aeviz.plots.theme import Theme
from aeviz.report.sections.base import Section
from aeviz.runs.results import Reconstruction
from aeviz.runs.run import Run

__all__ = ["SECTION"]

MAX_FEATURES = 30


def _build(run: Run) -> SectionContent | None:
    kept = {kind: run.reconstruction(kind) for kind in _order(run)}
    present = {kind: arrays for kind, arrays in kept.items() if arrays is not None}
    if not present:
        return None
    errors = "; ".join(
        f"{method(kind)} {number(float(arrays.feature_error.mean()))} "
        f"from {run.code(kind).shape[1]} numbers"
        for kind, arrays in present.items()
    )
    summary = (
        "Held-out samples through each encoder and back. Mean squared error a feature, over all "
        f"{run.data.n_test:,} held-out samples, in prepared units: {errors}."
    )
    if run.data.is_image:
        return SectionContent(summary, [_strips(run, present)], files=[_sheet(run, present)])
    return SectionContent(summary, [_features(run, present)])


def _order(run: Run) -> list[str]:
    """Return the encoders, PCA first: it is what the others are held against."""
    return sorted(run.encoders, key=lambda kind: kind != "pca")


def _rows(run: Run, kept: dict[str, Reconstruction]) -> dict[str, np.ndarray]:
    originals = run.samples.X[: len(next(iter(kept.values())).X)]
    return {"Original": originals} | {
        capitalised(method(kind)): arrays.X for kind, arrays in kept.items()
    }


def _strips(run: Run, kept: dict[str, Reconstruction]) -> Gallery:
    """Return a band of images for the originals and for each encoder, all of one width."""
    shape = run.data.image_shape or (1, 1, 1)
    rows = _rows(run, kept)
    scale = ImageScale(run.samples.X, shape)
    names = ["original", *kept]
    figures = []
    for name, (title, X) in zip(names, rows.items(), strict=True):
        if name == "original":
            alt = f"{len(X)} held-out images as they are."
            facts: list[tuple[str, str]] = []
        else:
            error = float(kept[name].feature_error.mean())
            alt = (
                f"The same {len(X)} images given back by the {method(name)} from "
                f"{run.code(name).shape[1]} numbers; mean squared error {number(error)}."
            )
            facts = [("error", number(error))]
        figures.append(
            Figure(
                f"reconstruction_{name}",
                strip(X, scale),
                alt,
                title=title,
                facts=facts,
                has_photos=shape[2] >= 3,
            )
        )
    return Gallery(figures, n_columns=1, is_strips=True)


def _sheet(run: Run, kept: dict[str, Reconstruction]) -> Figure:
    """Return all bands as one figure with their names, for use outside the page."""
    shape = run.data.image_shape or (1, 1, 1)
    rows = _rows(run, kept)
    scale = ImageScale(run.samples.X, shape)

    def draw(theme: Theme) -> Any:
        n_images = len(next(iter(rows.values())))
        band_px = scale.cell_px(CELL_PX)[1]
        height = len(rows) * (band_px + 30)
        figure = new_figure(CELL_PX * n_images, height)
        for i, (name, X) in enumerate(rows.items()):
            top = i * (band_px + 30) + 26
            ax = pixel_axes(figure, left=0, right=0, top=top, bottom=height - top - band_px)
            image_grid(X, scale, n_columns=n_images, ax=ax)
            ax.set_anchor("W")
            ax.set_title(name, loc="left")
        return figure

    return Figure(
        "reconstructions",
        draw,
        f"Held-out images above what {joined(list(rows)[1:])} give back.",
        has_photos=shape[2] >= 3,
    )


def _features(run: Run, kept: dict[str, Reconstruction]) -> Figure:
    names = run.data.feature_names or [f"feature {i + 1}" for i in range(run.data.n_features)]
    errors = {capitalised(method(kind)): arrays.feature_error for kind, arrays in kept.items()}
    worst = np.argsort(-np.max(list(errors.values()), axis=0), kind="stable")[:MAX_FEATURES]
    longest = max(len(drawable(names[i])) for i in worst)
    left = 14 + 6.6 * longest

    def draw(theme: Theme) -> Any:
        figure = new_figure(420 + left, 100 + 22 * len(worst))
        ax = pixel_axes(figure, left=left, right=16, top=22 * (-(-len(errors) // 2)) + 6, bottom=42)
        shown = {name: values[worst] for name, values in errors.items()}
        feature_dots(
            [names[i] for i in worst], shown, ax=ax, xlabel="mean squared error, held-out samples"
        )
        return figure

    part = f"the {len(worst)} worst of {len(names):,}" if len(worst) < len(names) else "all"
    unit = "in units in which a feature's variance is 1: at 1, nothing of it is kept"
    if run.data.scaling != "standard":
        unit = "in prepared units, values in [0, 1]"
    alt = (
        f"Mean squared reconstruction error of features, {part}; most is lost of "
        f"{drawable(names[worst[0]])}."
    )
    caption = f"Features, {part}, most lost first, {unit}."
    return Figure("feature_errors", draw, alt, caption, "Reconstruction error by feature")


SECTION = Section("Reconstruction", 40, _build)
