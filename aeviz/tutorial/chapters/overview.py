"""Show all six models at once: published, reproduced, and as this project trains them."""

from typing import Any

from aeviz.core.wording import plural
from aeviz.page.content import Cell, SectionContent, Text
from aeviz.page.wording import capitalised, fixed, joined
from aeviz.tutorial._blocks import Entry, table
from aeviz.tutorial._model_numbers import elbos, model_numbers
from aeviz.tutorial.chapters.base import KINDS, Chapter, Results, Workshop
from aeviz.tutorial.model_comparison import Comparison, compare, difference, duration

__all__ = ["CHAPTER"]

# The published figure is not what ours measures: it has a penalty in it, or is no bound.
OTHER_MEASURES = ("sparse", "variational")


def _measure(workshop: Workshop) -> Results:
    models: dict[str, Any] = {}
    for done, kind in enumerate(KINDS):
        workshop.update(done, len(KINDS), kind)
        models[kind] = model_numbers(workshop, kind)
    bounds = elbos(workshop)
    return Results({"models": models, "elbo": bounds, "epochs_scale": workshop.epochs_scale})


def _show(results: Results) -> SectionContent:
    told = [compare(kind, numbers) for kind, numbers in results.numbers["models"].items()]
    summary = (
        "In 2016 a tutorial, “Building autoencoders in Keras”, taught six networks that many since "
        "have started from. Here each is trained as it was published, and next to it this "
        "project’s encoder of the same kind at its defaults."
    )
    elbo = results.numbers["elbo"]["published"]["negative_elbo"]
    notes = (
        "Losses are cross-entropies, the mean per pixel in nats; the variational network’s is a "
        "sum over pixels and its penalty, in nats per image. aeviz’s variational figure is a true "
        f"evidence lower bound, by which the published network has {fixed(elbo, 2)}: the chapter "
        "says why. aeviz’s sparse figure is without penalty, the published one with it."
    )
    heads: list[Entry] = [
        ("Model", "published network"),
        ("Epochs", "run, of published"),
        ("Published", "test and training loss"),
        ("Reproduced", "test and training loss"),
        ("aeviz", "test loss"),
        "aeviz’s training",
    ]
    text = Text([_verdict(told, results.numbers["epochs_scale"]), notes])
    return SectionContent(summary, [text, table(heads, map(_row, told), title="Six models")])


def _verdict(told: list[Comparison], scale: float) -> str:
    """Return what the whole page says of the published figures."""
    if not all(one.is_whole for one in told):
        return (
            f"This page was made with {scale:g} × the published epochs. Its figures are from "
            f"{'shorter' if scale < 1 else 'longer'} training and are not comparable with the "
            "published ones."
        )
    words = {
        True: "reproduced within the spread of trainings from different seeds",
        False: "not reproduced within that spread; the chapter says what is known of why",
        None: "trained here, but their spread from seed to seed was not measured",
    }
    parts = [
        f" {capitalised(joined(kinds))}: {what}."
        for is_within, what in words.items()
        if (kinds := [one.kind for one in told if one.is_within is is_within])
    ]
    return f"Published figures, each after its published epochs.{''.join(parts)}"


def _row(one: Comparison) -> list[Cell]:
    here, ours, published = one.here, one.ours, one.published
    against = ""
    if one.is_whole and one.kind not in OTHER_MEASURES:
        against = f"{difference(ours['test'], published.test_loss)} published"
    return [
        Cell(capitalised(one.kind), published.network),
        Cell(one.epochs),
        Cell(one.loss(published.test_loss), f"training {one.loss(published.train_loss)}"),
        Cell(one.loss(here["test"]), f"training {one.loss(here['train'])}", word=one.verdict),
        Cell(one.loss(ours["test"]), against),
        Cell(
            f"{ours['n_parameters']:,} parameters",
            f"{plural(ours['epochs'], 'epoch')}, {duration(ours['seconds'])}",
        ),
    ]


CHAPTER = Chapter(
    "Six networks", 1, _measure, _show, needs=[*(f"published {kind}" for kind in KINDS), *KINDS]
)
