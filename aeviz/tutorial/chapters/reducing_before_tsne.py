"""Test whether reducing images to 32 numbers before t-SNE helps, and whether it takes a network."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from aeviz.core.registry import METRICS
from aeviz.core.resource_meter import Meter
from aeviz.core.wording import plural
from aeviz.encoders import Encoder
from aeviz.evaluation import Difference, verdict
from aeviz.evaluation.protocol import Protocol, Subject
from aeviz.evaluation.scores import Score
from aeviz.page.content import Block, Cell, Figure, Gallery, SectionContent, Table, Text
from aeviz.page.figures import one_axes
from aeviz.page.verdicts import ONE_TRAINING, bands
from aeviz.page.wording import decimals_for, fixed, in_sentence, metric_words, signed
from aeviz.pipeline.tasks import embed
from aeviz.plots.coloring import Coloring
from aeviz.plots.maps import scatter
from aeviz.tutorial._blocks import Entry, Finding, class_key, finding, table, verdicts
from aeviz.tutorial._experiments import fitted
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZE = 32
N_SHORT = 10_000
RAW, PCA, DEEP = "pixels", "PCA", "deep autoencoder"
# What is mapped, and what it is called in sentences.
MAPS = {RAW: "the pixels", PCA: "PCA's codes", DEEP: "the autoencoder's codes"}
METRICS_TOLD = ("knn_accuracy", "trustworthiness")
MAP_PX = 330
# Seconds less apart than this are taken as the same: other work disturbs them.
SAME_SECONDS = 0.1


def _measure(workshop: Workshop) -> Results:
    from aeviz.embedding.tsne import TSNE
    from aeviz.encoders.pca import PCAEncoder

    # All images in a whole run, and test images alone in a short one.
    X, y, is_whole = workshop.X_test[:N_SHORT], workshop.y_test[:N_SHORT], False
    if workshop.epochs_scale >= 1:
        X, is_whole = np.concatenate([workshop.X, workshop.X_test]), True
        y = np.concatenate([workshop.y, workshop.y_test])
    workshop.update(0, 5, "codes")
    pca = fitted(PCAEncoder(CODE_SIZE, random_state=workshop.seed), workshop.X)
    deep = workshop.ours("deep")
    # The first call compiles.
    deep.transform(X[:1])
    spaces = {RAW: X}
    seconds: dict[str, dict[str, float]] = {RAW: {"learn": 0.0, "encode": 0.0}}
    learnt = {PCA: pca.fit_seconds, DEEP: workshop.seconds("deep")}
    encoders: dict[str, Encoder] = {PCA: pca.encoder, DEEP: deep}
    for name, encoder in encoders.items():
        with Meter() as meter:
            spaces[name] = encoder.transform(X)
        seconds[name] = {"learn": learnt[name], "encode": meter.seconds}
    maps = {}
    # Imports and first calls are not part of any method's time.
    embed(TSNE(random_state=workshop.seed), X[:100])
    for i, (name, space) in enumerate(spaces.items()):
        workshop.update(1 + i, 5, f"t-SNE of {space.shape[1]} numbers per image, {name}")
        made = embed(TSNE(random_state=workshop.seed), space)
        maps[name], seconds[name]["map"] = made.points.astype(np.float32), made.fit_seconds
    workshop.update(4, 5, "scores")
    numbers = {
        "n_samples": len(X),
        "n_trained": len(workshop.X),
        "is_whole": is_whole,
        "epochs": len(deep.history_["loss"]),
        "n_features": {name: space.shape[1] for name, space in spaces.items()},
        "seconds": seconds,
        **_scored(X, y, maps, seed=workshop.seed),
        "seed": workshop.seed,
    }
    return Results(numbers, {**maps, "y": y})


def _scored(
    X: np.ndarray, y: np.ndarray, maps: Mapping[str, np.ndarray], *, seed: int
) -> dict[str, Any]:
    """Return the scores of maps against the data, and every map's differences to every other.

    Differences are paired over the samples that are evaluated, which the seed fixes.
    """

    def plain(found: Iterable[Score]) -> dict[str, dict[str, float]]:
        return {one.metric: {"value": one.value, "low": one.low, "high": one.high} for one in found}

    protocol = Protocol(seed=seed)
    metrics = [METRICS.get(name) for name in METRICS_TOLD]
    measured = protocol.measure(
        {"data": X, **maps},
        {name: Subject("data", name, metrics) for name in maps},
        rows=protocol.rows(np.arange(len(X))),
        labels=y,
    )
    differences = {
        name: {other: plain(one.minus(measured[other])) for other in maps if other != name}
        for name, one in measured.items()
    }
    scores = {name: plain(one.scores()) for name, one in measured.items()}
    return {"scores": scores, "differences": differences}


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    which = "test images; a whole run takes all 70,000"
    if numbers["is_whole"]:
        which = "all there are, training images included"
    summary = (
        "The tutorial calls it “a good strategy” to compress data to about 32 numbers by an "
        "autoencoder before t-SNE, which “typically requires relatively low-dimensional data”. "
        f"Here are t-SNE maps of {numbers['n_samples']:,} images ({which}): of their "
        "pixels, of PCA's 32 numbers, and of the deep autoencoder's."
    )
    how = (
        "How: this project's t-SNE (openTSNE's optimisation on exact neighbours, perplexity 30, "
        f"750 iterations, from principal components), one seed ({numbers['seed']}), the same for "
        f"all three. PCA and the autoencoder were fitted to {numbers['n_trained']:,} training "
        "images. The accuracy is that of the 10 nearest neighbours on the map, each image left "
        "out in turn. Times are of the machine that made this page; what more features cost is the "
        "search for neighbours, and the optimisation behind it is the same for all. "
        f"{bands(METRICS_TOLD)} {ONE_TRAINING}"
    )
    question = "Does reducing to 32 numbers before t-SNE help?"
    coloring = Coloring.of_classes(results.arrays["y"].astype(str))
    figures = [_map(results, name, coloring) for name in MAPS]
    blocks: list[Block] = [
        verdicts(question, _findings(numbers), _answer(numbers), n_counted=3),
        class_key(coloring),
        Gallery(figures, n_columns=3),
        _scores_table(numbers),
        _seconds_table(numbers),
        Text([how]),
    ]
    return SectionContent(summary, blocks)


def _findings(numbers: dict[str, Any]) -> list[Finding]:
    """Return whether maps of codes are better than those of pixels, faster, and than PCA's."""
    seconds = numbers["seconds"]
    ours, raw, mapped = sum(seconds[DEEP].values()), seconds[RAW]["map"], seconds[DEEP]["map"]
    is_saved: bool | None = False
    if mapped < (1 - SAME_SECONDS) * raw:
        is_saved = True if ours < (1 - SAME_SECONDS) * raw else None
    amount = (
        f"t-SNE takes {_seconds(mapped)} in place of {_seconds(raw)}; with training and encoding "
        f"{_seconds(ours)}"
    )
    titles = {metric: metric_words(metric).title for metric in METRICS_TOLD}
    first = METRICS_TOLD[0]
    beyond = f"More than PCA: {in_sentence(titles[first])} minus that of its codes:"
    return [
        *(
            _better(
                metric,
                numbers["differences"][DEEP][RAW][metric],
                f"{title} of the map, codes minus pixels:",
            )
            for metric, title in titles.items()
        ),
        finding(is_saved, "Time saved:", amount),
        _better(first, numbers["differences"][DEEP][PCA][first], beyond),
    ]


