"""Maps of a run: each class has one colour in all of them, and one key explains all."""

from functools import partial

import numpy as np
from matplotlib.colors import Colormap, to_hex

from aeviz.core.registry import EMBEDDINGS
from aeviz.evaluation.stages import Stage
from aeviz.page.content import Block, ColorBar, Figure, Key
from aeviz.page.figures import one_axes
from aeviz.page.wording import (
    capitalised,
    fixed,
    headlines,
    in_sentence,
    method,
    metric_words,
    number,
)
from aeviz.plots import Coloring, scatter
from aeviz.plots.theme import DARK, LIGHT
from aeviz.runs import Pair, Run
from aeviz.runs.score_table import at_usual_k

__all__ = [
    "color_stops",
    "has_axes",
    "map_density",
    "map_figure",
    "map_key",
    "map_margins",
    "name_of",
    "points_of",
    "scores_of",
]

MAP_PX = 508
MAX_KEYED = 60
MAX_FINE = 10_000
_N_STOPS = 32


def name_of(pair: Pair) -> str:
    """Return the name of a pair in words."""
    return method(pair.encoder, pair.embedding)


def points_of(run: Run, pair: Pair) -> np.ndarray:
    """Return the coordinates of a pair, shape (n_samples, 2)."""
    columns = [f"{pair.key}_{axis}" for axis in "xy"]
    return run.embeddings[columns].to_numpy()


def has_axes(embedding: str) -> bool:
    """Return whether an embedding's coordinates mean something; a latent plane's do."""
    if embedding not in EMBEDDINGS.names():
        return True
    return bool(EMBEDDINGS.get(embedding).has_meaningful_axes)


def map_margins(embedding: str) -> dict[str, float]:
    """Return the margins of a map: room for ticks, if coordinates mean something."""
    return {"left": 34, "bottom": 24, "right": 6, "top": 6} if has_axes(embedding) else {}


def scores_of(run: Run, pair: Pair) -> dict[str, float]:
    """Return the scores of a pair against the data, by metric."""
    scores = run.scores[run.scores["stage"] == Stage.DATA_TO_EMBEDDING]
    is_it = (scores["encoder"] == pair.encoder) & (scores["embedding"] == pair.embedding)
    of_pair = at_usual_k(scores[is_it])
    return dict(zip(of_pair["metric"], of_pair["value"].astype(float), strict=True))


def map_figure(
    run: Run,
    pair: Pair,
    coloring: Coloring,
    *,
    name: str = "",
    caption: str = "",
    title: str | None = None,
) -> Figure:
    """Return the figure of one pair, its headline scores below it."""
    points, values = points_of(run, pair), scores_of(run, pair)
    fill = partial(scatter, points, coloring, ticks=has_axes(pair.embedding))
    names = [metric for metric in headlines() if metric in values][:3]
    facts = [(metric_words(metric).title, fixed(values[metric], 3)) for metric in names]
    told = ", ".join(f"{in_sentence(metric)} {value}" for metric, value in facts)
    colored = " coloured by their label" if coloring.kind == "continuous" else ""
    if coloring.kind == "classes":
        colored = f" coloured by {coloring.n_classes:,} {coloring.noun}"
    alt = f"{capitalised(name_of(pair))}: {len(points):,} samples in the plane{colored}"
    return Figure(
        name or f"embedding_{pair.key}",
        one_axes(MAP_PX, MAP_PX, fill, **map_margins(pair.embedding)),
        f"{alt}; {told}." if told else f"{alt}.",
        caption,
        capitalised(name_of(pair)) if title is None else title,
        facts,
        {"embedding": pair.key},
        density=map_density(run),
    )


def map_density(run: Run) -> float:
    """Return how finely a map is drawn on the page.

    Coarsely if points are many and a live map takes its place.
    """
    is_live = run.browse_path.is_dir()
    return 1 if is_live and run.data.n_samples > MAX_FINE else 2


def map_key(coloring: Coloring, note: str = "") -> list[Block]:
    """Return what the colours mean, nothing where they mean nothing; `note` stands below it."""
    if coloring.kind == "none":
        return []
    entries: list[tuple[str, str]] = []
    bar: ColorBar | None = None
    notes = [note] if note else []
    if coloring.kind == "continuous":
        colors = [color_stops(coloring.color_map(theme)) for theme in (LIGHT, DARK)]
        bar = ColorBar(number(coloring.low), number(coloring.high), *colors)
        if coloring.is_clipped:
            notes.append("Labels beyond these values have the end colours.")
    elif coloring.n_classes > MAX_KEYED:
        notes.append(
            f"{coloring.n_classes:,} {coloring.noun} have one colour each, which are too many to "
            "name or to tell apart; nearness of equal colours still shows which belong together."
        )
    else:
        entries = list(zip(coloring.class_names, coloring.colors, strict=True))
    if coloring.n_missing:
        notes.append(f"{coloring.n_missing:,} samples have {coloring.missing_words} and are grey.")
    return [Key(entries, bar, " ".join(notes))]


def color_stops(color_map: Colormap) -> list[str]:
    """Return evenly spaced colours of a colour map, from low to high."""
    return [to_hex(color) for color in color_map(np.linspace(0, 1, _N_STOPS))]
