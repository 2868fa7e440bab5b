"""Make the blocks of every model's chapter: images, curves of the loss, and a small table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from aeviz.page.content import Figure, Gallery, SectionContent, Split, Table, Text
from aeviz.page.figures import one_axes, strip
from aeviz.plots.images import ImageScale
from aeviz.plots.line_charts import loss_curves
from aeviz.tutorial._images import IMAGE_SHAPE
from aeviz.tutorial._model_numbers import measure_models
from aeviz.tutorial._tables import Entry, table
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop
from aeviz.tutorial.model_comparison import Comparison, compare, duration

__all__ = [
    "PUBLISHED_NETWORK",
    "figures_table",
    "losses",
    "model_blocks",
    "model_chapter",
    "strips",
]

PUBLISHED_NETWORK = "Published network"


def model_chapter(kind: str, title: str, order: int, summary: str, difference: str) -> Chapter:
    """Return the chapter of a model that shows the usual blocks only.

    Parameters
    ----------
    kind : str
    title : str
    order : int
    summary : str
    difference : str
        Paragraph on how aeviz's network differs from the published one.
    """

    def measure(workshop: Workshop) -> Results:
        return measure_models(workshop, kind)

    def show(results: Results) -> SectionContent:
        return SectionContent(summary, model_blocks(kind, results, difference))

    return Chapter(title, order, measure, show, needs=(f"published {kind}", kind))


def model_blocks(
    kind: str, results: Results, *sentences: str, reference: float | None = None
) -> tuple[Split, Gallery]:
    """Return a chapter's usual blocks: sentences, table and curves; reconstructions.

    Parameters
    ----------
    kind : str
    results : Results
        Of `measure_models`.
    *sentences : str
        Paragraphs after the two on how the losses compare.
    reference : float or None
        Loss that ours is compared with; None means the reproduced test loss.
    """
    told = compare(kind, results.numbers)
    paragraphs = [told.reproduction(), told.improvement(reference=reference), *sentences]
    return (
        Split([Text(paragraphs), figures_table(told)], [losses(told)]),
        strips(
            kind,
            {
                "Original": results.arrays["original"],
                PUBLISHED_NETWORK: results.arrays["published"],
                "aeviz": results.arrays["ours"],
            },
            facts={
                PUBLISHED_NETWORK: [("test loss", told.loss(told.here["test"]))],
                "aeviz": [("test loss", told.loss(told.ours["test"]))],
            },
        ),
    )


def figures_table(told: Comparison) -> Table:
    """Return the numbers of the published network, its reproduction and aeviz's encoder."""
    here, ours, whole = told.here, told.ours, told.published
    losses = (whole.train_loss, here["train"], ours["history"]["training"][-1])
    tested = (whole.test_loss, here["test"], ours["test"])
    seconds = (duration(numbers["seconds"]) for numbers in (here, ours))
    both = (here, here, ours)
    rows: list[list[Entry]] = [
        [("Test loss", told.unit), *map(told.loss, tested)],
        ["Training loss", *map(told.loss, losses)],
        ["Epochs", *map(str, (whole.epochs, here["epochs"], ours["epochs"]))],
        ["Numbers in the code", *(f"{numbers['code_size']:,}" for numbers in both)],
        ["Parameters", *(f"{numbers['n_parameters']:,}" for numbers in both)],
        ["Training time", "–", *seconds],
    ]
    heads = ("", "Published", "Reproduced", "aeviz")
    return table(heads, rows, f"The published network is {whole.network}.")


def losses(told: Comparison) -> Figure:
    """Return the curves of both trainings in one mosaic."""
    series: dict[str, Any] = {
        f"{owner}, {name}": values
        for owner, numbers in (("published", told.here), ("aeviz", told.ours))
        for name, values in numbers["history"].items()
    }

    def fill(ax: Any) -> None:
        loss_curves(series, ax=ax, ylabel=told.unit)

    draw = one_axes(508, 330, fill, left=62, right=12, top=10, bottom=40)
    alt = (
        f"Losses per epoch: the published network’s test loss falls to "
        f"{told.loss(told.here['test'])} {told.unit} in epoch {told.here['epochs']}, aeviz’s "
        f"training loss to {told.loss(told.ours['history']['training'][-1])} in epoch "
        f"{told.ours['epochs']}."
    )
    caption = (
        "Held out: images that aeviz sets aside from the training images, to choose the best epoch."
    )
    return Figure(f"losses_{told.kind}", draw, alt, caption, "Loss after every epoch")


def strips(
    name: str,
    bands: Mapping[str, np.ndarray],
    *,
    facts: Mapping[str, list[tuple[str, str]]] | None = None,
) -> Gallery:
    """Return rows of images, titled by their keys; the first are the originals.

    Parameters
    ----------
    name : str
        Prefix of the figures' names.
    bands : mapping of str to ndarray of shape (n_images, 784)
    facts : mapping of str to list of (name, value), or None
        Facts next to a row.
    """
    scale = ImageScale(next(iter(bands.values())), IMAGE_SHAPE)
    figures = []
    for i, (title, X) in enumerate(bands.items()):
        beside = (facts or {}).get(title, [])
        told = "".join(f"; {fact} {value}" for fact, value in beside)
        alt = f"{title}: {len(X)} test images{told}."
        figures.append(Figure(f"{name}_{i + 1}", strip(X, scale), alt, title=title, facts=beside))
    return Gallery(figures, n_columns=1, is_strips=True)