def _better(metric: str, found: dict[str, float], subject: str) -> Finding:
    """Return whether a difference is one for the better; no difference shown is no help."""
    band = METRICS.get(metric).band_at(None)
    told = verdict(Difference.of_one_training(**found), higher_is_better=True, band=band)
    decimals = decimals_for([(found["low"], found["high"])])
    value, low, high = (signed(found[name], decimals) for name in ("value", "low", "high"))
    return finding(told == "better", subject, f"{value} ({low} to {high})")


def _answer(numbers: dict[str, Any]) -> str:
    metric = METRICS_TOLD[0]
    scores = {name: numbers["scores"][name][metric]["value"] for name in MAPS}
    told = ", ".join(f"{fixed(scores[name], 3)} for {words}" for name, words in MAPS.items())
    seconds = {name: numbers["seconds"][name]["map"] for name in MAPS}
    saved = 100 * (1 - seconds[PCA] / seconds[RAW])
    pca = f"takes {fixed(abs(saved), 0)} % {'less' if saved > 0 else 'more'} time"
    if abs(saved) < 100 * SAME_SECONDS:
        pca = "takes as long as with the pixels"
    return (
        f"The maps' {in_sentence(metric_words(metric).title)} is {told.removesuffix(' codes')}. "
        f"With PCA's numbers, learnt in {_seconds(numbers['seconds'][PCA]['learn'])}, t-SNE {pca}."
    )


