"""Section on the scales at which each embedding is faithful: neighbourhoods and distances."""

import math
from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np

from aeviz.evaluation.stages import Stage
from aeviz.page.content import Block, Figure, Fold, Gallery, SectionContent
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, fixed, joined, method
from aeviz.plots.line_charts import neighborhood_curves, shepard_diagram
from aeviz.report._maps import name_of, scores_of
from aeviz.report.sections.base import Section
from aeviz.runs.pair import IDENTITY, OWN, Pair
from aeviz.runs.run import Run

__all__ = ["SECTION"]

OTHERS = ""
PANEL_PX = 508
SHEPARD_PX = 236
MAX_SHOWN = 4


def _build(run: Run) -> SectionContent | None:
    found = run.curves
    if found is None:
        return None
    names = zip(found.stage, found.encoder, found.embedding, strict=True)
    rows = {
        Pair(str(kind), str(name)): i
        for i, (stage, kind, name) in enumerate(names)
        if stage == Stage.DATA_TO_EMBEDDING
    }
    if not rows:
        return None
    r_nx = {pair: found.r_nx[row] for pair, row in rows.items()}
    panels = [_scales(run, title, pairs, found.k, r_nx) for title, pairs in _panels(rows)]
    diagrams = [_shepard(run, pair, found.shepard[row]) for pair, row in rows.items()]
    summary = (
        "A map can keep the nearest few neighbours and lose the large structure, or the other way "
        "round. The curves show R_NX: the share of the K nearest neighbours of a sample in the "
        "data that are also among its K nearest in the map, scaled from chance (0) to all of them "
        "(1), for every K; the area under a curve, over log K, is one number for all scales. The "
        "diagrams below show the distances of pairs of samples; more ink means more pairs. If a "
        "map keeps the distances, all pairs lie along one straight line from the corner. The "
        "coloured line is their median."
    )
    blocks: list[Block] = [
        Gallery(panels, n_columns=min(2, len(panels))),
        Gallery(diagrams[:MAX_SHOWN], n_columns=4),
    ]
    if len(diagrams) > MAX_SHOWN:
        rest = diagrams[MAX_SHOWN:]
        blocks.append(Fold(f"Distances in {len(rest)} more maps", [Gallery(rest, n_columns=4)]))
    return SectionContent(summary, blocks)


def _panels(pairs: Iterable[Pair]) -> list[tuple[str, list[Pair]]]:
    """Return pairs by their embedding; those that are the only one of theirs come together."""
    by_embedding: dict[str, list[Pair]] = {}
    for pair in pairs:
        # A map of the user may be called as an embedding is.
        by_embedding.setdefault(pair.key if pair.encoder == OWN else pair.embedding, []).append(
            pair
        )
    alone = [members[0] for members in by_embedding.values() if len(members) == 1]
    several = [(name, members) for name, members in by_embedding.items() if len(members) > 1]
    return [*several, *([(OTHERS, alone)] if alone else [])]


def _scales(
    run: Run, embedding: str, pairs: list[Pair], sizes: np.ndarray, r_nx: dict[Pair, np.ndarray]
) -> Figure:
    """Return the curves of one embedding by encoder, those of all others as thin lines."""
    named = {capitalised(_name(pair, embedding)): r_nx[pair] for pair in pairs}
    others = [values for pair, values in r_nx.items() if pair not in pairs]
    # Each encoder has the same colour in every panel.
    encoders = list(dict.fromkeys(pair.encoder for pair in r_nx))
    colors = [encoders.index(pair.encoder) for pair in pairs]
    lowest = min(0.0, *(float(values.min()) for values in r_nx.values()))
    highest = max(float(values.max()) for values in r_nx.values())
    room = 0.06 * max(highest - lowest, 0.1)
    limits = max(lowest - room, -1.0), min(highest + room, 1.02)
    styles: dict[str, Any] = {"style_numbers": colors, "others": others, "limits": limits}
    legend_px = 17 * -(-len(pairs) // 2)
    margins = {"left": 52, "right": 8, "top": 8, "bottom": 50 + legend_px}
    fill = partial(neighborhood_curves, sizes, named, **styles)
    draw = one_axes(PANEL_PX, 256 + legend_px, fill, **margins)
    areas = {pair: scores_of(run, pair).get("auc_rnx", math.nan) for pair in pairs}
    ordered = sorted(pairs, key=lambda pair: -areas[pair])
    told = joined(f"{_name(pair, embedding)} {fixed(areas[pair], 3)}" for pair in ordered)
    drawn_by = method("", embedding).split(" → ")[-1] if embedding else "Other maps"
    title = f"Neighbours kept at every size: {drawn_by}" if embedding else drawn_by
    caption = f"Area under the curve: {told}."
    if others:
        caption += " Thin lines: the other maps."
    return Figure(f"curves_{embedding or 'others'}", draw, f"{title}. {caption}", caption, title)


def _name(pair: Pair, embedding: str) -> str:
    """Return the name of a pair in a panel of one embedding, or of several."""
    if not embedding:
        return name_of(pair)
    return "the original data" if pair.encoder == IDENTITY else method(pair.encoder)


def _shepard(run: Run, pair: Pair, density: np.ndarray) -> Figure:
    margins = {"left": 22, "right": 2, "top": 2, "bottom": 22}
    draw = one_axes(SHEPARD_PX, SHEPARD_PX, partial(shepard_diagram, density), **margins)
    scores = scores_of(run, pair)
    names = ("pearson", "spearman", "stress")
    facts = [(name.capitalize(), fixed(scores.get(name), 3)) for name in names]
    told = ", ".join(f"{title} {value}" for title, value in facts)
    title = capitalised(name_of(pair))
    alt = f"Distances in the map against those in the data, {title}: {told}."
    return Figure(f"shepard_{pair.key}", draw, alt, title=title, facts=facts)


SECTION = Section("Across scales", 72, _build, _build)
