"""Test whether convolution helps on images, with images that have no neighbours as control."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from aeviz.core.wording import plural
from aeviz.page.content import (
    Figure,
    SectionContent,
    Split,
    Table,
    Text,
)
from aeviz.page.figures import one_axes
from aeviz.page.wording import fixed, number
from aeviz.plots.rows import score_dots
from aeviz.tutorial._errors import cross_entropies, n_trainings, part_of, squared_errors
from aeviz.tutorial._findings import Finding, finding, overall, verdicts
from aeviz.tutorial._image_sets import pixel_order
from aeviz.tutorial._tables import mean_cell, table
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZE = 32
IMAGE_SHAPE = (28, 28, 1)
# Chosen for as many weights as the dense 784-128-64-32 has: 219 thousand.
FILTERS, HIDDEN_SIZES = (16, 32), (64,)
N_TRAINED = 10_000
EPOCHS = 40
DENSE, CONVOLUTIONAL = "dense", "convolutional"
AS_THEY_ARE, MOVED = "as they are", "pixels moved"


def _measure(workshop: Workshop) -> Results:
    X = part_of(workshop.X, N_TRAINED, seed=workshop.seed)
    order = pixel_order(X.shape[1], seed=workshop.seed)
    data = {
        AS_THEY_ARE: (X, workshop.X_test),
        MOVED: (X[:, order], workshop.X_test[:, order]),
    }
    epochs = workshop.epochs(EPOCHS)
    n_seeds = n_trainings(workshop.epochs_scale)
    rows: list[dict[str, Any]] = []
    for images, (train, test) in data.items():
        for kind in (DENSE, CONVOLUTIONAL):
            row: dict[str, Any] = {"images": images, "kind": kind}
            row |= {"loss": [], "squared_error": [], "seconds": []}
            for j in range(n_seeds):
                done = len(rows) * n_seeds + j
                workshop.update(done, 4 * n_seeds, f"{kind}, {images}, training {j + 1}")
                begun = time.perf_counter()
                model = _network(kind, epochs, workshop.seed + j).fit(train)
                row["seconds"].append(time.perf_counter() - begun)
                given_back = model.inverse_transform(model.transform(test))
                row["loss"].append(float(cross_entropies(test, given_back).mean()))
                row["squared_error"].append(float(squared_errors(test, given_back).mean()))
                row["n_weights"] = int(model.autoencoder_.count_params())
            rows.append(row)
    numbers = {
        "rows": rows,
        "n_trained": len(X),
        "n_held_out": len(workshop.X_test),
        "epochs": epochs,
        "n_seeds": n_seeds,
        "seed": workshop.seed,
    }
    return Results(numbers)


def _network(kind: str, epochs: int, seed: int) -> Any:
    from aeviz.encoders.convolutional import ConvolutionalAutoencoder
    from aeviz.encoders.deep import DeepAutoencoder

    if kind == DENSE:
        return DeepAutoencoder(CODE_SIZE, epochs=epochs, random_state=seed)
    return ConvolutionalAutoencoder(
        CODE_SIZE,
        image_shape=IMAGE_SHAPE,
        filters=FILTERS,
        hidden_sizes=HIDDEN_SIZES,
        epochs=epochs,
        random_state=seed,
    )


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    rows = {(row["images"], row["kind"]): row for row in numbers["rows"]}
    summary = (
        "The tutorial says that autoencoders for images are always convolutional, as these “simply "
        "perform much better”; its own has four times the code of the dense ones. Here both have "
        f"{CODE_SIZE} numbers and about as many weights, and both are trained once more on the "
        "same images with their pixels moved, all in the same way: then a pixel's neighbours are "
        "no neighbours, and what convolution knows of images should not help."
    )
    findings = [_helps(rows), _control(rows)]
    control = overall(one.holds for one in findings)
    question = "Does convolution help on images?"
    answer = verdicts(question, findings, _answer(rows, control), n_counted=1)
    return SectionContent(
        summary, [Split([answer], [_figure(numbers)]), _table(numbers), Text([_how(numbers)])]
    )


def _mean(rows: dict[Any, Any], images: str, kind: str) -> float:
    return float(np.mean(rows[images, kind]["loss"]))


def _gain(rows: dict[Any, Any], images: str) -> float:
    """Return by how many per cent convolution lowers the held-out loss; below 0 it raises it."""
    return 100.0 * (1.0 - _mean(rows, images, CONVOLUTIONAL) / _mean(rows, images, DENSE))


def _is_lower(rows: dict[Any, Any], images: str) -> bool | None:
    """Return whether convolution is better in all trainings, in none, or neither (None)."""
    dense, convolutional = rows[images, DENSE]["loss"], rows[images, CONVOLUTIONAL]["loss"]
    if max(convolutional) < min(dense):
        return True
    return False if min(convolutional) >= max(dense) else None


def _losses(rows: dict[Any, Any], images: str) -> str:
    return (
        f"held-out loss {fixed(_mean(rows, images, CONVOLUTIONAL), 4)} with convolution, "
        f"{fixed(_mean(rows, images, DENSE), 4)} without, nats per pixel"
    )


def _helps(rows: dict[Any, Any]) -> Finding:
    holds = _is_lower(rows, AS_THEY_ARE)
    return finding(holds, "Convolution helps on images:", _losses(rows, AS_THEY_ARE))


def _control(rows: dict[Any, Any]) -> Finding:
    lower = _is_lower(rows, MOVED)
    holds = {True: False, False: True, None: None}[lower]
    # Where no training tells them apart, convolution does not help either.
    if lower is None and _gain(rows, MOVED) <= 0:
        holds = True
    return finding(holds, "It does not with moved pixels:", _losses(rows, MOVED))


def _answer(rows: dict[Any, Any], control: bool | None) -> str:
    gain, moved = _gain(rows, AS_THEY_ARE), _gain(rows, MOVED)
    word = "lower" if gain > 0 else "higher"
    told = (
        f"With codes of the same size and about as many weights its held-out loss is "
        f"{fixed(abs(gain), 1)} % {word}"
    )
    other = f"{fixed(abs(moved), 1)} % {'lower' if moved > 0 else 'higher'}"
    if control is True:
        return f"{told}; with moved pixels it is {other}, so the gain comes of the neighbours."
    return f"{told}, with moved pixels {other}."


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
    columns = ("Network", "Images", "Weights", "Loss", "Squared error", "Training")
    notes = ("", "", "", "nats per pixel", "mean per pixel", "seconds")
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
    heads = list(zip(columns, notes, strict=True))
    return table(heads, rows, caption, title="With and without convolution")


def _how(numbers: dict[str, Any]) -> str:
    filters = " and ".join(map(str, FILTERS))
    return (
        f"How: dense 784-128-64-{CODE_SIZE} against convolutions of {filters} filters and a dense "
        f"layer of {HIDDEN_SIZES[0]} before the {CODE_SIZE} numbers, each with its mirror and its "
        f"own default learning rate, {plural(numbers['epochs'], 'epoch')} on "
        f"{numbers['n_trained']:,} training images, {plural(numbers['n_seeds'], 'training')} each "
        f"with seeds from {numbers['seed']} on. Moved pixels are in one random order, the same for "
        "all images. With equal epochs the convolutional network computes far more for its "
        "weights; larger networks or longer training may change the distance between the two."
    )


CHAPTER = Chapter("Convolution helps images", 150, _measure, _show)
