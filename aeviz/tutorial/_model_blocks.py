"""Lay out what every model's chapter shows: images, curves of the loss, and a small table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from aeviz.page.content import Cell, Figure, Gallery, Split, Table, Text
from aeviz.page.figures import strip
from aeviz.plots.curves import curves
from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.images import ImageScale
from aeviz.plots.theme import Theme
from aeviz.tutorial._images import IMAGE_SHAPE
from aeviz.tutorial.chapters.base import Results
from aeviz.tutorial.model_comparison import Comparison, compare, duration

__all__ = ["PUBLISHED_NETWORK", "figures_table", "losses", "pair_blocks", "strips"]

PUBLISHED_NETWORK = "Published network"


def pair_blocks(
    kind: str, results: Results, *sentences: str, yardstick: float | None = None
) -> tuple[Split, Gallery]:
    """Return a chapter's usual blocks: sentences, table and curves; reconstructions.

    Parameters
    ----------
    kind : str
    results : Results
        Of `measure_pair`.
    *sentences : str
        Paragraphs after the two on how the losses compare.
    yardstick : float or None
        What our loss is held against; None is the reproduced test loss.
    """
    told = compare(kind, results.numbers)
    paragraphs = [told.reproduction(), told.improvement(yardstick=yardstick), *sentences]
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
    """Return what was published, what came of it here, and what aeviz makes of it."""
    here, ours = told.here, told.ours
    columns = [Cell(""), Cell("Published"), Cell("Reproduced"), Cell("aeviz")]
    whole = told.published
    rows = [
        [
            Cell("Test loss", told.unit),
            Cell(told.loss(whole.test_loss)),
            Cell(told.loss(here["test"])),
            Cell(told.loss(ours["test"])),
        ],
        [
            Cell("Training loss"),
            Cell(told.loss(whole.train_loss)),
            Cell(told.loss(here["train"])),
            Cell(told.loss(ours["history"]["training"][-1])),
        ],
        [
            Cell("Epochs"),
            Cell(str(whole.epochs)),
            Cell(str(here["epochs"])),
            Cell(str(ours["epochs"])),
        ],
        [
            Cell("Numbers in the code"),
            Cell(f"{here['code_size']:,}"),
            Cell(f"{here['code_size']:,}"),
            Cell(f"{ours['code_size']:,}"),
        ],
        [
            Cell("Parameters"),
            Cell(f"{here['n_parameters']:,}"),
            Cell(f"{here['n_parameters']:,}"),
            Cell(f"{ours['n_parameters']:,}"),
        ],
        [
            Cell("Training time"),
            Cell("–"),
            Cell(duration(here["seconds"])),
            Cell(duration(ours["seconds"])),
        ],
    ]
    return Table(columns, rows, f"The published network is {whole.network}.")


def losses(told: Comparison) -> Figure:
    """Return the curves of both trainings in one picture."""
    series: dict[str, Any] = {
        f"{owner}, {name}": values
        for owner, numbers in (("published", told.here), ("aeviz", told.ours))
        for name, values in numbers["history"].items()
    }

    def draw(theme: Theme) -> Any:
        figure = new_figure(508, 330)
        ax = pixel_axes(figure, left=62, right=12, top=10, bottom=40)
        curves(series, ax=ax, ylabel=told.unit)
        return figure

    alt = (
        f"Losses an epoch: the published network’s test loss falls to "
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
    """Return bands of images under each other, titled by their keys; the first are originals.

    Parameters
    ----------
    name : str
        What the figures' names begin with.
    bands : mapping of str to ndarray of shape (n_images, 784)
    facts : mapping of str to list of (name, value), or None
        What stands beside a band.
    """
    scale = ImageScale(next(iter(bands.values())), IMAGE_SHAPE)
    figures = []
    for i, (title, X) in enumerate(bands.items()):
        beside = (facts or {}).get(title, [])
        told = "".join(f"; {fact} {value}" for fact, value in beside)
        alt = f"{title}: {len(X)} test images{told}."
        figures.append(Figure(f"{name}_{i + 1}", strip(X, scale), alt, title=title, facts=beside))
    return Gallery(figures, n_columns=1, is_strips=True)
