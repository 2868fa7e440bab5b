"""Test whether convolution helps on images, with images that have no neighbours as control."""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.core.resource_meter import Meter
from aeviz.core.wording import plural
from aeviz.page.content import Figure, SectionContent, Split, Table, Text
from aeviz.page.figures import one_axes
from aeviz.page.wording import fixed, number
from aeviz.plots.rows import score_dots
from aeviz.tutorial._blocks import Entry, finding, mean_cell, overall, table, verdicts
from aeviz.tutorial._experiments import (
    cross_entropies,
    n_trainings,
    part_of,
    repeated,
    squared_errors,
)
from aeviz.tutorial._images import IMAGE_SHAPE, pixel_order
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

if TYPE_CHECKING:
    from aeviz.encoders import BaseAutoencoder

__all__ = ["CHAPTER"]

CODE_SIZE = 32
# Chosen for as many weights as the dense 784-128-64-32 has: 219 thousand.
FILTERS, HIDDEN_SIZES = (16, 32), (64,)
N_TRAINED = 10_000
EPOCHS = 40
DENSE, CONVOLUTIONAL = "dense", "convolutional"
AS_THEY_ARE, MOVED = "as they are", "pixels moved"

Rows = dict[tuple[str, str], dict[str, Any]]


def _measure(workshop: Workshop) -> Results:
    from aeviz.encoders.convolutional import ConvolutionalAutoencoder
    from aeviz.encoders.deep import DeepAutoencoder

    X, X_test = part_of(workshop.X, N_TRAINED, seed=workshop.seed), workshop.X_test
    order = pixel_order(X.shape[1], seed=workshop.seed)
    data = {AS_THEY_ARE: (X, X_test), MOVED: (X[:, order], X_test[:, order])}
    networks: dict[str, Callable[..., BaseAutoencoder]] = {
        DENSE: partial(DeepAutoencoder, CODE_SIZE),
        CONVOLUTIONAL: partial(
            ConvolutionalAutoencoder,
            CODE_SIZE,
            image_shape=IMAGE_SHAPE,
            filters=FILTERS,
            hidden_sizes=HIDDEN_SIZES,
        ),
    }
    epochs = workshop.epochs(EPOCHS)

    def train(images: str, kind: str, seed: int) -> dict[str, Any]:
        trained, held_out = data[images]
        # Moved pixels lie in memory by columns, where sums have other last digits than in a copy.
        with Meter() as meter:
            model = networks[kind](epochs=epochs, random_state=seed).fit(trained)
        given_back = model.inverse_transform(model.transform(held_out))
        return {
            "loss": float(cross_entropies(held_out, given_back).mean()),
            "squared_error": float(squared_errors(held_out, given_back).mean()),
            "seconds": meter.seconds,
            "n_weights": int(model.autoencoder_.count_params()),
        }

    cases = list(product(data, networks))
    trainings = {f"{kind}, {images}": partial(train, images, kind) for images, kind in cases}
    rows = [
        {"images": images, "kind": kind, **found, "n_weights": found["n_weights"][0]}
        for (images, kind), found in zip(cases, repeated(workshop, trainings), strict=True)
    ]
    numbers = {
        "rows": rows,
        "n_trained": len(X),
        "n_held_out": len(X_test),
        "epochs": epochs,
        "n_seeds": n_trainings(workshop.epochs_scale),
        "seed": workshop.seed,
    }
    return Results(numbers)


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    rows: Rows = {(row["images"], row["kind"]): row for row in numbers["rows"]}
    summary = (
        "The tutorial says that autoencoders for images are always convolutional, as these “simply "
        "perform much better”; its own has four times the code of the dense ones. Here both have "
        f"{CODE_SIZE} numbers and about as many weights, and both are trained once more on the "
        "same images with their pixels moved, all in the same way: then a pixel's neighbours are "
        "no neighbours, and what convolution knows of images should not help."
    )
    helps, moved_helps = (_is_lower(rows, images) for images in (AS_THEY_ARE, MOVED))
    fails = None if moved_helps is None else not moved_helps
    # Where no training tells them apart, convolution does not help either.
    if moved_helps is None and _gain(rows, MOVED) <= 0:
        fails = True
    findings = [
        finding(helps, "Convolution helps on images:", _losses(rows, AS_THEY_ARE)),
        finding(fails, "It does not with moved pixels:", _losses(rows, MOVED)),
    ]
    gain, moved = (
        f"{fixed(abs(gain), 1)} % {'lower' if gain > 0 else 'higher'}"
        for gain in (_gain(rows, AS_THEY_ARE), _gain(rows, MOVED))
    )
    answer = (
        "With codes of the same size and about as many weights its held-out loss is "
        f"{gain}, with moved pixels {moved}."
    )
    if overall((helps, fails)) is True:
        answer = (
            f"With codes of the same size and about as many weights its held-out loss is {gain}; "
            f"with moved pixels it is {moved}, so the gain comes of the neighbours."
        )
    how = (
        f"How: dense 784-128-64-{CODE_SIZE} against convolutions of "
        f"{' and '.join(map(str, FILTERS))} filters and a dense "
        f"layer of {HIDDEN_SIZES[0]} before the {CODE_SIZE} numbers, each with its mirror and its "
        f"own default learning rate, {plural(numbers['epochs'], 'epoch')} on "
        f"{numbers['n_trained']:,} training images, {plural(numbers['n_seeds'], 'training')} each "
        f"with seeds from {numbers['seed']} on. Moved pixels are in one random order, the same for "
        "all images. With equal epochs the convolutional network computes far more for its "
        "weights; larger networks or longer training may change the distance between the two."
    )
    told = verdicts("Does convolution help on images?", findings, answer, n_counted=1)
    return SectionContent(
        summary, [Split([told], [_figure(numbers)]), _table(numbers), Text([how])]
    )


