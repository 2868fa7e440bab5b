"""Walk through the tutorial's variational network: a latent plane to draw new images from."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from aeviz.encoders.networks.manifold import manifold
from aeviz.page.content import Figure, Gallery, SectionContent, Table
from aeviz.page.figures import one_axes
from aeviz.page.wording import fixed
from aeviz.plots.coloring import Coloring
from aeviz.plots.images import ImageScale
from aeviz.plots.images import manifold as draw_manifold
from aeviz.plots.maps import scatter
from aeviz.tutorial._blocks import Entry, class_key, table
from aeviz.tutorial._images import IMAGE_SHAPE
from aeviz.tutorial._model_blocks import OWNERS, model_blocks
from aeviz.tutorial._model_numbers import elbos, encoded, measure_models
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

PLANE_PX = 508


def _measure(workshop: Workshop) -> Results:
    results, X = measure_models(workshop, "variational"), workshop.X_test
    model, ours = workshop.published("variational"), workshop.ours("variational")
    planes = {"published": encoded(model, X), "ours": ours.transform(X)}
    grids = {"published": manifold(model.decode), "ours": manifold(ours.decode)}
    arrays = {**results.arrays, "test_label": workshop.y_test, "axis": grids["ours"]["axis"]}
    for owner in OWNERS:
        arrays[f"{owner}_plane"] = planes[owner]
        # One byte per pixel is all that can be seen.
        arrays[f"{owner}_grid"] = np.round(255 * grids[owner]["X"]).astype(np.uint8)
    return replace(results, arrays=arrays, numbers={**results.numbers, "elbo": elbos(workshop)})


def _show(results: Results) -> SectionContent:
    bounds = results.numbers["elbo"]
    published = bounds["published"]["negative_elbo"]
    summary = (
        "The encoder gives each image a normal distribution over a plane, from which the code is "
        "drawn, and the decoder draws an image for every point of the plane."
    )
    mistake = (
        "The published loss is not the evidence lower bound (ELBO) that it stands for. Its draws "
        "have the standard deviation exp(s), while its penalty takes s for the logarithm of a "
        "variance, and it averages the penalty over the two numbers of the code where the "
        "Kullback-Leibler divergence sums. Held to the bound that its draws imply, the published "
        f"network has {fixed(published, 2)} nats per image and aeviz’s "
        f"{fixed(bounds['ours']['negative_elbo'], 2)}; lower is better."
    )
    blocks = model_blocks("variational", results, mistake, reference=published)
    coloring = Coloring.of_classes(results.arrays["test_label"].astype(str))
    scatters = [_scatter(owner, results, coloring) for owner in OWNERS]
    grids = [_grid(owner, results) for owner in OWNERS]
    galleries = [Gallery(figures, n_columns=2) for figures in (scatters, grids)]
    return SectionContent(summary, [*blocks, _bounds(bounds), class_key(coloring), *galleries])


def _bounds(bounds: dict[str, dict[str, float]]) -> Table:
    measured = {
        "Negative ELBO": "negative_elbo",
        "Reconstruction": "reconstruction",
        "KL divergence": "kl",
    }
    units = ((name, "nats per image") for name in measured)
    heads: list[Entry] = ["Network", *units, "Active units"]
    rows = [
        [
            OWNERS[owner].replace("published", "Published"),
            *(fixed(bound[name], 2) for name in measured.values()),
            f"{bound['active_units']:.0f} of 2",
        ]
        for owner, bound in bounds.items()
    ]
    caption = (
        "Over the test images, by ten draws of each code. A unit is active if its mean varies over "
        "images by more than 0.01."
    )
    return table(heads, rows, caption, title="The bound, measured alike")


def _scatter(owner: str, results: Results, coloring: Coloring) -> Figure:
    plane = results.arrays[f"{owner}_plane"]

    def fill(ax: Any) -> None:
        scatter(plane, coloring, ax=ax, ticks=True)
        ax.set_xlabel("first latent dimension")
        ax.set_ylabel("second latent dimension")

    first, second = (fixed(float(value), 2) for value in plane.std(axis=0))
    caption = (
        f"Means of {len(plane):,} test images; standard deviations {first} and {second} along the "
        "axes."
    )
    return _figure(f"variational_plane_{owner}", fill, caption, f"Latent plane, {OWNERS[owner]}")


def _grid(owner: str, results: Results) -> Figure:
    X, axis = results.arrays[f"{owner}_grid"], results.arrays["axis"]
    scale = ImageScale(255 * results.arrays["original"], IMAGE_SHAPE)
    caption = (
        f"{len(axis)} × {len(axis)} points equally spaced in the probability of the normal prior, "
        f"from {fixed(float(axis[0]), 2)} to {fixed(float(axis[-1]), 2)} along each axis."
    )
    title = f"Drawn across the plane, {OWNERS[owner]}"
    return _figure(
        f"variational_grid_{owner}", lambda ax: draw_manifold(X, axis, scale, ax=ax), caption, title
    )


def _figure(name: str, fill: Callable[[Any], object], caption: str, title: str) -> Figure:
    draw = one_axes(PLANE_PX, PLANE_PX, fill, left=58, right=6, top=6, bottom=42)
    return Figure(name, draw, f"{title}: {caption}", caption, title)


CHAPTER = Chapter(
    "A variational autoencoder", 60, _measure, _show, needs=("published variational", "variational")
)
