"""Section that shows how a denoising autoencoder removes noise from samples."""

from aeviz.page.content import Block, Gallery, SectionContent, Table, table
from aeviz.page.figures import image_band
from aeviz.page.wording import capitalised, method, number
from aeviz.report._samples import image_scale, of_encoders
from aeviz.report.sections.base import Section
from aeviz.runs.results import Denoising
from aeviz.runs.run import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent | None:
    present = of_encoders(run, run.denoising)
    if not present:
        return None
    errors = "; ".join(
        f"{method(kind)} from {number(one.noisy_error)} to {number(one.restored_error)}"
        for kind, one in present.items()
    )
    summary = (
        "Noise of the kind used in training is added to held-out samples, and the network "
        "reconstructs the clean samples. Mean squared error per feature, in prepared units: "
        f"{errors}."
    )
    build = _bands if run.data.is_image else _table
    blocks: list[Block] = [build(run, kind, one) for kind, one in present.items()]
    return SectionContent(summary, blocks)


def _bands(run: Run, kind: str, found: Denoising) -> Gallery:
    """Return rows of the same images: clean, with noise, restored."""
    scale, clean = image_scale(run), run.samples.X[: len(found.X)]
    alt = f"{len(clean)} held-out images."
    bands = [image_band(f"denoising_{kind}_clean", "Original", clean, alt, scale)]
    for name, title, X, error in (
        ("noisy", "With noise", found.noisy, found.noisy_error),
        ("restored", f"Restored by the {method(kind)}", found.X, found.restored_error),
    ):
        alt = f"{title}: {len(X)} held-out images; mean squared error {number(error)}."
        bands.append(image_band(f"denoising_{kind}_{name}", title, X, alt, scale, error=error))
    return Gallery(bands, n_columns=1, is_strips=True)


def _table(run: Run, kind: str, found: Denoising) -> Table:
    row = [capitalised(method(kind)), number(found.noisy_error), number(found.restored_error)]
    caption = "Mean squared error per feature of held-out samples."
    return table(["encoder", "with noise", "restored"], [row], caption)


SECTION = Section("Denoising", 45, _build)
