"""Test whether reducing images to 32 numbers before t-SNE helps, and whether it takes a network."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from aeviz.core.wording import plural
from aeviz.page.content import (
    Block,
    Cell,
    Figure,
    Gallery,
    Key,
    SectionContent,
    Table,
    Text,
)
from aeviz.page.figures import one_axes
from aeviz.page.wording import decimals_for, fixed, in_sentence, metric_words, signed
from aeviz.plots.coloring import Coloring
from aeviz.plots.maps import scatter
from aeviz.plots.theme import class_colors
from aeviz.tutorial._findings import Finding, finding, verdicts
from aeviz.tutorial._map_scores import (
    METRICS_TOLD,
    scores_and_differences,
    timed_map,
)
from aeviz.tutorial._tables import Entry, table
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZE = 32
N_SHORT = 10_000
RAW, PCA, DEEP = "pixels", "PCA", "deep autoencoder"
MAPS = (RAW, PCA, DEEP)
MAP_PX = 330
# Seconds less apart than this are taken as the same: other work disturbs them.
SAME_SECONDS = 0.1


def _measure(workshop: Workshop) -> Results:
    X, y = _samples(workshop)
    spaces: dict[str, np.ndarray] = {RAW: X}
    seconds: dict[str, dict[str, float]] = {RAW: {"learn": 0.0, "encode": 0.0}}
    workshop.update(0, 5, "codes")
    spaces[PCA], seconds[PCA] = _pca_codes(workshop, X)
    spaces[DEEP], seconds[DEEP], epochs = _deep_codes(workshop, X)
    maps = {}
    # Imports and first calls are not part of any method's time.
    timed_map(X[:100], seed=workshop.seed)
    for i, (name, space) in enumerate(spaces.items()):
        workshop.update(1 + i, 5, f"t-SNE of {space.shape[1]} numbers per image, {name}")
        maps[name], seconds[name]["map"] = timed_map(space, seed=workshop.seed)
    workshop.update(4, 5, "scores")
    scores, differences = scores_and_differences(X, y, maps, seed=workshop.seed)
    numbers = {
        "n_samples": len(X),
        "n_trained": len(workshop.X),
        "is_whole": workshop.epochs_scale >= 1,
        "epochs": epochs,
        "n_features": {name: space.shape[1] for name, space in spaces.items()},
        "seconds": seconds,
        "scores": scores,
        "differences": differences,
        "seed": workshop.seed,
    }
    return Results(numbers, {**maps, "y": y})


def _samples(workshop: Workshop) -> tuple[np.ndarray, np.ndarray]:
    """Return all images in a whole run, and test images alone in a short one."""
    if workshop.epochs_scale < 1:
        return workshop.X_test[:N_SHORT], workshop.y_test[:N_SHORT]
    X = np.concatenate([workshop.X, workshop.X_test])
    return X, np.concatenate([workshop.y, workshop.y_test])


def _timed(function: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    result = function()
    return result, time.perf_counter() - begun


def _pca_codes(workshop: Workshop, X: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    from aeviz.encoders.pca import PCAEncoder

    pca = PCAEncoder(CODE_SIZE, random_state=workshop.seed)
    _, learn = _timed(lambda: pca.fit(workshop.X))
    codes, encode = _timed(lambda: pca.transform(X))
    return codes, {"learn": learn, "encode": encode}


def _deep_codes(workshop: Workshop, X: np.ndarray) -> tuple[np.ndarray, dict[str, float], int]:
    deep = workshop.ours("deep")
    epochs = len(deep.history_["loss"])
    learn = workshop.seconds("deep")
    # The first call compiles.
    deep.transform(X[:1])
    codes, encode = _timed(lambda: deep.transform(X))
    return codes, {"learn": learn, "encode": encode}, epochs


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    summary = (
        "The tutorial calls it “a good strategy” to compress data to about 32 numbers by an "
        "autoencoder before t-SNE, which “typically requires relatively low-dimensional data”. "
        f"Here are t-SNE maps of {numbers['n_samples']:,} images {_which(numbers)}: of their "
        "pixels, of PCA's 32 numbers, and of the deep autoencoder's."
    )
    findings = [_quality(numbers, metric) for metric in METRICS_TOLD]
    findings += [_speed(numbers), _beyond_pca(numbers)]
    question = "Does reducing to 32 numbers before t-SNE help?"
    blocks: list[Block] = [
        verdicts(question, findings, _answer(numbers), n_counted=3),
        *_maps(results),
        _scores_table(numbers),
        _seconds_table(numbers),
        Text([_how(numbers)]),
    ]
    return SectionContent(summary, blocks)


def _which(numbers: dict[str, Any]) -> str:
    if numbers["is_whole"]:
        return "(all there are, training images included)"
    return "(test images; a whole run takes all 70,000)"


def _difference(numbers: dict[str, Any], metric: str, ours: str, theirs: str) -> Any:
    found = numbers["differences"][ours][theirs][metric]
    shown = found["low"] > 0 or found["high"] < 0
    holds = found["value"] > 0 if shown else None
    decimals = decimals_for([(found["low"], found["high"])])
    words = [signed(found[name], decimals) for name in ("value", "low", "high")]
    return holds, f"{words[0]} ({words[1]} to {words[2]})"


def _quality(numbers: dict[str, Any], metric: str) -> Finding:
    """Compare the map of the autoencoder's codes with that of the pixels."""
    holds, told = _difference(numbers, metric, DEEP, RAW)
    # No difference shown is no help.
    subject = f"{metric_words(metric).title} of the map, codes minus pixels:"
    return finding(bool(holds), subject, told)


