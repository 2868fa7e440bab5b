"""Test whether an autoencoder compresses only data like those that it was trained on."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.core.wording import plural
from aeviz.page.content import (
    Block,
    Cell,
    Figure,
    Gallery,
    SectionContent,
    Split,
    Table,
    Text,
)
from aeviz.page.figures import one_axes, strip
from aeviz.page.wording import capitalised, fixed, joined, number
from aeviz.plots.rows import feature_dots
from aeviz.tutorial._charts import photo_scale
from aeviz.tutorial._errors import epochs_of_equal_updates, reconstructed, squared_errors
from aeviz.tutorial._findings import Finding, finding, verdicts
from aeviz.tutorial._image_sets import ImageSet, image_sets
from aeviz.tutorial._tables import Entry, percent, table
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
    from aeviz.encoders.pca import PCAEncoder

    ours = workshop.ours("deep")
    pca = PCAEncoder(CODE_SIZE, random_state=workshop.seed).fit(workshop.X)
    rows: list[dict[str, Any]] = []
    images: dict[str, list[np.ndarray]] = {name: [] for name in ("original", *METHODS)}
    for i, one in enumerate(image_sets(workshop, n_trained=N_TRAINED, n_held_out=N_HELD_OUT)):
        workshop.update(i, 5, one.name)
        own_pca = PCAEncoder(CODE_SIZE, random_state=workshop.seed).fit(one.X)
        own = ours if i == 0 else _own(workshop, one)
        encoders = dict(zip(METHODS, (ours, pca, own, own_pca), strict=True))
        given_back = {name: reconstructed(e, one.X_test) for name, e in encoders.items()}
        errors = {
            name: float(squared_errors(one.X_test, X).mean()) for name, X in given_back.items()
        }
        errors[MEAN_IMAGE] = float(squared_errors(one.X_test, one.X.mean(axis=0)).mean())
        rows.append(
            {
                "name": one.name,
                "errors": errors,
                "n_trained": len(workshop.X) if i == 0 else len(one.X),
                "n_held_out": len(one.X_test),
                "epochs": len(own.history_["loss"]),
            }
        )
        images["original"].append(one.X_test[:N_SHOWN])
        for name, X in given_back.items():
            images[name].append(X[:N_SHOWN])
    numbers = {"rows": rows, "seed": workshop.seed, "code_size": int(ours.code_size_)}
    return Results(numbers, {name: np.concatenate(parts) for name, parts in images.items()})


def _own(workshop: Workshop, images: ImageSet) -> Any:
    from aeviz.encoders.deep import DeepAutoencoder

    epochs = epochs_of_equal_updates(workshop.epochs(EPOCHS), len(images.X), N_TRAINED)
    return DeepAutoencoder(CODE_SIZE, epochs=epochs, random_state=workshop.seed).fit(images.X)


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    summary = (
        "The tutorial calls autoencoders “data-specific”: one trained on faces would do a poor job "
        f"of trees. Here the deep autoencoder of MNIST has to carry other images of 28 × 28 pixels "
        f"in its {numbers['code_size']} numbers, next to PCA of MNIST, and beside an autoencoder "
        "and a PCA of those very images. What PCA loses in the same way is no property of "
        "autoencoders."
    )
    findings = [_finding(row) for row in numbers["rows"][1:]]
    question = "Does an autoencoder compress only data like its training data?"
    answer = verdicts(question, findings, _answer(numbers["rows"]))
    blocks: list[Block] = [
        Split([answer], [_dots(numbers["rows"])]),
        _strips(results),
        _table(numbers["rows"]),
        Text([_how(numbers)]),
    ]
    return SectionContent(summary, blocks)


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


def _answer(rows: list[dict[str, Any]]) -> str:
    others = rows[1:]
    ratios = [row["errors"][MNIST_AE] / row["errors"][OWN_AE] for row in others]
    told = (
        "On other images the error of the autoencoder of MNIST is "
        f"{fixed(min(ratios), 1)} to {fixed(max(ratios), 1)} times that of one trained on them. "
    )
    as_bad = [row["name"] for row in others if row["errors"][MNIST_AE] <= row["errors"][MNIST_PCA]]
    if len(as_bad) == len(others):
        return told + "PCA of MNIST does no better on any of them."
    better = [row["name"] for row in others if row["name"] not in as_bad]
    return told + f"PCA of MNIST is data-specific too, but does better on {joined(better)}."


def _dots(rows: list[dict[str, Any]]) -> Figure:
    names = [row["name"] for row in rows]
    series = {
        method: np.array([row["errors"][method] for row in rows])
        for method in (*METHODS, MEAN_IMAGE)
    }

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
    titles = {"original": "As they are", MNIST_AE: "Autoencoder of MNIST"}
    titles |= {
        MNIST_PCA: "PCA of MNIST",
        OWN_AE: "Autoencoder of its own",
        OWN_PCA: "PCA of its own",
    }
    names = joined(row["name"] for row in results.numbers["rows"])
    scale = photo_scale()
    figures = []
    for i, (name, title) in enumerate(titles.items()):
        X = results.arrays[name]
        alt = f"{len(X)} held-out images, {N_SHOWN} each of {names}, "
        alt += "as they are." if name == "original" else f"as given back by {name}."
        figures.append(
            Figure(f"claim_specific_{i}", strip(X, scale), alt, title=title, has_photos=True)
        )
    return Gallery(figures, n_columns=1, is_strips=True)


def _table(rows: list[dict[str, Any]]) -> Table:
    methods = (*METHODS, MEAN_IMAGE)
    cells: list[list[Entry]] = []
    for row in rows:
        best = min(row["errors"], key=row["errors"].get)
        note = f"{row['n_held_out']:,} held out"
        cells.append([(row["name"], note), *(_cell(row, m, is_best=m == best) for m in methods)])
    caption = (
        "Mean squared error per pixel of held-out images, below it the share of the variance "
        "around their own mean image that is kept."
    )
    heads = ["Images", *map(capitalised, methods)]
    return table(heads, cells, caption, title="Errors on images of five kinds")


def _cell(row: dict[str, Any], method: str, *, is_best: bool) -> Cell:
    if row["name"] == "MNIST" and method in (OWN_AE, OWN_PCA):
        return Cell("–", "the same")
    return Cell(fixed(row["errors"][method], 4), f"{percent(_kept(row, method), 0)} kept", is_best)


def _how(numbers: dict[str, Any]) -> str:
    rows = numbers["rows"]
    trained = "; ".join(
        f"{row['name']} on {row['n_trained']:,} images for {plural(row['epochs'], 'epoch')}"
        for row in rows
    )
    return (
        f"How: the same network for all, 784-128-64-{numbers['code_size']} and back, one seed "
        f"({numbers['seed']}), binary cross-entropy; trained {trained}. Small digits are "
        "scikit-learn's 8 × 8 digits, enlarged by linear interpolation. Moved pixels are in one "
        "random order, the same for all images: a dense network of their own does not notice it. "
        "Photographs are patches in grey of the two that come with scikit-learn, "
        "test samples from the right quarters of both, which no patch trained on touches; two "
        "photographs are few, and these errors say little of photographs in general. "
        "Reconstructions are clipped to [0, 1]."
    )


CHAPTER = Chapter(
    "An autoencoder compresses only data like its training data",
    120,
    _measure,
    _show,
    needs=("deep",),
)