def _gain(rows: Rows, images: str) -> float:
    """Return by how many per cent convolution lowers the held-out loss; below 0 it raises it."""
    ours, dense = (np.mean(rows[images, kind]["loss"]) for kind in (CONVOLUTIONAL, DENSE))
    return 100.0 * (1.0 - float(ours) / float(dense))


def _is_lower(rows: Rows, images: str) -> bool | None:
    """Return whether convolution is better in all trainings, in none, or neither (None)."""
    dense, convolutional = rows[images, DENSE]["loss"], rows[images, CONVOLUTIONAL]["loss"]
    if max(convolutional) < min(dense):
        return True
    return False if min(convolutional) >= max(dense) else None


def _losses(rows: Rows, images: str) -> str:
    ours, dense = (np.mean(rows[images, kind]["loss"]) for kind in (CONVOLUTIONAL, DENSE))
    return (
        f"held-out loss {fixed(float(ours), 4)} with convolution, {fixed(float(dense), 4)} "
        "without, nats per pixel"
    )


def _figure(numbers: dict[str, Any]) -> Figure:
    rows = numbers["rows"]
    names = [f"{row['kind']}, {row['images']}" for row in rows]
    values = [float(np.mean(row["loss"])) for row in rows]
    ranges = [(min(row["loss"]), max(row["loss"])) for row in rows]
    best = [i for i in (0, 2) if values[i] <= values[i + 1]]
    best += [i for i in (1, 3) if values[i] < values[i - 1]]

    def fill(ax: Any) -> None:
        score_dots(names, values, ranges, ax=ax, best=sorted(best))
        ax.set_xlabel("held-out loss, nats per pixel")

    draw = one_axes(508, 66 + 30 * len(rows), fill, left=190, right=16, top=8, bottom=44)
    told = "; ".join(f"{name} {fixed(v, 4)}" for name, v in zip(names, values, strict=True))
    trainings = plural(numbers["n_seeds"], "training")
    caption = f"Left is better. Dots are means, lines the range, of {trainings}."
    return Figure("claim_convolution", draw, f"Held-out loss: {told}.", caption, "Held-out loss")


def _table(numbers: dict[str, Any]) -> Table:
    heads: list[Entry] = [
        "Network",
        "Images",
        "Weights",
        ("Loss", "nats per pixel"),
        ("Squared error", "mean per pixel"),
        ("Training", "seconds"),
    ]
    rows = [
        [
            row["kind"],
            row["images"],
            f"{row['n_weights']:,}",
            mean_cell(row["loss"], 4),
            mean_cell(row["squared_error"], 4),
            number(round(float(np.median(row["seconds"])), 1)),
        ]
        for row in numbers["rows"]
    ]
    trainings = plural(numbers["n_seeds"], "training")
    caption = (
        f"On {numbers['n_held_out']:,} held-out images; means of {trainings} with their "
        "range below, and the median of the seconds, on the machine that made this page."
    )
    return table(heads, rows, caption, title="With and without convolution")


CHAPTER = Chapter("Convolution helps images", 150, _measure, _show)
