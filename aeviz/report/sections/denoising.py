"""Section that shows how a denoising autoencoder removes noise from samples."""

from __future__ import annotations

import numpy as np

from aeviz.page.content import Block, Cell, Gallery, SectionContent, Table
from aeviz.page.figures import Band, image_bands
from aeviz.page.wording import capitalised, method, number
from aeviz.report._samples import image_scale
from aeviz.report.sections.base import Section
from aeviz.runs.run import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent | None:
    found = {kind: run.denoising(kind) for kind in run.encoders}
    present = {kind: arrays for kind, arrays in found.items() if arrays is not None}
    if not present:
        return None
    errors = "; ".join(
        f"{method(kind)} from {number(float(arrays['noisy_error']))} to "
        f"{number(float(arrays['restored_error']))}"
        for kind, arrays in present.items()
    )
    summary = (
        "Noise of the kind used in training is added to held-out samples, and the network "
        "reconstructs the clean samples. Mean squared error per feature, in prepared units: "
        f"{errors}."
    )
    build = _bands if run.data.is_image else _table
    blocks: list[Block] = [build(run, kind, arrays) for kind, arrays in present.items()]
    return SectionContent(summary, blocks)


def _bands(run: Run, kind: str, arrays: dict[str, np.ndarray]) -> Gallery:
    """Return rows of the same images: clean, with noise, restored."""
    clean = run.samples["X"][: len(arrays["X"])]
    bands = [Band(f"denoising_{kind}_clean", "Original", clean, f"{len(clean)} held-out images.")]
    for name, title, X in (
        ("noisy", "With noise", arrays["noisy"]),
        ("restored", f"Restored by the {method(kind)}", arrays["X"]),
    ):
        error = float(arrays[f"{name}_error"])
        alt = f"{title}: {len(X)} held-out images; mean squared error {number(error)}."
        bands.append(Band(f"denoising_{kind}_{name}", title, X, alt, error))
    return image_bands(bands, image_scale(run))


def _table(run: Run, kind: str, arrays: dict[str, np.ndarray]) -> Table:
    columns = [Cell("encoder"), Cell("with noise"), Cell("restored")]
    values = [number(float(arrays[f"{name}_error"])) for name in ("noisy", "restored")]
    row = [Cell(capitalised(method(kind))), *map(Cell, values)]
    return Table(columns, [row], caption="Mean squared error per feature of held-out samples.")


SECTION = Section("Denoising", 45, _build)
