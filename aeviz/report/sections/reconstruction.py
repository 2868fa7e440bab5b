"""Section with the reconstructions by each encoder, and the features with the largest errors."""

from functools import partial
from typing import Any

import numpy as np

from aeviz.page.content import Figure, Gallery, SectionContent
from aeviz.page.figures import CELL_PX, image_band, one_axes
from aeviz.page.wording import capitalised, joined, method, number
from aeviz.plots import Theme, feature_dots, image_grid
from aeviz.plots.figure import box_axes, drawable, new_figure
from aeviz.report._samples import feature_names, image_scale, of_encoders
from aeviz.report.sections.base import Section
from aeviz.runs.results import Reconstruction
from aeviz.runs.run import Run

__all__ = ["SECTION"]

MAX_FEATURES = 30


def _build(run: Run) -> SectionContent | None:
    found = of_encoders(run, run.reconstruction)
    # PCA comes first: the others are compared with it.
    present = {kind: found[kind] for kind in sorted(found, key=lambda kind: kind != "pca")}
    if not present:
        return None
    errors = "; ".join(
        f"{method(kind)} {number(float(arrays.feature_error.mean()))} "
        f"from {run.code(kind).shape[1]} numbers"
        for kind, arrays in present.items()
    )
    summary = (
        "Held-out samples, encoded and decoded. Mean squared error per feature, over all "
        f"{run.data.n_test:,} held-out samples, in prepared units: {errors}."
    )
    if run.data.is_image:
        return SectionContent(summary, [_bands(run, present)], files=[_sheet(run, present)])
    return SectionContent(summary, [_features(run, present)])


def _rows(run: Run, kept: dict[str, Reconstruction]) -> dict[str, np.ndarray]:
    originals = run.samples.X[: len(next(iter(kept.values())).X)]
    return {"Original": originals} | {
        capitalised(method(kind)): arrays.X for kind, arrays in kept.items()
    }


def _bands(run: Run, kept: dict[str, Reconstruction]) -> Gallery:
    """Return a row of images of the originals and of each encoder, all of one width."""
    scale = image_scale(run)
    (title, X), *rows = _rows(run, kept).items()
    alt = f"{len(X)} held-out images, unchanged."
    bands = [image_band("reconstruction_original", title, X, alt, scale)]
    for kind, (title, X) in zip(kept, rows, strict=True):
        error = float(kept[kind].feature_error.mean())
        alt = (
            f"The same {len(X)} images, reconstructed by the {method(kind)} from "
            f"{run.code(kind).shape[1]} numbers; mean squared error {number(error)}."
        )
        bands.append(image_band(f"reconstruction_{kind}", title, X, alt, scale, error=error))
    return Gallery(bands, n_columns=1, is_strips=True)


def _sheet(run: Run, kept: dict[str, Reconstruction]) -> Figure:
    """Return all bands as one figure with their names, for use outside the page."""
    rows, scale = _rows(run, kept), image_scale(run)

    def draw(theme: Theme) -> Any:
        n_images = len(next(iter(rows.values())))
        band_px = scale.cell_px(CELL_PX)[1]
        figure = new_figure(CELL_PX * n_images, len(rows) * (band_px + 30))
        for i, (name, X) in enumerate(rows.items()):
            ax = box_axes(figure, (0, i * (band_px + 30) + 26, CELL_PX * n_images, band_px))
            image_grid(X, scale, n_columns=n_images, ax=ax)
            ax.set_anchor("W")
            ax.set_title(name, loc="left")
        return figure

    alt = f"Held-out images above their reconstructions by {joined(list(rows)[1:])}."
    return Figure("reconstructions", draw, alt, has_photos=scale.shape[2] >= 3)


def _features(run: Run, kept: dict[str, Reconstruction]) -> Figure:
    names = feature_names(run)
    errors = {capitalised(method(kind)): arrays.feature_error for kind, arrays in kept.items()}
    worst = np.argsort(-np.max(list(errors.values()), axis=0), kind="stable")[:MAX_FEATURES]
    left = 14 + 6.6 * max(len(drawable(names[i])) for i in worst)
    top = 22 * (-(-len(errors) // 2)) + 6
    shown = {name: values[worst] for name, values in errors.items()}
    xlabel = "mean squared error, held-out samples"
    fill = partial(feature_dots, [names[i] for i in worst], shown, xlabel=xlabel)
    height_px = 100 + 22 * len(worst)
    draw = one_axes(420 + left, height_px, fill, left=left, right=16, top=top, bottom=42)
    part = f"the {len(worst)} worst of {len(names):,}" if len(worst) < len(names) else "all"
    unit = f"in prepared units: {run.data.scaling_words}"
    if run.data.scaling == "standard":
        nothing = "an error of 1 means that nothing is kept"
        unit = f"in units in which each feature has variance 1, so {nothing}"
    alt = (
        f"Mean squared reconstruction error of features, {part}; the largest is that of "
        f"{drawable(names[worst[0]])}."
    )
    caption = f"Features, {part}, largest errors first, {unit}."
    return Figure("feature_errors", draw, alt, caption, "Reconstruction error by feature")


SECTION = Section("Reconstruction", 40, _build)
