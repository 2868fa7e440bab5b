"""Section with the samples of the largest reconstruction error, per encoder."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.page.content import Block, Cell, Figure, Gallery, SectionContent, Table
from aeviz.page.wording import capitalised, fixed, method, number
from aeviz.plots.image_lists import Outlier, outlier_images
from aeviz.plots.theme import Theme
from aeviz.report._samples import SampleNames, features_apart, image_scale, ranked
from aeviz.report.sections.base import Section
from aeviz.runs.results import Outliers
from aeviz.runs.run import Run

__all__ = ["SECTION"]

RECONSTRUCTED = "reconstructed as"


def _build(run: Run) -> SectionContent | None:
    if run.faithfulness is None:
        return None
    kept = {kind: run.outliers(kind) for kind in run.encoders}
    present = {kind: arrays for kind, arrays in kept.items() if arrays is not None}
    if not present:
        return None
    names = SampleNames(run)
    summary = (
        "The samples with the largest reconstruction errors of all, largest first: rare, damaged "
        "or mislabelled samples, or a kind that the encoder has not learnt. Errors are mean "
        "squared errors per feature, in prepared units."
    )
    blocks: list[Block]
    if run.data.is_image:
        summary += " At the right of each image is its reconstruction."
        figures = [_sheet(run, kind, arrays, names) for kind, arrays in present.items()]
        blocks = [Gallery(figures, n_columns=2)]
    else:
        blocks = [_table(run, kind, arrays, names) for kind, arrays in present.items()]
    return SectionContent(summary, blocks)


def _errors(run: Run, kind: str) -> np.ndarray:
    return run.embeddings[f"{kind}_error"].to_numpy()


def _caption(run: Run, kind: str, rows: np.ndarray, names: SampleNames) -> str:
    """Return the range of the errors, next to their median over all samples."""
    errors = _errors(run, kind)
    median = float(np.median(errors))
    n_held_out = sum(names.is_held_out(row) for row in rows)
    text = f"Errors from {number(errors[rows[0]])} down to {number(errors[rows[-1]])}"
    if median > 0:
        text += (
            f", {_times(errors[rows[0]] / median)} to {_times(errors[rows[-1]] / median)} the "
            f"median of {number(median)}"
        )
    return f"{text}. {n_held_out} of these {len(rows)} were held out from training."


def _times(ratio: float) -> str:
    return f"{fixed(ratio, 1)} times"


def _sheet(run: Run, kind: str, arrays: Outliers, names: SampleNames) -> Figure:
    """Return the list as images, each next to its reconstruction."""
    rows, scale, errors = arrays.rows, image_scale(run), _errors(run, kind)
    originals = run.kept_samples(rows)
    shown = [
        Outlier(names.full(row), f"error {number(errors[row])}", original, back)
        for row, original, back in zip(rows, originals, arrays.X, strict=True)
    ]

    def draw(theme: Theme) -> Any:
        return outlier_images(shown, scale)

    words = "; ".join(f"{one.name}, {one.about}" for one in shown)
    return Figure(
        f"outliers_{kind}",
        draw,
        f"Samples with the largest errors of {method(kind)}, with their reconstructions: {words}.",
        _caption(run, kind, rows, names),
        capitalised(method(kind)),
        has_photos=scale.shape[2] >= 3,
    )


def _table(run: Run, kind: str, arrays: Outliers, names: SampleNames) -> Table:
    """Return the list as a table with the features of the largest errors."""
    errors, originals = _errors(run, kind), run.kept_samples(arrays.rows)
    columns = [Cell("Sample"), Cell("Error"), *ranked("Largest error in", run)]
    rows = [
        [
            names.cell(row),
            Cell(number(errors[row]), "held out" if names.is_held_out(row) else "training"),
            *features_apart(
                run, original, {"reconstructed as": back}, from_what="reconstructed as"
            ),
        ]
        for row, original, back in zip(arrays.rows, originals, arrays.X, strict=True)
    ]
    caption = _caption(run, kind, arrays.rows, names)
    return Table(columns, rows, caption, title=capitalised(method(kind)), is_text=True)


SECTION = Section("Outliers", 42, _build)
