"""Show what a denoising autoencoder makes of samples with noise on them."""

from __future__ import annotations

import numpy as np

from aeviz.page.content import Block, Cell, Figure, Gallery, SectionContent, Table
from aeviz.page.image_strips import strip
from aeviz.page.wording import capitalised, method, number
from aeviz.plots.images import ImageScale
from aeviz.report.sections.base import Section
from aeviz.runs.run import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent | None:
    found = {kind: run.denoising(kind) for kind in run.encoders}
    present = {kind: arrays for kind, arrays in found.items() if arrays is not None}
    if not present:
        return None
    told = "; ".join(
        f"{method(kind)} from {number(float(arrays['noisy_error']))} to "
        f"{number(float(arrays['restored_error']))}"
        for kind, arrays in present.items()
    )
    summary = (
        "Noise of the kind trained on is put on held-out samples, and the network gives back what "
        f"it takes for the clean sample. Mean squared error a feature, in prepared units: {told}."
    )
    blocks: list[Block] = []
    for kind, arrays in present.items():
        blocks.append(_strips(run, kind, arrays) if run.data.is_image else _table(kind, arrays))
    return SectionContent(summary, blocks)


def _strips(run: Run, kind: str, arrays: dict[str, np.ndarray]) -> Gallery:
    """Return bands of the same images: clean, with noise, restored."""
    shape = run.data.image_shape or (1, 1, 1)
    clean = run.samples["X"][: len(arrays["X"])]
    scale = ImageScale(run.samples["X"], shape)
    errors = {name: float(arrays[f"{name}_error"]) for name in ("noisy", "restored")}
    bands = [
        ("clean", "Original", clean, None),
        ("noisy", "With noise", arrays["noisy"], errors["noisy"]),
        ("restored", f"Restored by the {method(kind)}", arrays["X"], errors["restored"]),
    ]
    figures = []
    for name, title, X, error in bands:
        alt = f"{title}: {len(X)} held-out images"
        figures.append(
            Figure(
                f"denoising_{kind}_{name}",
                strip(X, scale),
                f"{alt}." if error is None else f"{alt}; mean squared error {number(error)}.",
                title=title,
                facts=[] if error is None else [("error", number(error))],
                has_photos=shape[2] >= 3,
            )
        )
    return Gallery(figures, n_columns=1, is_strips=True)


def _table(kind: str, arrays: dict[str, np.ndarray]) -> Table:
    columns = [Cell("encoder"), Cell("with noise"), Cell("restored")]
    values = [number(float(arrays[f"{name}_error"])) for name in ("noisy", "restored")]
    row = [Cell(capitalised(method(kind))), *map(Cell, values)]
    return Table(columns, [row], caption="Mean squared error a feature of held-out samples.")


SECTION = Section("Denoising", 45, _build)
