"""Test whether a penalty on the code makes it sparser, and what that costs."""

from functools import partial
from typing import Any

import numpy as np

from aeviz.core.wording import plural
from aeviz.page.content import Figure, Gallery, SectionContent, Table, Text
from aeviz.page.wording import fixed, number
from aeviz.plots.line_charts import Line
from aeviz.tutorial._blocks import Entry, Finding, finding, line_chart, mean_cell, table, verdicts
from aeviz.tutorial._experiments import cross_entropies, fitted, n_trainings, part_of, repeated
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZE = 32
PENALTIES = (0.0, 5e-4, 1.5e-3, 3e-3, 6e-3)
N_TRAINED = 20_000
EPOCHS = 40
NEAR_ZERO = 0.01
PUBLISHED = ("simple", "sparse")


def _measure(workshop: Workshop) -> Results:
    from aeviz.encoders.sparse import SparseAutoencoder
    from aeviz.tutorial._model_numbers import decoded, encoded

    X, X_test = part_of(workshop.X, N_TRAINED, seed=workshop.seed), workshop.X_test
    epochs = workshop.epochs(EPOCHS)

    def train(l1: float, seed: int) -> dict[str, float]:
        model = SparseAutoencoder(CODE_SIZE, l1=l1, epochs=epochs, random_state=seed)
        codes = fitted(model, X).encoder.transform(X_test)
        return _of_code(X_test, codes, model.inverse_transform(codes))

    found = repeated(workshop, {f"penalty {l1:g}": partial(train, l1) for l1 in PENALTIES})
    published = {}
    for kind in PUBLISHED:
        network = workshop.published(kind)
        codes = encoded(network, X_test)
        published[kind] = _of_code(X_test, codes, decoded(network, codes))
    numbers = {
        "rows": [{"l1": l1, **values} for l1, values in zip(PENALTIES, found, strict=True)],
        "published": published,
        "n_trained": len(X),
        "n_held_out": len(X_test),
        "epochs": epochs,
        "n_seeds": n_trainings(workshop.epochs_scale),
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
    rows, trainings = numbers["rows"], plural(numbers["n_seeds"], "training")
    summary = (
        "The tutorial adds a penalty on the sum of the code (L1) and reports codes “twice "
        "sparser”, by their mean value. A mean can fall because all values shrink, with none "
        f"of them zero. Here a value counts as near zero below {100 * NEAR_ZERO:g} % of the "
        "largest that its unit has, which no scaling of the code can change, and the same network "
        "is trained with penalties from none to strong, next to the two published ones."
    )
    shares, losses = _means(rows, "near_zero"), _means(rows, "loss")
    change = 100 * (losses[-1] / losses[0] - 1)
    answer = (
        f"From no penalty to the strongest, values near zero go from {fixed(100 * shares[0], 0)} % "
        f"to {fixed(100 * shares[-1], 0)} %, and the held-out loss is {fixed(abs(change), 1)} % "
        f"{'higher' if change > 0 else 'lower'}."
    )
    figures = [
        _figure(rows, "n_active", 1, "Active values per image", f"active values of {CODE_SIZE}"),
        _figure(rows, "loss", 4, "Held-out loss", "held-out loss, nats per pixel", trainings),
    ]
    question = "Does the penalty give sparser codes, at a cost?"
    how = (
        f"How: this project's sparse autoencoder with {CODE_SIZE} rectified values, everything "
        f"but the penalty equal, {plural(numbers['epochs'], 'epoch')} on "
        f"{numbers['n_trained']:,} training images, {trainings} each "
        f"with seeds from {numbers['seed']} on. What is minimised is the loss per pixel plus the "
        "penalty's weight times the sum of an image's code, each unit of which has the variance 1 "
        "before it is rectified; the loss shown is the reconstruction's alone, binary "
        "cross-entropy on held-out images. The published networks are those of their own "
        "chapters: other layers, longer training, so they are to be compared with each other."
    )
    told = verdicts(question, _findings(numbers), answer, n_counted=2)
    return SectionContent(
        summary, [told, Gallery(figures, n_columns=2), _table(numbers), Text([how])]
    )


def _means(rows: list[dict[str, Any]], name: str) -> list[np.float64]:
    return [np.mean(row[name]) for row in rows]


def _findings(numbers: dict[str, Any]) -> list[Finding]:
    """Return whether codes are sparser, at a cost, and twice so in the published pair."""
    rows = numbers["rows"]
    active, losses = _means(rows, "n_active"), _means(rows, "loss")
    sparser = (
        f"{fixed(active[0], 1)} of {CODE_SIZE} values active per image without a penalty, "
        f"{fixed(active[-1], 1)} with the strongest ({rows[-1]['l1']:g})"
    )
    cost = f"held-out loss {fixed(losses[0], 4)} and {fixed(losses[-1], 4)} nats per pixel"
    simple, sparse = (numbers["published"][kind] for kind in PUBLISHED)
    is_twice = None if sparse["near_zero"] > simple["near_zero"] else False
    if 2 * sparse["n_active"] <= simple["n_active"]:
        is_twice = True
    amount = (
        f"mean value {fixed(simple['mean'], 2)} without, {fixed(sparse['mean'], 2)} with the "
        f"penalty; active values per image {fixed(simple['n_active'], 1)} and "
        f"{fixed(sparse['n_active'], 1)}"
    )
    return [
        finding(_rises(rows, "near_zero"), "Sparser:", sparser),
        finding(_rises(rows, "loss"), "At a cost:", cost),
        finding(is_twice, "The published pair, twice sparser:", amount),
    ]


def _rises(rows: list[dict[str, Any]], name: str) -> bool | None:
    """Return whether a quantity rises with the penalty, beyond what trainings differ by.

    It does where every step rises on average and the ends do not overlap; in part (None)
    where only the latter is so.
    """
    if min(rows[-1][name]) <= max(rows[0][name]):
        return False
    return True if bool(np.all(np.diff(_means(rows, name)) > 0)) else None


def _figure(
    rows: list[dict[str, Any]],
    name: str,
    decimals: int,
    title: str,
    ylabel: str,
    trainings: str = "",
) -> Figure:
    means = _means(rows, name)
    x, y = np.array([row["l1"] for row in rows[1:]]), np.array([row[name] for row in rows[1:]])
    series = {
        "with penalty": Line(x, y.mean(axis=1), y.min(axis=1), y.max(axis=1)),
        "without": Line(x[[0, -1]], np.full(2, means[0]), is_bare=True),
    }
    told = (
        f"{row['l1']:g}: {fixed(float(mean), decimals)}"
        for row, mean in zip(rows, means, strict=True)
    )
    return line_chart(
        f"claim_sparse_{name.removeprefix('n_')}",
        series,
        f"{title} by penalty: {', '.join(told)}.",
        caption=trainings and f"Lines are means, bands the range, of {trainings}.",
        title=title,
        height_px=280,
        xlabel="weight of the penalty",
        ylabel=ylabel,
        log_base=10,
    )


def _table(numbers: dict[str, Any]) -> Table:
    heads: list[Entry] = [
        ("Penalty", "weight"),
        ("Near zero", "of all values, %"),
        ("Active values", f"of {CODE_SIZE}, an image"),
        "Units never active",
        "Mean value",
        ("Loss", "nats per pixel"),
    ]
    named = {f"{row['l1']:g}": row for row in numbers["rows"]}
    for kind, values in numbers["published"].items():
        named[f"published, {kind}"] = {name: [value] for name, value in values.items()}
    rows: list[list[Entry]] = [
        [
            name,
            mean_cell([100 * value for value in row["near_zero"]], 1),
            mean_cell(row["n_active"], 1),
            mean_cell(row["n_dead"], 1),
            number(float(np.mean(row["mean"]))),
            mean_cell(row["loss"], 4),
        ]
        for name, row in named.items()
    ]
    caption = (
        f"On {numbers['n_held_out']:,} held-out images. Means of "
        f"{plural(numbers['n_seeds'], 'training')} with their range below; the published networks "
        "once each."
    )
    return table(heads, rows, caption, title="Penalty, sparsity and loss")


CHAPTER = Chapter(
    "The sparsity penalty gives sparser codes, at a cost",
    140,
    _measure,
    _show,
    needs=("published simple", "published sparse"),
)
