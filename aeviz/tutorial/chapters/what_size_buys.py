"""Measure what the size of the code buys, for a deep autoencoder and for PCA."""

from typing import Any

import numpy as np

from aeviz.core.registry import METRICS
from aeviz.core.wording import plural
from aeviz.encoders import Encoder
from aeviz.evaluation import Difference, verdict
from aeviz.page.content import (
    Block,
    Cell,
    Gallery,
    SectionContent,
    Table,
    Text,
    Tone,
    Verdict,
    Verdicts,
)
from aeviz.page.forest import NOTE, effect_of
from aeviz.page.verdicts import ONE_TRAINING, bands, word_of
from aeviz.page.wording import fixed, joined, signed
from aeviz.plots.line_charts import Line
from aeviz.tutorial._blocks import Entry, line_chart, table
from aeviz.tutorial._experiments import (
    cross_entropies,
    fitted,
    mean_difference,
    reconstructed,
    squared_errors,
)
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZES = (2, 4, 8, 16, 32, 64, 128)
# The same for all sizes, and no narrower than the widest code.
HIDDEN_SIZES = (256, 128)
EPOCHS = 30
DEEP, PCA = "deep autoencoder", "PCA"
USUAL_SIZE = 32
AXIS: dict[str, Any] = {"xlabel": "numbers in the code", "log_base": 2}


def _measure(workshop: Workshop) -> Results:
    from aeviz.encoders.deep import DeepAutoencoder
    from aeviz.encoders.pca import PCAEncoder

    epochs, seed = workshop.epochs(EPOCHS), workshop.seed
    X, X_test = workshop.X, workshop.X_test
    sizes = [size for size in CODE_SIZES if size <= min(X.shape)]
    rows: list[dict[str, Any]] = []
    for i, size in enumerate(sizes):
        workshop.update(i, len(sizes), f"a code of {size} numbers")
        encoders: dict[str, Encoder] = {
            DEEP: DeepAutoencoder(
                size, hidden_sizes=HIDDEN_SIZES, epochs=epochs, random_state=seed
            ),
            PCA: PCAEncoder(size, random_state=seed),
        }
        given_back = {
            name: reconstructed(fitted(encoder, X).encoder, X_test)
            for name, encoder in encoders.items()
        }
        errors = {name: squared_errors(X_test, images) for name, images in given_back.items()}
        losses = {name: cross_entropies(X_test, images) for name, images in given_back.items()}
        row: dict[str, Any] = {"size": size}
        for name, values in (("squared_error", errors), ("loss", losses)):
            row[name] = {method: float(of_each.mean()) for method, of_each in values.items()}
        rows.append({**row, "difference": mean_difference(errors[DEEP], errors[PCA])})
    numbers = {
        "rows": rows,
        # A perfect reconstruction's: above 0, for grey pixels have entropy of their own.
        "floor": float(cross_entropies(X_test, X_test).mean()),
        "mean_image": float(squared_errors(X_test, X.mean(axis=0)).mean()),
        "n_trained": len(X),
        "n_held_out": len(X_test),
        "epochs": epochs,
        "seed": seed,
    }
    return Results(numbers)


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers, rows = results.numbers, results.numbers["rows"]
    summary = (
        "The tutorial takes 32 numbers and never asks why. Here the same network is trained with "
        f"codes from {rows[0]['size']} to {rows[-1]['size']} numbers, next to PCA of the same "
        "sizes: what does another doubling buy, and where does a network pay?"
    )
    how = (
        f"How: a deep autoencoder 784-{'-'.join(map(str, HIDDEN_SIZES))}-code and back for every "
        f"size, {plural(numbers['epochs'], 'epoch')} on {numbers['n_trained']:,} training images, "
        f"one training each (seed {numbers['seed']}). It is trained on cross-entropy, while PCA is "
        "the best of all linear codes in squared error of the training images, so each has a "
        "measure of its own. Reconstructions are clipped to [0, 1], and for the cross-entropy to "
        "half a grey level from its ends. Intervals are 95 %, over the held-out images. "
        f"{bands(['reconstruction_error'])} {NOTE} {ONE_TRAINING}"
    )
    errors, told = _curves(rows, "squared_error")
    error_figure = line_chart(
        "claim_size_error",
        errors,
        f"Squared error: {told}.",
        caption=f"The mean image has {fixed(numbers['mean_image'], 4)}.",
        title="Mean squared error",
        ylabel="squared error per pixel, held out",
        **AXIS,
    )
    losses, told = _curves(rows, "loss")
    floor = fixed(numbers["floor"], 4)
    ends = losses[PCA].x[[0, -1]]
    losses["perfect"] = Line(ends, np.full(2, numbers["floor"]), is_bare=True)
    loss_figure = line_chart(
        "claim_size_loss",
        losses,
        f"Cross-entropy: {told}; perfect {floor}.",
        caption="Grey pixels have entropy of their own: even a perfect reconstruction has "
        f"{floor}.",
        title="Binary cross-entropy",
        ylabel="cross-entropy per pixel, nats, held out",
        **AXIS,
    )
    blocks: list[Block] = [
        Verdicts("What does the code size buy?", _answer(rows), [_verdict(row) for row in rows]),
        Gallery([error_figure, loss_figure], n_columns=2),
        _table(numbers),
        Text([how]),
    ]
    return SectionContent(summary, blocks)


