"""Show what a denoising autoencoder makes of samples with noise on them."""

from __future__ import annotations

from aeviz.page.content import Block, Cell, Figure, Gallery, SectionContent, Table
from aeviz.page.image_strips import strip
from aeviz.page.wording import capitalised, method, number
from aeviz.plots.images import ImageScale
from aeviz.report.sections.base import Section
from aeviz.runs.results import Denoising
from aeviz.runs.run import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent | None:
    found = {kind: run.denoising(kind) for kind in run.encoders}
    present = {kind: one for kind, one in found.items() if one is not None}
    if not present:
        return None
    told = "; ".join(
        f"{method(kind)} from {number(one.noisy_error)} to {number(one.restored_error)}"
        for kind, one in present.items()
    )
    summary = (
        "Noise of the kind trained on is put on held-out samples, and the network gives back what "
        f"it takes for the clean sample. Mean squared error a feature, in prepared units: {told}."
    )
    blocks: list[Block] = []
    for kind, one in present.items():
        blocks.append(_strips(run, kind, one) if run.data.is_image else _table(kind, one))
    return SectionContent(summary, blocks)


def _strips(run: Run, kind: str, found: Denoising) -> Gallery:
    """Return bands of the same images: clean, with noise, restored."""
    shape = run.data.image_shape or (1, 1, 1)
    clean = run.samples.X[: len(found.X)]
    scale = ImageScale(run.samples.X, shape)
    bands = [
        ("clean", "Original", clean, None),
        ("noisy", "With noise", found.noisy, found.noisy_error),
        ("restored", f"Restored by the {method(kind)}", found.X, found.restored_error),
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


def _table(kind: str, found: Denoising) -> Table:
    columns = [Cell("encoder"), Cell("with noise"), Cell("restored")]
    values = [number(error) for error in (found.noisy_error, found.restored_error)]
    row = [Cell(capitalised(method(kind))), *map(Cell, values)]
    return Table(columns, [row], caption="Mean squared error a feature of held-out samples.")


SECTION = Section("Denoising", 45, _build)