def _map(results: Results, name: str, coloring: Coloring) -> Figure:
    points, scores = results.arrays[name], results.numbers["scores"][name]
    facts = [(metric_words(m).title, fixed(scores[m]["value"], 3)) for m in METRICS_TOLD]
    told = ", ".join(f"{in_sentence(metric)} {value}" for metric, value in facts)
    alt = f"t-SNE map of {MAPS[name]}: {len(points):,} images coloured by digit; {told}."
    draw = one_axes(MAP_PX, MAP_PX, lambda ax: scatter(points, coloring, ax=ax))
    file_name = f"claim_tsne_{list(MAPS).index(name)}"
    return Figure(file_name, draw, alt, title=f"Map of {MAPS[name]}", facts=facts)


def _scores_table(numbers: dict[str, Any]) -> Table:
    rows: list[list[Entry]] = []
    for metric in METRICS_TOLD:
        words = metric_words(metric)
        found = [numbers["scores"][name][metric] for name in MAPS]
        decimals = decimals_for([(one["low"], one["high"]) for one in found])
        best = max(one["value"] for one in found)
        cells = [
            Cell(
                fixed(one["value"], decimals),
                f"{fixed(one['low'], decimals)} to {fixed(one['high'], decimals)}",
                one["value"] == best,
            )
            for one in found
        ]
        rows.append([(words.title, words.direction), *cells])
    caption = (
        "95 % bootstrap intervals over the images evaluated. Trustworthiness asks for neighbours "
        "among the pixels, so it is the pixels' own measure."
    )
    return table(_heads(numbers), rows, caption, title="How good are the maps?")


def _seconds_table(numbers: dict[str, Any]) -> Table:
    parts = {"Learning the code": "learn", "Encoding": "encode", "t-SNE": "map"}
    seconds = numbers["seconds"]
    rows = [
        [title, *(_seconds(seconds[name][part]) for name in MAPS)] for title, part in parts.items()
    ]
    rows.append(["All", *(_seconds(sum(seconds[name].values())) for name in MAPS)])
    caption = (
        f"The autoencoder's learning is its whole training, {plural(numbers['epochs'], 'epoch')}, "
        "done once for all chapters."
    )
    return table(_heads(numbers), rows, caption, title="How long does it take?")


def _heads(numbers: dict[str, Any]) -> list[Entry]:
    sizes = numbers["n_features"]
    titles = {RAW: "Pixels", PCA: "PCA", DEEP: "Deep autoencoder"}
    return ["t-SNE of", *((title, plural(sizes[name], "number")) for name, title in titles.items())]


def _seconds(seconds: float) -> str:
    return f"{fixed(seconds, 1 if seconds < 100 else 0)} s"


CHAPTER = Chapter(
    "Reducing to 32 dimensions before t-SNE helps", 170, _measure, _show, needs=("deep",)
)
