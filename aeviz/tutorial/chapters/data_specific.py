"""Test whether an autoencoder compresses only data like those that it was trained on."""

from typing import Any

import numpy as np

from aeviz.core.wording import plural
from aeviz.encoders import Encoder
from aeviz.page.content import Cell, Figure, Gallery, SectionContent, Split, Table, Text
from aeviz.page.figures import one_axes, strip
from aeviz.page.wording import capitalised, fixed, joined, number
from aeviz.plots.images import ImageScale
from aeviz.plots.rows import feature_dots
from aeviz.tutorial._blocks import Entry, Finding, finding, percent, table, verdicts
from aeviz.tutorial._experiments import (
    epochs_of_equal_updates,
    reconstructed,
    squared_errors,
)
from aeviz.tutorial._images import IMAGE_SHAPE, image_sets
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZE = 32
N_TRAINED, N_HELD_OUT = 20_000, 2_000
EPOCHS = 60
N_SHOWN = 2

MEAN_IMAGE = "mean image"
MNIST_AE, MNIST_PCA = "autoencoder of MNIST", "PCA of MNIST"
OWN_AE, OWN_PCA = "autoencoder of its own", "PCA of its own"
METHODS = (MNIST_AE, MNIST_PCA, OWN_AE, OWN_PCA)

# How much of what an autoencoder of their own keeps of images one of MNIST keeps, at most,
# where images count as not compressed, and at least, where they count as compressed.
POOR_SHARE, GOOD_SHARE = 0.5, 0.9


def _measure(workshop: Workshop) -> Results:
    from aeviz.encoders.deep import DeepAutoencoder
    from aeviz.encoders.pca import PCAEncoder

    def pca_of(X: np.ndarray) -> Encoder:
        # Moved pixels lie in memory by columns, where sums have other last digits than in a copy.
        return PCAEncoder(CODE_SIZE, random_state=workshop.seed).fit(X)

    ours, pca = workshop.ours("deep"), pca_of(workshop.X)
    rows: list[dict[str, Any]] = []
    images: dict[str, list[np.ndarray]] = {name: [] for name in ("original", *METHODS)}
    for i, one in enumerate(image_sets(workshop, n_trained=N_TRAINED, n_held_out=N_HELD_OUT)):
        workshop.update(i, 5, one.name)
        own, own_pca, n_trained = ours, pca_of(one.X), len(workshop.X)
        if i > 0:
            n_trained = len(one.X)
            epochs = epochs_of_equal_updates(workshop.epochs(EPOCHS), n_trained, N_TRAINED)
            own = DeepAutoencoder(CODE_SIZE, epochs=epochs, random_state=workshop.seed).fit(one.X)
        encoders: list[Encoder] = [ours, pca, own, own_pca]
        shown = {
            name: reconstructed(encoder, one.X_test)
            for name, encoder in zip(METHODS, encoders, strict=True)
        }
        given_back = {**shown, MEAN_IMAGE: one.X.mean(axis=0)}
        errors = {
            name: float(squared_errors(one.X_test, X).mean()) for name, X in given_back.items()
        }
        rows.append(
            {
                "name": one.name,
                "errors": errors,
                "n_trained": n_trained,
                "n_held_out": len(one.X_test),
                "epochs": len(own.history_["loss"]),
            }
        )
        for name, X in {"original": one.X_test, **shown}.items():
            images[name].append(X[:N_SHOWN])
    numbers = {"rows": rows, "seed": workshop.seed, "code_size": int(ours.code_size_)}
    return Results(numbers, {name: np.concatenate(parts) for name, parts in images.items()})


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers, rows = results.numbers, results.numbers["rows"]
    summary = (
        "The tutorial calls autoencoders “data-specific”: one trained on faces would do a poor job "
        f"of trees. Here the deep autoencoder of MNIST has to carry other images of 28 × 28 pixels "
        f"in its {numbers['code_size']} numbers, next to PCA of MNIST, and beside an autoencoder "
        "and a PCA of those very images. What PCA loses in the same way is no property of "
        "autoencoders."
    )
    question = "Does an autoencoder compress only data like its training data?"
    answer = verdicts(question, [_finding(row) for row in rows[1:]], _answer(rows[1:]))
    trained = "; ".join(
        f"{row['name']} on {row['n_trained']:,} images for {plural(row['epochs'], 'epoch')}"
        for row in rows
    )
    how = (
        f"How: the same network for all, 784-128-64-{numbers['code_size']} and back, one seed "
        f"({numbers['seed']}), binary cross-entropy; trained {trained}. Small digits are "
        "scikit-learn's 8 × 8 digits, enlarged by linear interpolation. Moved pixels are in one "
        "random order, the same for all images: a dense network of their own does not notice it. "
        "Photographs are patches in grey of the two that come with scikit-learn, "
        "test samples from the right quarters of both, which no patch trained on touches; two "
        "photographs are few, and these errors say little of photographs in general. "
        "Reconstructions are clipped to [0, 1]."
    )
    return SectionContent(
        summary, [Split([answer], [_dots(rows)]), _strips(results), _table(rows), Text([how])]
    )


