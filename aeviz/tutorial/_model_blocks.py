"""Make the blocks of every model's chapter: images, curves of the loss, and a small table."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from aeviz.page.content import Figure, Gallery, SectionContent, Split, Table, Text
from aeviz.page.figures import one_axes, strip
from aeviz.plots.images import ImageScale
from aeviz.plots.line_charts import loss_curves
from aeviz.tutorial._blocks import Entry, table
from aeviz.tutorial._images import IMAGE_SHAPE
from aeviz.tutorial._model_numbers import measure_models
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop
from aeviz.tutorial.model_comparison import Comparison, compare, duration

__all__ = ["OWNERS", "model_blocks", "model_chapter"]

# Whose network is which, in sentences.
OWNERS = {"published": "published network", "ours": "aeviz"}
# Arrays that are shown as rows of images, with their titles.
_ROWS = {
    "original": "Original",
    "noisy": "With noise",
    "published": "Published network",
    "ours": "aeviz",
}


def model_chapter(kind: str, title: str, order: int, summary: str, difference: str) -> Chapter:
    """Return the chapter of a model that shows the usual blocks only.

    `difference` is a paragraph on how aeviz's network differs from the published one.
    """

    def measure(workshop: Workshop) -> Results:
        return measure_models(workshop, kind)

    def show(results: Results) -> SectionContent:
        return SectionContent(summary, model_blocks(kind, results, difference))

    return Chapter(title, order, measure, show, needs=(f"published {kind}", kind))


def model_blocks(
    kind: str,
    results: Results,
    *sentences: str,
    reference: float | None = None,
    facts: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[Split, Gallery]:
    """Return a chapter's usual blocks: sentences, table and curves; reconstructions.

    The chapter's own sentences come after the two on how the losses compare. `reference` is the
    loss that ours is compared with, in place of the reproduced test loss; `facts` are names and
    values next to the images of an array, in place of the test losses.
    """
    told = compare(kind, results.numbers)
    paragraphs = [told.reproduction(), told.improvement(reference=reference), *sentences]
    if facts is None:
        losses = {"published": told.here["test"], "ours": told.ours["test"]}
        facts = {name: ("test loss", told.loss(value)) for name, value in losses.items()}
    return (
        Split([Text(paragraphs), _table(told)], [_losses(told)]),
        _images(kind, results.arrays, facts),
    )


def _table(told: Comparison) -> Table:
    """Return the numbers of the published network, its reproduction and aeviz's encoder."""
    here, ours, whole = told.here, told.ours, told.published
    losses = (whole.train_loss, here["train"], ours["history"]["training"][-1])
    both = (here, here, ours)
    rows: list[list[Entry]] = [
        [("Test loss", told.unit), *map(told.loss, (whole.test_loss, here["test"], ours["test"]))],
        ["Training loss", *map(told.loss, losses)],
        ["Epochs", *map(str, (whole.epochs, here["epochs"], ours["epochs"]))],
        ["Numbers in the code", *(f"{numbers['code_size']:,}" for numbers in both)],
        ["Parameters", *(f"{numbers['n_parameters']:,}" for numbers in both)],
        ["Training time", "–", duration(here["seconds"]), duration(ours["seconds"])],
    ]
    heads = ("", "Published", "Reproduced", "aeviz")
    return table(heads, rows, f"The published network is {whole.network}.")


def _losses(told: Comparison) -> Figure:
    """Return the curves of both trainings in one mosaic."""
    here, ours = told.here, told.ours
    series: dict[str, Any] = {
        f"{owner}, {name}": values
        for owner, numbers in (("published", here), ("aeviz", ours))
        for name, values in numbers["history"].items()
    }
    alt = (
        f"Losses per epoch: the published network’s test loss falls to {told.loss(here['test'])} "
        f"{told.unit} in epoch {here['epochs']}, aeviz’s training loss to "
        f"{told.loss(ours['history']['training'][-1])} in epoch {ours['epochs']}."
    )
    caption = (
        "Held out: images that aeviz sets aside from the training images, to choose the best epoch."
    )
    margins = {"left": 62, "right": 12, "top": 10, "bottom": 40}
    draw = one_axes(508, 330, lambda ax: loss_curves(series, ax=ax, ylabel=told.unit), **margins)
    return Figure(f"losses_{told.kind}", draw, alt, caption, "Loss after every epoch")


def _images(
    kind: str, arrays: Mapping[str, np.ndarray], facts: Mapping[str, tuple[str, str]]
) -> Gallery:
    """Return rows of images, the originals first."""
    scale = ImageScale(arrays["original"], IMAGE_SHAPE)
    figures: list[Figure] = []
    for name in (name for name in _ROWS if name in arrays):
        X, title, beside = arrays[name], _ROWS[name], [facts[name]] if name in facts else []
        told = "".join(f"; {fact} {value}" for fact, value in beside)
        alt, file_name = f"{title}: {len(X)} test images{told}.", f"{kind}_{len(figures) + 1}"
        figures.append(Figure(file_name, strip(X, scale), alt, title=title, facts=beside))
    return Gallery(figures, n_columns=1, is_strips=True)