def _speed(numbers: dict[str, Any]) -> Finding:
    seconds = numbers["seconds"]
    ours = sum(seconds[DEEP].values())
    raw, mapped = seconds[RAW]["map"], seconds[DEEP]["map"]
    holds: bool | None = False
    if mapped < (1 - SAME_SECONDS) * raw:
        holds = True if ours < (1 - SAME_SECONDS) * raw else None
    amount = (
        f"t-SNE takes {_seconds(mapped)} in place of {_seconds(raw)}; with training and encoding "
        f"{_seconds(ours)}"
    )
    return finding(holds, "Time saved:", amount)


def _beyond_pca(numbers: dict[str, Any]) -> Finding:
    metric = METRICS_TOLD[0]
    holds, told = _difference(numbers, metric, DEEP, PCA)
    subject = f"More than PCA: {in_sentence(metric_words(metric).title)} minus that of its codes:"
    return finding(bool(holds), subject, told)


def _answer(numbers: dict[str, Any]) -> str:
    metric = METRICS_TOLD[0]
    title = in_sentence(metric_words(metric).title)
    value = {name: numbers["scores"][name][metric]["value"] for name in MAPS}
    told = ", ".join(f"{fixed(value[name], 3)} for {_named(name)}" for name in MAPS)
    seconds = {name: numbers["seconds"][name]["map"] for name in MAPS}
    saved = 100 * (1 - seconds[PCA] / seconds[RAW])
    if abs(saved) < 100 * SAME_SECONDS:
        pca = "takes as long as with the pixels"
    else:
        pca = f"takes {fixed(abs(saved), 0)} % {'less' if saved > 0 else 'more'} time"
    learnt = _seconds(numbers["seconds"][PCA]["learn"])
    return f"The maps' {title} is {told}. With PCA's numbers, learnt in {learnt}, t-SNE {pca}."


def _named(name: str) -> str:
    return {RAW: "the pixels", PCA: "PCA's codes", DEEP: "the autoencoder's"}[name]


def _maps(results: Results) -> list[Block]:
    labels = results.arrays["y"].astype(str)
    coloring = Coloring.of_classes(labels)
    colors = class_colors(coloring.n_classes)
    figures = [_map(results, name, coloring) for name in MAPS]
    key = Key(entries=list(zip(coloring.class_names, colors, strict=True)))
    return [key, Gallery(figures, n_columns=3)]


def _map(results: Results, name: str, coloring: Coloring) -> Figure:
    points = results.arrays[name]
    scores = results.numbers["scores"][name]

    def fill(ax: Any) -> None:
        scatter(points, coloring, ax=ax)

    title = {
        RAW: "Map of the pixels",
        PCA: "Map of PCA's codes",
        DEEP: "Map of the autoencoder's codes",
    }[name]
    facts = [(metric_words(m).title, fixed(scores[m]["value"], 3)) for m in METRICS_TOLD]
    told = ", ".join(f"{in_sentence(metric)} {value}" for metric, value in facts)
    alt = f"t-SNE {in_sentence(title)}: {len(points):,} images coloured by digit; {told}."
    draw = one_axes(MAP_PX, MAP_PX, fill)
    return Figure(f"claim_tsne_{MAPS.index(name)}", draw, alt, title=title, facts=facts)


def _scores_table(numbers: dict[str, Any]) -> Table:
    rows: list[list[Entry]] = []
    for metric in METRICS_TOLD:
        words = metric_words(metric)
        found = [numbers["scores"][name][metric] for name in MAPS]
        decimals = decimals_for([(one["low"], one["high"]) for one in found])
        best = max(one["value"] for one in found)
        rows.append(
            [
                (words.title, words.direction),
                *(
                    Cell(
                        fixed(one["value"], decimals),
                        f"{fixed(one['low'], decimals)} to {fixed(one['high'], decimals)}",
                        one["value"] == best,
                    )
                    for one in found
                ),
            ]
        )
    caption = (
        "95 % bootstrap intervals over the images evaluated. Trustworthiness asks for neighbours "
        "among the pixels, so it is the pixels' own measure."
    )
    return table(_heads(numbers), rows, caption, title="How good are the maps?")


def _seconds_table(numbers: dict[str, Any]) -> Table:
    parts = (("Learning the code", "learn"), ("Encoding", "encode"), ("t-SNE", "map"))
    seconds = numbers["seconds"]
    rows = [[title, *(_seconds(seconds[name][part]) for name in MAPS)] for title, part in parts]
    rows.append(["All", *(_seconds(sum(seconds[name].values())) for name in MAPS)])
    caption = (
        f"The autoencoder's learning is its whole training, {plural(numbers['epochs'], 'epoch')}, "
        "done once for all chapters."
    )
    return table(_heads(numbers), rows, caption, title="How long does it take?")


def _heads(numbers: dict[str, Any]) -> list[Entry]:
    named = (("Pixels", RAW), ("PCA", PCA), ("Deep autoencoder", DEEP))
    sizes = numbers["n_features"]
    return ["t-SNE of", *((title, plural(sizes[name], "number")) for title, name in named)]


def _how(numbers: dict[str, Any]) -> str:
    return (
        "How: this project's t-SNE (openTSNE's optimisation on exact neighbours, perplexity 30, "
        f"750 iterations, from principal components), one seed ({numbers['seed']}), the same for "
        f"all three. PCA and the autoencoder were fitted to {numbers['n_trained']:,} training "
        "images. The accuracy is that of the 10 nearest neighbours on the map, each image left "
        "out in turn. Times are of the machine that made this page; what more features cost is the "
        "search for neighbours, and the optimisation behind it is the same for all."
    )


def _seconds(seconds: float) -> str:
    return f"{fixed(seconds, 1 if seconds < 100 else 0)} s"


CHAPTER = Chapter(
    "Reducing to 32 dimensions before t-SNE helps", 170, _measure, _show, needs=("deep",)
)