def _kept(row: dict[str, Any], method: str) -> float:
    """Return the share of the variance that a method keeps; below 0 the mean image is better."""
    return 1.0 - row["errors"][method] / row["errors"][MEAN_IMAGE]


def _finding(row: dict[str, Any]) -> Finding:
    foreign, own = _kept(row, MNIST_AE), _kept(row, OWN_AE)
    # An autoencoder of their own that keeps nothing gives nothing to compare with.
    share = foreign / own if own > 0 else 1.0
    holds = True if share <= POOR_SHARE else False if share >= GOOD_SHARE else None
    amount = (
        f"of their variance the autoencoder of MNIST keeps {percent(foreign, 0)}, one of their own "
        f"{percent(own, 0)}"
    )
    if foreign < 0:
        amount += "; below 0 %, the mean image would do better"
    return finding(holds, f"{capitalised(row['name'])}:", amount)


def _answer(others: list[dict[str, Any]]) -> str:
    ratios = [row["errors"][MNIST_AE] / row["errors"][OWN_AE] for row in others]
    told = (
        "On other images the error of the autoencoder of MNIST is "
        f"{fixed(min(ratios), 1)} to {fixed(max(ratios), 1)} times that of one trained on them. "
    )
    better = [row["name"] for row in others if row["errors"][MNIST_AE] > row["errors"][MNIST_PCA]]
    if not better:
        return told + "PCA of MNIST does no better on any of them."
    return told + f"PCA of MNIST is data-specific too, but does better on {joined(better)}."


def _dots(rows: list[dict[str, Any]]) -> Figure:
    names = [row["name"] for row in rows]
    methods = (*METHODS, MEAN_IMAGE)
    series = {method: np.array([row["errors"][method] for row in rows]) for method in methods}

    def fill(ax: Any) -> None:
        feature_dots(names, series, ax=ax, xlabel="mean squared error per pixel, held-out images")

    draw = one_axes(508, 130 + 44 * len(names), fill, left=150, right=16, top=74, bottom=42)
    told = "; ".join(
        f"{row['name']}: " + ", ".join(f"{m} {number(e)}" for m, e in row["errors"].items())
        for row in rows
    )
    caption = "Left is better; what is right of the mean image's mark is worse than nothing."
    return Figure("claim_specific_errors", draw, f"Errors. {told}.", caption, "Error by images")


def _strips(results: Results) -> Gallery:
    names = joined(row["name"] for row in results.numbers["rows"])
    # 0 is black and 1 white in either theme, as in photographs.
    scale = ImageScale(np.array([0.0, 1.0]), IMAGE_SHAPE)
    scale.is_drawing = False
    titles = {"original": "As they are", **{name: capitalised(name) for name in METHODS}}
    figures = []
    for i, (name, title) in enumerate(titles.items()):
        X = results.arrays[name]
        alt = f"{len(X)} held-out images, {N_SHOWN} each of {names}, as "
        alt += "they are." if name == "original" else f"given back by {name}."
        figures.append(
            Figure(f"claim_specific_{i}", strip(X, scale), alt, title=title, has_photos=True)
        )
    return Gallery(figures, n_columns=1, is_strips=True)


def _table(rows: list[dict[str, Any]]) -> Table:
    methods = (*METHODS, MEAN_IMAGE)
    cells: list[list[Entry]] = []
    for row in rows:
        errors = row["errors"]
        best = min(errors, key=errors.get)
        of_row = {
            name: Cell(fixed(errors[name], 4), f"{percent(_kept(row, name), 0)} kept", name == best)
            for name in methods
        }
        if row["name"] == "MNIST":
            of_row |= dict.fromkeys((OWN_AE, OWN_PCA), Cell("–", "the same"))
        cells.append([(row["name"], f"{row['n_held_out']:,} held out"), *of_row.values()])
    caption = (
        "Mean squared error per pixel of held-out images, below it the share of the variance "
        "around their own mean image that is kept."
    )
    heads = ["Images", *map(capitalised, methods)]
    return table(heads, cells, caption, title="Errors on images of five kinds")


CHAPTER = Chapter(
    "An autoencoder compresses only data like its training data",
    120,
    _measure,
    _show,
    needs=("deep",),
)
