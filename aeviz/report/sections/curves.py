"""Show at which scale each picture is true: neighbourhoods of every size, and distances."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.page.content import Block, Figure, Fold, Gallery, SectionContent
from aeviz.page.wording import capitalised, fixed, joined, method
from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.scales import scales
from aeviz.plots.shepard import shepard
from aeviz.plots.theme import Theme
from aeviz.report._maps import name_of
from aeviz.report.sections.base import Section
from aeviz.runs.pair import IDENTITY, Pair
from aeviz.runs.run import Run

__all__ = ["SECTION"]

STAGE = "data-to-embedding"
OTHERS = ""
PANEL_PX = 508
SHEPARD_PX = 236
MAX_SHOWN = 4


def _build(run: Run) -> SectionContent | None:
    found = run.curves
    if found is None:
        return None
    is_of_picture = found.stage == STAGE
    names = zip(found.encoder, found.embedding, is_of_picture, strict=True)
    places = {
        Pair(str(kind), str(name)): i for i, (kind, name, is_one) in enumerate(names) if is_one
    }
    if not places:
        return None
    r_nx = {pair: found.r_nx[place] for pair, place in places.items()}
    panels = [_scales(run, title, pairs, found.k, r_nx) for title, pairs in _panels(places)]
    diagrams = [_shepard(run, pair, found.shepard[place]) for pair, place in places.items()]
    summary = (
        "A picture can keep the nearest few neighbours and lose the large structure, or the other "
        "way round. The curves show R_NX: of the K rows nearest to a sample in the data, how many "
        "are among the K nearest in the picture, from chance (0) to all of them (1), for every K; "
        "the area under a curve, over log K, is one number for all scales. The diagrams below "
        "show the distances of pairs of samples, the more ink the more of them: where a picture "
        "keeps them, all lie along one straight line from the corner. The coloured line is their "
        "median."
    )
    blocks: list[Block] = [Gallery(panels, n_columns=min(2, len(panels)))]
    blocks.append(Gallery(diagrams[:MAX_SHOWN], n_columns=4))
    if len(diagrams) > MAX_SHOWN:
        rest = diagrams[MAX_SHOWN:]
        blocks.append(Fold(f"Distances in {len(rest)} more pictures", [Gallery(rest, n_columns=4)]))
    return SectionContent(summary, blocks)


def _panels(pairs: Any) -> list[tuple[str, list[Pair]]]:
    """Return the pictures by the method that drew them; those alone with theirs together."""
    by_embedding: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_embedding.setdefault(pair.embedding, []).append(pair)
    alone = [members[0] for members in by_embedding.values() if len(members) == 1]
    several = [(name, members) for name, members in by_embedding.items() if len(members) > 1]
    return [*several, *([(OTHERS, alone)] if alone else [])]


def _scales(
    run: Run, embedding: str, pairs: list[Pair], sizes: np.ndarray, r_nx: dict[Pair, np.ndarray]
) -> Figure:
    """Return the curves of one method's pictures, those of all others thin behind them."""
    named = {capitalised(_name(pair, embedding)): r_nx[pair] for pair in pairs}
    others = [values for pair, values in r_nx.items() if pair not in pairs]
    # One colour an encoder in every panel; the plain pictures of the data come last.
    encoders = list(dict.fromkeys(pair.encoder for pair in r_nx))
    places = [encoders.index(pair.encoder) for pair in pairs]
    lowest = min(0.0, *(float(values.min()) for values in r_nx.values()))
    highest = max(float(values.max()) for values in r_nx.values())
    room = 0.06 * max(highest - lowest, 0.1)
    limits = max(lowest - room, -1.0), min(highest + room, 1.02)

    def draw(theme: Theme) -> Any:
        legend_px = 17 * -(-len(pairs) // 2)
        figure = new_figure(PANEL_PX, 256 + legend_px)
        ax = pixel_axes(figure, left=52, right=8, top=8, bottom=50 + legend_px)
        scales(sizes, named, ax=ax, style_numbers=places, others=others, limits=limits)
        return figure

    areas = {pair: _score(run, pair, "auc_rnx") for pair in pairs}
    ordered = sorted(pairs, key=lambda pair: -areas[pair])
    told = joined(f"{_name(pair, embedding)} {fixed(areas[pair], 3)}" for pair in ordered)
    drawn_by = method("", embedding).split(" → ")[-1] if embedding else "Other pictures"
    title = f"Neighbours kept at every size: {drawn_by}" if embedding else drawn_by
    caption = f"Area under the curve: {told}."
    if others:
        caption += " Thin lines: the other pictures."
    return Figure(f"curves_{embedding or 'others'}", draw, f"{title}. {caption}", caption, title)


def _name(pair: Pair, embedding: str) -> str:
    """Return a picture's name where all about it are of one method, or any."""
    if not embedding:
        return name_of(pair)
    return "the data as they are" if pair.encoder == IDENTITY else method(pair.encoder)


def _score(run: Run, pair: Pair, metric: str) -> float:
    """Return a picture's score against the data."""
    scores = run.scores
    is_it = (scores["encoder"] == pair.encoder) & (scores["embedding"] == pair.embedding)
    is_it &= (scores["stage"] == STAGE) & (scores["metric"] == metric)
    return float(scores.loc[is_it, "value"].iloc[0]) if is_it.any() else float("nan")


def _shepard(run: Run, pair: Pair, density: np.ndarray) -> Figure:
    def draw(theme: Theme) -> Any:
        figure = new_figure(SHEPARD_PX, SHEPARD_PX)
        ax = pixel_axes(figure, left=22, right=2, top=2, bottom=22)
        shepard(density, ax=ax)
        return figure

    facts = [
        (title, fixed(_score(run, pair, name), 3))
        for title, name in (("Pearson", "pearson"), ("Spearman", "spearman"), ("Stress", "stress"))
    ]
    told = ", ".join(f"{title} {value}" for title, value in facts)
    title = capitalised(name_of(pair))
    alt = f"Distances in the picture against those in the data, {title}: {told}."
    return Figure(f"shepard_{pair.key}", draw, alt, title=title, facts=facts)


SECTION = Section("Across scales", 72, _build)
