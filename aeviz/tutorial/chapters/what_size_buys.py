"""Measure what the size of the code buys, for a deep autoencoder and for PCA."""

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
    Table,
    Text,
    Tone,
    Verdict,
    Verdicts,
)
from aeviz.page.verdicts import word_of
from aeviz.page.wording import fixed, joined, signed
from aeviz.plots.line_charts import Line
from aeviz.tutorial._charts import line_chart
from aeviz.tutorial._errors import (
    cross_entropies,
    entropy_floor,
    mean_difference,
    reconstructed,
    squared_errors,
)
from aeviz.tutorial._tables import Entry, table
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZES = (2, 4, 8, 16, 32, 64, 128)
# The same for all sizes, and no narrower than the widest code.
HIDDEN_SIZES = (256, 128)
EPOCHS = 30
DEEP, PCA = "deep autoencoder", "PCA"
USUAL_SIZE = 32


def _measure(workshop: Workshop) -> Results:
    from aeviz.encoders.deep import DeepAutoencoder
    from aeviz.encoders.pca import PCAEncoder

    epochs = workshop.epochs(EPOCHS)
    sizes = [size for size in CODE_SIZES if size <= min(workshop.X.shape)]
    X_test = workshop.X_test
    rows: list[dict[str, Any]] = []
    for i, size in enumerate(sizes):
        workshop.update(i, len(sizes), f"a code of {size} numbers")
        deep = DeepAutoencoder(
            size, hidden_sizes=HIDDEN_SIZES, epochs=epochs, random_state=workshop.seed
        ).fit(workshop.X)
        pca = PCAEncoder(size, random_state=workshop.seed).fit(workshop.X)
        row: dict[str, Any] = {"size": size}
        errors, losses = {}, {}
        for name, encoder in ((DEEP, deep), (PCA, pca)):
            given_back = reconstructed(encoder, X_test)
            errors[name] = squared_errors(X_test, given_back)
            losses[name] = cross_entropies(X_test, given_back)
        row["squared_error"] = {name: float(values.mean()) for name, values in errors.items()}
        row["loss"] = {name: float(values.mean()) for name, values in losses.items()}
        row["difference"] = mean_difference(errors[DEEP], errors[PCA])
        rows.append(row)
    numbers = {
        "rows": rows,
        "floor": entropy_floor(X_test),
        "mean_image": float(squared_errors(X_test, workshop.X.mean(axis=0)).mean()),
        "n_trained": len(workshop.X),
        "n_held_out": len(X_test),
        "epochs": epochs,
        "seed": workshop.seed,
    }
    return Results(numbers)


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    rows = numbers["rows"]
    summary = (
        "The tutorial takes 32 numbers and never asks why. Here the same network is trained with "
        f"codes from {rows[0]['size']} to {rows[-1]['size']} numbers, next to PCA of the same "
        "sizes: what does another doubling buy, and where does a network pay?"
    )
    question = "What does the code size buy?"
    blocks: list[Block] = [
        Verdicts(question, _answer(numbers), [_verdict(row) for row in rows]),
        Gallery([_error_figure(numbers), _loss_figure(numbers)], n_columns=2),
        _table(numbers),
        Text([_how(numbers)]),
    ]
    return SectionContent(summary, blocks)


def _tone(row: dict[str, Any]) -> Tone:
    _, low, high = row["difference"]
    return "none" if low <= 0.0 <= high else "better" if high < 0 else "worse"


def _verdict(row: dict[str, Any]) -> Verdict:
    tone = _tone(row)
    value, low, high = (signed(number, 5) for number in row["difference"])
    amount = f"squared error of the autoencoder minus PCA's {value} ({low} to {high})"
    return Verdict(word_of(tone), tone, f"{row['size']} numbers:", amount)


def _answer(numbers: dict[str, Any]) -> str:
    rows = numbers["rows"]
    first, last = (row["squared_error"][DEEP] for row in (rows[0], rows[-1]))
    told = (
        f"From {rows[0]['size']} to {rows[-1]['size']} numbers the autoencoder's squared error "
        f"falls from {fixed(first, 4)} to {fixed(last, 4)} per pixel"
    )
    if last >= first:
        told = f"The autoencoder's squared error does not fall: {fixed(first, 4)} per pixel with "
        told += f"{rows[0]['size']} numbers, {fixed(last, 4)} with {rows[-1]['size']}"
    better = [str(row["size"]) for row in rows if _tone(row) == "better"]
    worse = [str(row["size"]) for row in rows if _tone(row) == "worse"]
    if len(better) == len(rows):
        told += ". It beats PCA at every size"
    elif better:
        told += f". It beats PCA with {joined(better)} numbers"
    else:
        told += ". It beats PCA at no size"
    if worse and better:
        told += f", and loses to it with {joined(worse)}"
    return f"{told}. {_equivalent(rows)}{_flattening(rows)}"


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