def _curves(rows: list[dict[str, Any]], name: str) -> tuple[dict[str, Line], str]:
    """Return the lines of a measure by code size, and their values in words."""
    x = np.array([row["size"] for row in rows], float)
    series = {m: Line(x, np.array([row[name][m] for row in rows])) for m in (DEEP, PCA)}
    told = "; ".join(
        f"{row['size']} numbers, autoencoder {fixed(row[name][DEEP], 4)}, "
        f"PCA {fixed(row[name][PCA], 4)}"
        for row in rows
    )
    return series, told


def _tone(row: dict[str, Any]) -> Tone:
    found = Difference.of_one_training(*row["difference"])
    return verdict(found, higher_is_better=False, band=_band(row))


def _band(row: dict[str, Any]) -> float | None:
    return METRICS.get("reconstruction_error").band_at(row["squared_error"][PCA])


def _verdict(row: dict[str, Any]) -> Verdict:
    tone = _tone(row)
    value, low, high = (signed(number, 5) for number in row["difference"])
    amount = f"squared error of the autoencoder minus PCA's {value} ({low} to {high})"
    effect = effect_of(*row["difference"], band=_band(row), higher_is_better=False)
    return Verdict(word_of(tone), tone, f"{row['size']} numbers:", amount, effect)


def _answer(rows: list[dict[str, Any]]) -> str:
    errors = [row["squared_error"][DEEP] for row in rows]
    first, last = fixed(errors[0], 4), fixed(errors[-1], 4)
    told = (
        f"From {rows[0]['size']} to {rows[-1]['size']} numbers the autoencoder's squared error "
        f"falls from {first} to {last} per pixel"
    )
    if errors[-1] >= errors[0]:
        told = (
            f"The autoencoder's squared error does not fall: {first} per pixel with "
            f"{rows[0]['size']} numbers, {last} with {rows[-1]['size']}"
        )
    better, worse = (
        [str(row["size"]) for row in rows if _tone(row) == tone] for tone in ("better", "worse")
    )
    if len(better) == len(rows):
        told += ". It beats PCA at every size"
    else:
        told += f". It beats PCA {f'with {joined(better)} numbers' if better else 'at no size'}"
    if worse and better:
        told += f", and loses to it with {joined(worse)}"
    # By how much the first and the last doubling change the error.
    doublings = [signed(-100 * (1 - b / a), 0) for a, b in (errors[:2], errors[-2:])]
    return (
        f"{told}. {_equivalent(rows)}The first doubling changes its error by {doublings[0]} %, the "
        f"last by {doublings[1]} %."
    )


def _equivalent(rows: list[dict[str, Any]]) -> str:
    """Return how many numbers PCA needs for the error that the autoencoder has with 32."""
    usual = next((row for row in rows if row["size"] == USUAL_SIZE), None)
    if usual is None:
        return ""
    target = usual["squared_error"][DEEP]
    sizes = [row["size"] for row in rows]
    errors = [row["squared_error"][PCA] for row in rows]
    if target < errors[-1]:
        needed = f"more than {sizes[-1]}"
    elif target > errors[0]:
        needed = f"fewer than {sizes[0]}"
    else:
        # Between two sizes log size is taken as linear in log error, both falling.
        log_size = np.interp(-np.log(target), -np.log(errors), np.log(sizes))
        needed = f"about {float(np.exp(log_size)):.0f}"
    return f"For the error that it has with {USUAL_SIZE}, PCA needs {needed} numbers. "


def _table(numbers: dict[str, Any]) -> Table:
    rows = []
    for row in numbers["rows"]:
        cells: list[Entry] = [str(row["size"])]
        for values in (row["squared_error"], row["loss"]):
            best = min(values.values())
            cells += [Cell(fixed(values[m], 4), is_best=values[m] == best) for m in (DEEP, PCA)]
        rows.append(cells)
    heads = [
        (name, note)
        for note in ("squared error", "cross-entropy")
        for name in ("Autoencoder", "PCA")
    ]
    caption = (
        f"Means per pixel over {numbers['n_held_out']:,} held-out images; cross-entropy in nats."
    )
    return table(["Numbers", *heads], rows, caption, title="Error by code size")


CHAPTER = Chapter("What the code size buys", 160, _measure, _show)
