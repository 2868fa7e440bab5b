"""Section on the data: their shape, their labels, and some samples."""

from functools import partial

import numpy as np
import pandas as pd

from aeviz.page.content import Block, Facts, Figure, SectionContent, Split, Table, Text, table
from aeviz.page.figures import NO_MARGINS, one_axes
from aeviz.page.wording import fixed, number, shortened
from aeviz.plots import Coloring, class_counts, image_grid, value_counts
from aeviz.plots.figure import drawable
from aeviz.report._samples import feature_names, image_scale
from aeviz.report.coloring import label_coloring
from aeviz.report.sections.base import Section
from aeviz.runs.run import Run

__all__ = ["SECTION"]

MAX_FEATURES, MAX_BARS, LARGEST_CLASSES = 30, 30, 20
N_COLUMNS = 10
WIDTH_PX = 520
CELL_PX = 56
_SUMMARY = "What went in, before anything was learnt."


def _build(run: Run) -> SectionContent:
    coloring = label_coloring(run)
    blocks: list[Block] = [Facts(_facts(run, coloring))]
    if run.data.notes:
        blocks.append(Text(list(run.data.notes)))
    labels = _labels(coloring)
    if not run.data.is_image:
        blocks += [*labels, _features(run)]
    else:
        blocks.append(Split([_samples(run)], labels) if labels else _samples(run))
    return SectionContent(_SUMMARY, blocks)


def _shared(run: Run) -> SectionContent:
    """Return the size of the data and the labels."""
    coloring, private = label_coloring(run), ("Source", "Further labels")
    facts = [(name, value) for name, value in _facts(run, coloring) if name not in private]
    return SectionContent(_SUMMARY, [Facts(facts), *_labels(coloring)])


def _facts(run: Run, coloring: Coloring) -> list[tuple[str, str]]:
    data = run.data
    features = ("Features", f"{data.n_features:,}")
    if data.image_shape is not None:
        height, width, n_channels = data.image_shape
        colors = "grey" if n_channels == 1 else f"{n_channels} channels"
        features = ("Images", f"{height} × {width} pixels, {colors}")
    labels: str = coloring.kind
    if coloring.kind == "classes":
        labels = f"{coloring.n_classes:,} class{'es' * (coloring.n_classes != 1)}"
    if coloring.n_missing:
        labels += f", {coloring.n_missing:,} missing"
    held_out = f"{data.n_train:,} for training, {data.n_test:,} held out"
    facts = [
        ("Source", shortened(data.source, 80)),
        ("Samples", f"{data.n_samples:,}: {held_out}"),
        features,
        ("Scaling", data.scaling_words),
        ("Labels", labels),
    ]
    if data.further_labels:
        names = ", ".join(shortened(name, 40) for name in data.further_labels)
        facts.append(("Further labels", names))
    return facts


def _labels(coloring: Coloring) -> list[Block]:
    if coloring.kind == "none":
        return []
    if coloring.kind == "continuous":
        return [_histogram(coloring)]
    return [(_bars if coloring.n_classes <= MAX_BARS else _largest)(coloring)]


def _bars(coloring: Coloring) -> Figure:
    counts = coloring.counts()
    height = 16 + (26 if len(counts) <= 12 else 18) * len(counts)
    left = 14 + 6.6 * max(len(drawable(name)) for name in coloring.class_names)
    fill = partial(class_counts, coloring)
    draw = one_axes(0.85 * WIDTH_PX, height, fill, left=left, right=8, top=6, bottom=6)
    ends = f"between {counts.min():,} and {counts.max():,}"
    alt = f"Samples in each of {len(counts)} classes: {ends}."
    return Figure("class_counts", draw, alt, title="Samples by class")


def _largest(coloring: Coloring) -> Table:
    counts = coloring.counts()
    largest = np.argsort(-counts, kind="stable")[:LARGEST_CLASSES]
    names = coloring.class_names
    rows = [(shortened(names[i]) or "(empty)", f"{counts[i]:,}") for i in largest]
    caption = (
        f"The {len(largest)} largest of {coloring.n_classes:,} classes; "
        f"the smallest has {counts.min():,} samples."
    )
    return table(("Class", "Samples"), rows, caption, "Samples by class")


def _histogram(coloring: Coloring) -> Figure:
    fill = partial(value_counts, coloring)
    draw = one_axes(WIDTH_PX, 220, fill, left=58, right=12, top=10, bottom=42)
    values = pd.Series(coloring.values).describe()
    alt = (
        f"Histogram of the label: from {number(values['min'])} to {number(values['max'])}, "
        f"half of it below {number(values['50%'])}."
    )
    return Figure("label_values", draw, alt, title="Distribution of the label")


def _samples(run: Run) -> Figure:
    X, scale = run.samples.X, image_scale(run)
    # The first ten are shown with their reconstructions, so they are left out if others suffice.
    others = X[10:] if len(X) >= 10 + N_COLUMNS else X
    n_rows = max(1, min(len(others) // N_COLUMNS, 8))
    images = others[: n_rows * N_COLUMNS]
    n_columns = min(N_COLUMNS, len(images))
    fill = partial(image_grid, images, scale, n_columns=n_columns)
    width_px, height_px = scale.cell_px(CELL_PX)
    draw = one_axes(width_px * n_columns, height_px * n_rows, fill, **NO_MARGINS)
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
    statistics = samples.mean, samples.std, samples.minimum, samples.maximum
    columns = np.asarray(statistics, dtype=float)
    decimals = [_decimals(float(size)) for size in np.abs(columns).max(axis=0)]
    rows = []
    for i, name in enumerate(names[:MAX_FEATURES]):
        values = [fixed(float(column[i]), decimals[i]) for column in columns]
        rows.append([shortened(name, 40) or "(unnamed)", *values])
    part = "All features"
    if len(names) > len(rows):
        part = f"The first {len(rows)} of {len(names):,} features"
    head = ("Feature", "Mean", "Std", "Smallest", "Largest")
    caption = f"{part}, in the units of the source, over all {run.data.n_samples:,} samples."
    return table(head, rows, caption, "Features")


def _decimals(largest: float) -> int:
    """Return how many decimals show four digits of numbers up to a size."""
    return 3 if largest == 0 else int(np.clip(3 - np.floor(np.log10(largest)), 0, 6))


SECTION = Section("The data", 20, _build, _shared)
