"""Show the data themselves: their shape, their classes, and samples of them."""

from __future__ import annotations

from typing import Any

from aeviz.plots.images import image_grid
from aeviz.report._canvas import canvas
from aeviz.report._content import Cell, Facts, Figure, Section, SectionContent, Table, Text
from aeviz.report._words import number
from aeviz.runs import Run

__all__ = ["SECTION"]

MOST_FEATURES, MOST_CLASSES, N_COLUMNS = 20, 40, 20


def _build(run: Run) -> SectionContent:
    data = run.data
    facts = [
        ("Samples", f"{data.n_samples:,} ({data.n_train:,} training, {data.n_test:,} held out)"),
        ("Features", f"{data.n_features:,}"),
        ("Scaling", _scaling(data.scaling)),
        ("Labels", _labels(run)),
    ]
    if data.image_shape is not None:
        facts.insert(2, ("Images", _size(data.image_shape)))
    blocks: list[Any] = [Facts(facts)]
    if data.notes:
        blocks.append(Text(data.notes))
    blocks.append(_samples(run) if data.is_image else _features(run))
    if data.class_names and 1 < len(data.class_names) <= MOST_CLASSES:
        blocks.append(_classes(run))
    return SectionContent("What went in, before anything was learnt.", blocks)


def _size(shape: tuple[int, int, int]) -> str:
    height, width, n_channels = shape
    colours = "grey" if n_channels == 1 else f"{n_channels} channels"
    return f"{height} × {width} pixels, {colours}"


def _scaling(kind: str) -> str:
    if kind == "unit":
        return "values in [0, 1], for all features alike"
    return "each feature to mean 0 and deviation 1, as in the training samples"


def _labels(run: Run) -> str:
    if run.data.label_kind == "classes":
        return f"{len(run.data.class_names or [])} classes"
    return "a continuous target" if run.data.label_kind else "none"


def _classes(run: Run) -> Table:
    table = run.embeddings
    counts = table.groupby("label")["split"].value_counts().unstack(fill_value=0)
    rows = []
    for name in run.data.class_names or []:
        of_class = counts.loc[name]
        train, test = int(of_class.get("train", 0)), int(of_class.get("test", 0))
        share = f"{(train + test) / len(table):.1%}"
        rows.append([Cell(name), Cell(f"{train:,}"), Cell(f"{test:,}"), Cell(share)])
    return Table(["Class", "Training", "Held out", "Share"], rows, caption="Samples by class")


def _samples(run: Run) -> Figure:
    shape = run.data.image_shape or (1, 1, 1)
    X = run.samples["X"]
    # The first ten have a figure of their own; leave them out where there are others.
    X = X[10:] if len(X) >= 10 + N_COLUMNS else X
    n_columns = min(N_COLUMNS, len(X))
    n_rows = min(len(X) // n_columns, 4)
    images = X[: n_rows * n_columns].reshape(n_rows, n_columns, *shape)

    def draw(theme: Any) -> Any:
        figure, ax = canvas(width=10, height=10 * n_rows / n_columns * shape[0] / shape[1] + 0.1)
        image_grid(images, ax=ax)
        return figure

    alt = f"{n_rows * n_columns} samples as images, of every class in its share."
    caption = f"{n_rows * n_columns} samples, of every class in its share."
    return Figure("samples", draw, alt, caption, is_wide=True)


def _features(run: Run) -> Table:
    names = run.data.feature_names or [f"feature {i}" for i in range(run.data.n_features)]
    columns = [run.samples[name] for name in ("mean", "deviation", "smallest", "largest")]
    rows = [
        [Cell(name), *(Cell(number(float(column[i]))) for column in columns)]
        for i, name in enumerate(names[:MOST_FEATURES])
    ]
    more = f", the first {MOST_FEATURES} of {len(names):,}" if len(names) > MOST_FEATURES else ""
    return Table(
        ["Feature", "Mean", "Deviation", "Smallest", "Largest"],
        rows,
        caption=f"Features in the units of the source{more}",
    )


SECTION = Section("The data", 20, _build)