def _flattening(rows: list[dict[str, Any]]) -> str:
    """Return by how much the first and the last doubling change the error, as text."""
    errors = [row["squared_error"][DEEP] for row in rows]
    first, last = (100 * (1 - b / a) for a, b in (errors[:2], errors[-2:]))
    return (
        f"The first doubling changes its error by {signed(-first, 0)} %, the last by "
        f"{signed(-last, 0)} %."
    )


def _series(rows: list[dict[str, Any]], name: str) -> dict[str, Line]:
    x = np.array([row["size"] for row in rows], float)
    return {
        method: Line(x, np.array([row[name][method] for row in rows])) for method in (DEEP, PCA)
    }


def _error_figure(numbers: dict[str, Any]) -> Figure:
    draw = line_chart(
        _series(numbers["rows"], "squared_error"),
        xlabel="numbers in the code",
        ylabel="squared error per pixel, held out",
        log_base=2,
    )
    alt = f"Squared error: {_told(numbers['rows'], 'squared_error')}."
    caption = f"The mean image has {fixed(numbers['mean_image'], 4)}."
    return Figure("claim_size_error", draw, alt, caption, "Mean squared error")


def _loss_figure(numbers: dict[str, Any]) -> Figure:
    rows = numbers["rows"]
    series = _series(rows, "loss")
    ends = np.array([rows[0]["size"], rows[-1]["size"]], float)
    series["perfect"] = Line(ends, np.full(2, numbers["floor"]), is_bare=True)
    draw = line_chart(
        series,
        xlabel="numbers in the code",
        ylabel="cross-entropy per pixel, nats, held out",
        log_base=2,
    )
    alt = f"Cross-entropy: {_told(rows, 'loss')}; perfect {fixed(numbers['floor'], 4)}."
    caption = (
        "Grey pixels have entropy of their own: even a perfect reconstruction has "
        f"{fixed(numbers['floor'], 4)}."
    )
    return Figure("claim_size_loss", draw, alt, caption, "Binary cross-entropy")


def _told(rows: list[dict[str, Any]], name: str) -> str:
    return "; ".join(
        f"{row['size']} numbers, autoencoder {fixed(row[name][DEEP], 4)}, "
        f"PCA {fixed(row[name][PCA], 4)}"
        for row in rows
    )


def _table(numbers: dict[str, Any]) -> Table:
    rows = []
    for row in numbers["rows"]:
        cells: list[Entry] = [str(row["size"])]
        for name in ("squared_error", "loss"):
            best = min(row[name].values())
            cells += [
                Cell(fixed(row[name][m], 4), is_best=row[name][m] == best) for m in (DEEP, PCA)
            ]
        rows.append(cells)
    columns = ("Numbers", "Autoencoder", "PCA", "Autoencoder", "PCA")
    notes = ("", "squared error", "squared error", "cross-entropy", "cross-entropy")
    caption = (
        f"Means per pixel over {numbers['n_held_out']:,} held-out images; cross-entropy in nats."
    )
    heads = list(zip(columns, notes, strict=True))
    return table(heads, rows, caption, title="Error by code size")


def _how(numbers: dict[str, Any]) -> str:
    hidden = "-".join(map(str, HIDDEN_SIZES))
    return (
        f"How: a deep autoencoder 784-{hidden}-code and back for every size, "
        f"{plural(numbers['epochs'], 'epoch')} on {numbers['n_trained']:,} training images, one "
        f"training each (seed {numbers['seed']}). It is trained on cross-entropy, while PCA is "
        "the best of all linear codes in squared error of the training images, so each has a "
        "measure of its own. Reconstructions are clipped to [0, 1], and for the cross-entropy to "
        "half a grey level from its ends. Intervals are 95 %, over the held-out images; they say "
        "nothing of another seed."
    )


CHAPTER = Chapter("What the code size buys", 160, _measure, _show)
