"""Test whether a penalty on the code makes it sparser, and what that costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.core.wording import plural
from aeviz.page.content import (
    Block,
    Figure,
    Gallery,
    SectionContent,
    Table,
    Text,
)
from aeviz.page.figures import Draw
from aeviz.page.wording import fixed, number
from aeviz.plots.line_charts import Line
from aeviz.tutorial._charts import line_chart
from aeviz.tutorial._errors import cross_entropies, n_trainings, part_of
from aeviz.tutorial._findings import Finding, finding, verdicts
from aeviz.tutorial._tables import Entry, mean_cell, table
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZE = 32
PENALTIES = (0.0, 5e-4, 1.5e-3, 3e-3, 6e-3)
N_TRAINED = 20_000
EPOCHS = 40
NEAR_ZERO = 0.01
PUBLISHED = ("simple", "sparse")


def _measure(workshop: Workshop) -> Results:
    from aeviz.encoders.networks.batches import in_batches
    from aeviz.encoders.sparse import SparseAutoencoder

    X = part_of(workshop.X, N_TRAINED, seed=workshop.seed)
    epochs = workshop.epochs(EPOCHS)
    n_seeds = n_trainings(workshop.epochs_scale)
    rows: list[dict[str, Any]] = []
    for i, l1 in enumerate(PENALTIES):
        of_seeds = []
        for j in range(n_seeds):
            done = i * n_seeds + j
            workshop.update(done, len(PENALTIES) * n_seeds, f"penalty {l1:g}, training {j + 1}")
            model = SparseAutoencoder(
                CODE_SIZE, l1=l1, epochs=epochs, random_state=workshop.seed + j
            ).fit(X)
            codes = model.transform(workshop.X_test)
            given_back = model.inverse_transform(codes)
            of_seeds.append(_of_code(workshop.X_test, codes, given_back))
        rows.append({"l1": l1, **{name: [s[name] for s in of_seeds] for name in of_seeds[0]}})
    published = {}
    for kind in PUBLISHED:
        network = workshop.published(kind)
        codes = in_batches(network.encode, workshop.X_test)
        published[kind] = _of_code(workshop.X_test, codes, in_batches(network.decode, codes))
    numbers = {
        "rows": rows,
        "published": published,
        "n_trained": len(X),
        "n_held_out": len(workshop.X_test),
        "epochs": epochs,
        "n_seeds": n_seeds,
        "seed": workshop.seed,
    }
    return Results(numbers)


def _of_code(X: np.ndarray, codes: np.ndarray, given_back: np.ndarray) -> dict[str, float]:
    """Return how sparse codes are, and what is lost.

    A value counts as near zero below 1 % of the largest of its unit. A unit that is always
    zero is near zero everywhere; it is counted apart too.
    """
    largest = codes.max(axis=0)
    is_near_zero = codes < NEAR_ZERO * largest
    is_near_zero[:, largest <= 0] = True
    return {
        "near_zero": float(is_near_zero.mean()),
        "n_active": float((~is_near_zero).sum(axis=1).mean()),
        "n_dead": int((largest <= 0).sum()),
        "mean": float(codes.mean()),
        "loss": float(cross_entropies(X, given_back).mean()),
    }


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    summary = (
        "The tutorial adds a penalty on the sum of the code (L1) and reports codes “twice "
        "sparser”, by their mean value. A mean can fall because all values shrink, with none "
        f"of them zero. Here a value counts as near zero below {100 * NEAR_ZERO:g} % of the "
        "largest that its unit has, which no scaling of the code can change, and the same network "
        "is trained with penalties from none to strong, next to the two published ones."
    )
    findings = [
        _monotone(numbers["rows"], "near_zero", "Sparser:", _sparser(numbers["rows"])),
        _monotone(numbers["rows"], "loss", "At a cost:", _cost(numbers["rows"])),
        _published_finding(numbers["published"]),
    ]
    question = "Does the penalty give sparser codes, at a cost?"
    blocks: list[Block] = [
        verdicts(question, findings, _answer(numbers["rows"]), n_counted=2),
        Gallery([_active_figure(numbers), _loss_figure(numbers)], n_columns=2),
        _table(numbers),
        Text([_how(numbers)]),
    ]
    return SectionContent(summary, blocks)


def _monotone(rows: list[dict[str, Any]], name: str, subject: str, amount: str) -> Finding:
    """Return whether a quantity rises with the penalty, beyond what trainings differ by.

    It holds where every step rises on average and the ends do not overlap; in part where
    only the latter is so.
    """
    means = [np.mean(row[name]) for row in rows]
    is_apart = min(rows[-1][name]) > max(rows[0][name])
    holds: bool | None = False
    if is_apart:
        holds = True if bool(np.all(np.diff(means) > 0)) else None
    return finding(holds, subject, amount)


def _sparser(rows: list[dict[str, Any]]) -> str:
    first, last = np.mean(rows[0]["n_active"]), np.mean(rows[-1]["n_active"])
    return (
        f"{fixed(first, 1)} of {CODE_SIZE} values active per image without a penalty, "
        f"{fixed(last, 1)} with the strongest ({rows[-1]['l1']:g})"
    )


def _cost(rows: list[dict[str, Any]]) -> str:
    first, last = np.mean(rows[0]["loss"]), np.mean(rows[-1]["loss"])
    return f"held-out loss {fixed(first, 4)} and {fixed(last, 4)} nats per pixel"


def _published_finding(published: dict[str, Any]) -> Finding:
    """Return whether the published pair is twice as sparse, in values that are active."""
    simple, sparse = (published[kind] for kind in PUBLISHED)
    holds = None if sparse["near_zero"] > simple["near_zero"] else False
    if 2 * sparse["n_active"] <= simple["n_active"]:
        holds = True
    amount = (
        f"mean value {fixed(simple['mean'], 2)} without, {fixed(sparse['mean'], 2)} with the "
        f"penalty; active values per image {fixed(simple['n_active'], 1)} and "
        f"{fixed(sparse['n_active'], 1)}"
    )
    return finding(holds, "The published pair, twice sparser:", amount)


def _answer(rows: list[dict[str, Any]]) -> str:
    shares = [100 * np.mean(row["near_zero"]) for row in rows]
    losses = [np.mean(row["loss"]) for row in rows]
    change = 100 * (losses[-1] / losses[0] - 1)
    word = "higher" if change > 0 else "lower"
    return (
        f"From no penalty to the strongest, values near zero go from {fixed(shares[0], 0)} % to "
        f"{fixed(shares[-1], 0)} %, and the held-out loss is {fixed(abs(change), 1)} % {word}."
    )


def _chart(rows: list[dict[str, Any]], name: str, ylabel: str) -> Draw:
    penalised = [row for row in rows if row["l1"] > 0]
    x = np.array([row["l1"] for row in penalised])
    y = np.array([row[name] for row in penalised])
    base = np.full(2, np.mean(rows[0][name]))
    series = {
        "with penalty": Line(x, y.mean(axis=1), y.min(axis=1), y.max(axis=1)),
        "without": Line(x[[0, -1]], base, is_bare=True),
    }
    xlabel = "weight of the penalty"
    return line_chart(series, height_px=280, xlabel=xlabel, ylabel=ylabel, log_base=10)


def _active_figure(numbers: dict[str, Any]) -> Figure:
    draw = _chart(numbers["rows"], "n_active", f"active values of {CODE_SIZE}")
    alt = f"Active values per image by penalty: {_told(numbers['rows'], 'n_active', 1)}."
    return Figure("claim_sparse_active", draw, alt, title="Active values per image")


def _loss_figure(numbers: dict[str, Any]) -> Figure:
    draw = _chart(numbers["rows"], "loss", "held-out loss, nats per pixel")
    alt = f"Held-out loss by penalty: {_told(numbers['rows'], 'loss', 4)}."
    caption = f"Lines are means, bands the range, of {plural(numbers['n_seeds'], 'training')}."
    return Figure("claim_sparse_loss", draw, alt, caption, "Held-out loss")


def _told(rows: list[dict[str, Any]], name: str, decimals: int) -> str:
    return ", ".join(f"{row['l1']:g}: {fixed(float(np.mean(row[name])), decimals)}" for row in rows)


def _table(numbers: dict[str, Any]) -> Table:
    columns = ("Penalty", "Near zero", "Active values", "Units never active", "Mean value", "Loss")
    notes = ("weight", "of all values, %", f"of {CODE_SIZE}, an image", "", "", "nats per pixel")
    rows = [_row(f"{row['l1']:g}", row) for row in numbers["rows"]]
    for kind in PUBLISHED:
        one = {name: [value] for name, value in numbers["published"][kind].items()}
        rows.append(_row(f"published, {kind}", one))
    trainings = plural(numbers["n_seeds"], "training")
    caption = (
        f"On {numbers['n_held_out']:,} held-out images. Means of {trainings} with their range "
        "below; the published networks once each."
    )
    heads = list(zip(columns, notes, strict=True))
    return table(heads, rows, caption, title="Penalty, sparsity and loss")


def _row(name: str, row: dict[str, Any]) -> list[Entry]:
    return [
        name,
        mean_cell([100 * value for value in row["near_zero"]], 1),
        mean_cell(row["n_active"], 1),
        mean_cell(row["n_dead"], 1),
        number(float(np.mean(row["mean"]))),
        mean_cell(row["loss"], 4),
    ]


def _how(numbers: dict[str, Any]) -> str:
    return (
        f"How: this project's sparse autoencoder with {CODE_SIZE} rectified values, everything "
        f"but the penalty equal, {plural(numbers['epochs'], 'epoch')} on "
        f"{numbers['n_trained']:,} training images, {plural(numbers['n_seeds'], 'training')} each "
        f"with seeds from {numbers['seed']} on. What is minimised is the loss per pixel plus the "
        "penalty's weight times the sum of an image's code, each unit of which has the variance 1 "
        "before it is rectified; the loss shown is the reconstruction's alone, binary "
        "cross-entropy on held-out images. The published networks are those of their own "
        "chapters: other layers, longer training, so they are to be compared with each other."
    )


CHAPTER = Chapter(
    "The sparsity penalty gives sparser codes, at a cost",
    140,
    _measure,
    _show,
    needs=("published simple", "published sparse"),
)
