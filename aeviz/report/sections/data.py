"""Section on the data: their shape, their labels, and some samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from aeviz.page.content import Block, Cell, Facts, Figure, SectionContent, Split, Table, Text
from aeviz.page.figures import one_axes
from aeviz.page.wording import fixed, number, shortened
from aeviz.plots.coloring import Coloring
from aeviz.plots.images import image_grid
from aeviz.plots.rows import class_counts, value_counts
from aeviz.plots.text import drawable
from aeviz.report._samples import feature_names, image_scale
from aeviz.report.coloring import coloring_of
from aeviz.report.sections.base import Section
from aeviz.runs.run import Run

__all__ = ["SECTION"]

MAX_FEATURES, MAX_BARS, LARGEST_CLASSES = 30, 30, 20
N_COLUMNS = 10
WIDTH_PX = 520
CELL_PX = 56


def _build(run: Run) -> SectionContent:
    coloring = coloring_of(run)
    blocks: list[Block] = [Facts(_facts(run, coloring))]
    if run.data.notes:
        blocks.append(Text(list(run.data.notes)))
    labels = _labels(coloring)
    if run.data.is_image:
        shown: list[Block] = [_samples(run)]
        blocks.append(Split(shown, [labels]) if labels is not None else shown[0])
    else:
        blocks += [labels] if labels is not None else []
        blocks.append(_features(run))
    return SectionContent("What went in, before anything was learnt.", blocks)


def _facts(run: Run, coloring: Coloring) -> list[tuple[str, str]]:
    data = run.data
    held_out = f"{data.n_train:,} for training, {data.n_test:,} held out"
    facts = [
        ("Source", shortened(data.source, 80)),
        ("Samples", f"{data.n_samples:,}: {held_out}"),
        ("Features", f"{data.n_features:,}"),
        ("Scaling", _scaling(data.scaling)),
        ("Labels", _kind(coloring)),
    ]
    if data.further_labels:
        names = ", ".join(shortened(name, 40) for name in data.further_labels)
        facts.append(("Further labels", names))
    if data.image_shape is not None:
        height, width, n_channels = data.image_shape
        colors = "grey" if n_channels == 1 else f"{n_channels} channels"
        facts[2] = ("Images", f"{height} × {width} pixels, {colors}")
    return facts


def _scaling(kind: str) -> str:
    if kind == "unit":
        return "values in [0, 1], the same for all features"
    return "every feature to mean 0 and variance 1 over the training samples"


def _kind(coloring: Coloring) -> str:
    if coloring.kind == "none":
        return "none"
    missing = f", {coloring.n_missing:,} missing" if coloring.n_missing else ""
    if coloring.kind == "classes":
        return f"{coloring.n_classes:,} class{'es' * (coloring.n_classes != 1)}{missing}"
    return f"continuous{missing}"


# -- labels ----------------------------------------------------------------------------------


def _labels(coloring: Coloring) -> Block | None:
    if coloring.kind == "continuous":
        return _histogram(coloring)
    if coloring.kind == "classes" and coloring.n_classes <= MAX_BARS:
        return _bars(coloring)
    return _largest(coloring) if coloring.kind == "classes" else None


def _bars(coloring: Coloring) -> Figure:
    counts = coloring.counts()
    height = 16 + (26 if len(counts) <= 12 else 18) * len(counts)
    longest = max(len(drawable(name)) for name in coloring.class_names)

    margins = {"left": 14 + 6.6 * longest, "right": 8, "top": 6, "bottom": 6}
    draw = one_axes(0.85 * WIDTH_PX, height, lambda ax: class_counts(coloring, ax=ax), **margins)
    alt = (
        f"Samples in each of {len(counts)} classes: between {counts.min():,} and {counts.max():,}."
    )
    return Figure("class_counts", draw, alt, title="Samples by class")


def _largest(coloring: Coloring) -> Table:
    counts = coloring.counts()
    largest = np.argsort(-counts, kind="stable")[:LARGEST_CLASSES]
    rows = [
        [Cell(shortened(coloring.class_names[i]) or "(empty)"), Cell(f"{counts[i]:,}")]
        for i in largest
    ]
    caption = (
        f"The {len(largest)} largest of {coloring.n_classes:,} classes; "
        f"the smallest has {counts.min():,} samples."
    )
    return Table([Cell("Class"), Cell("Samples")], rows, caption, title="Samples by class")


def _histogram(coloring: Coloring) -> Figure:
    def fill(ax: Axes) -> None:
        value_counts(coloring, ax=ax, xlabel="label")

    draw = one_axes(WIDTH_PX, 220, fill, left=58, right=12, top=10, bottom=42)
    values = pd.Series(coloring.values).describe()
    alt = (
        f"Histogram of the label: from {number(values['min'])} to {number(values['max'])}, "
        f"half of it below {number(values['50%'])}."
    )
    return Figure("label_values", draw, alt, title="Distribution of the label")


# -- samples and features --------------------------------------------------------------------


def _samples(run: Run) -> Figure:
    X, scale = run.samples.X, image_scale(run)
    # The first ten are shown with their reconstructions, so they are left out if others suffice.
    others = X[10:] if len(X) >= 10 + N_COLUMNS else X
    n_rows = max(1, min(len(others) // N_COLUMNS, 8))
    images = others[: n_rows * N_COLUMNS]
    n_columns = min(N_COLUMNS, len(images))

    def fill(ax: Axes) -> None:
        image_grid(images, scale, n_columns=n_columns, ax=ax)

    width_px, height_px = scale.cell_px(CELL_PX)
    margins = dict.fromkeys(("left", "right", "top", "bottom"), 0)
    draw = one_axes(width_px * n_columns, height_px * n_rows, fill, **margins)
    of_classes = ", in proportion to the classes" if run.data.label_kind == "classes" else ""
    alt = f"{len(images)} samples drawn as images{of_classes}."
    caption = f"{len(images)} samples{of_classes}."
    if scale.is_drawing:
        caption += " Low values are drawn as paper, high values as ink."
    if scale.is_widened:
        caption += " The short side of the images is drawn wider than it is."
    return Figure("samples", draw, alt, caption, "Samples", has_photos=scale.shape[2] >= 3)


def _features(run: Run) -> Table:
    names = feature_names(run)
    samples = run.samples
    statistics = (samples.mean, samples.std, samples.minimum, samples.maximum)
    columns = [np.asarray(values, dtype=float) for values in statistics]
    decimals = [_decimals(float(size)) for size in np.abs(columns).max(axis=0)]
    rows = [
        [
            Cell(shortened(names[i], 40) or "(unnamed)"),
            *(Cell(fixed(float(column[i]), decimals[i])) for column in columns),
        ]
        for i in range(min(len(names), MAX_FEATURES))
    ]
    part = (
        f"The first {len(rows)} of {len(names):,} features"
        if len(names) > len(rows)
        else "All features"
    )
    head = ("Feature", "Mean", "Std", "Smallest", "Largest")
    caption = f"{part}, in the units of the source, over all {run.data.n_samples:,} samples."
    return Table([*map(Cell, head)], rows, caption, title="Features")


def _decimals(largest: float) -> int:
    """Return how many decimals show four digits of numbers up to a size."""
    return 3 if largest == 0 else int(np.clip(3 - np.floor(np.log10(largest)), 0, 6))


SECTION = Section("The data", 20, _build)
