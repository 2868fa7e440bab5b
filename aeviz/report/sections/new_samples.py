"""Section on samples that were added after the run: their coordinates, and which are outliers."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.wording import grouped, plural
from aeviz.page.content import Block, Cell, Figure, Gallery, SectionContent, Text, table
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, fixed, interval, joined, method, number, shortened
from aeviz.plots import Coloring, overlay
from aeviz.plots.figure import drawable
from aeviz.report._maps import has_axes, map_key, map_margins, name_of, points_of
from aeviz.report.coloring import coloring_of, label_coloring
from aeviz.report.sections.base import Section
from aeviz.runs import Pair, Run
from aeviz.runs.new_samples import Added

__all__ = ["SECTION"]

MAP_PX = 380
MAX_LISTED = 10


def _build(run: Run) -> SectionContent | None:
    every = Added.all(run)
    if not every:
        return None
    n_new = sum(len(one.table) for one in every)
    summary = (
        f"{plural(n_new, 'sample')} that came after the run, of "
        f"{joined(_named(one) for one in every)}, each transformed on its own into the maps, in "
        "which nothing else moved. The run’s own samples are pale; a diamond is a new sample, and "
        "a cross is an outlier: its reconstruction error, or the distance of its code to the "
        "nearest code of the run, is larger than for 99.9 % of the run’s samples. The position "
        "of a cross means little."
    )
    coloring = coloring_of(run)
    paragraphs = Text([_paragraph(one, label_coloring(run)) for one in every])
    blocks: list[Block] = [paragraphs, *map_key(coloring)]
    for i, one in enumerate(every):
        figures = [
            _map(run, one, pair, coloring, number=i if len(every) > 1 else None)
            for pair in run.pairs
            if f"{pair.key}_x" in one.table.columns
        ]
        blocks += [Gallery(figures, n_columns=3), *_agreement(one), *_largest_outliers(run, one)]
    return SectionContent(summary, blocks)


def _paragraph(one: Added, coloring: Coloring) -> str:
    """Return how many samples are outliers, and by which measure."""
    n_outliers, n_new = int(one.table["is_outlier"].sum()), len(one.table)
    text = f"{_named(one)}: {n_outliers:,} of {plural(n_new, 'sample')} are outliers"
    beyond = one.beyond()
    parts = []
    for what, words in (("error", "by the error"), ("distance", "by the distance")):
        found = [is_it for column, is_it in beyond.items() if column.endswith(f"_{what}")]
        if found:
            parts.append(f"{int(np.logical_or.reduce(found).sum()):,} {words}")
    text += f", {' and '.join(parts)}, in at least one code." if n_outliers and parts else "."
    if one.info["label_kind"] is None and coloring.kind != "none":
        text += " They have no labels to be coloured by."
    for reason, names in grouped(one.info["left_out"]).items():
        text += f" They are not in {joined(names)}: {reason}."
    return text


def _coloring(one: Added, old: Coloring) -> Coloring:
    """Return the colours of new samples, the same for the same label as of the run's own."""
    labels = one.table["label"] if one.info["label_kind"] is not None else None
    if labels is None or old.kind == "none" or old.are_clusters:
        return Coloring.none(len(one.table))
    if old.kind == "classes":
        return Coloring.of_classes(labels, old.class_names, colors=old.colors)
    return replace(old, n_samples=len(labels), values=labels.to_numpy(float))


def _map(run: Run, one: Added, pair: Pair, old: Coloring, *, number: int | None) -> Figure:
    """Return one embedding with the new samples of one source."""
    key = pair.key
    points, new = points_of(run, pair), one.table[[f"{key}_x", f"{key}_y"]].to_numpy()
    coloring, is_outlier = _coloring(one, old), one.table["is_outlier"].to_numpy(bool)
    ticks = has_axes(pair.embedding)
    fill = partial(overlay, points, old, new, coloring, is_outlier, ticks=ticks)
    named = _named(one)
    facts = [
        ("10-NN accuracy", fixed(row["value"], 3))
        for row in one.info["agreement"]
        if (row["encoder"], row["embedding"]) == (pair.encoder, pair.embedding)
    ]
    told = "".join(f"; {name} {value}" for name, value in facts)
    return Figure(
        f"new_{key}" if number is None else f"new_{number + 1}_{key}",
        one_axes(MAP_PX, MAP_PX, fill, **map_margins(pair.embedding)),
        f"{plural(len(new), 'new sample')} of {named} over {len(points):,} pale ones in "
        f"{name_of(pair)}; {int(is_outlier.sum()):,} crosses are outliers{told}.",
        title=capitalised(name_of(pair)) + ("" if number is None else f", {named}"),
        facts=facts,
        density=1 if len(points) > 10_000 else 2,
    )


def _agreement(one: Added) -> list[Block]:
    """Return how often a new sample has the label of most of its nearest samples of the run."""
    found = one.info["agreement"]
    if not found:
        return []
    rows = [
        [
            capitalised(method(row["encoder"], row["embedding"])),
            Cell(fixed(row["value"], 3), interval(row["low"], row["high"], 3)),
            fixed(row["own"], 3),
        ]
        for row in found
    ]
    caption = (
        f"The share of {plural(found[0]['n'], 'new sample')} whose label is that of most of the "
        "ten nearest of the run’s own, in each code and map. A class that the run does not have "
        "counts as wrong. The last column has the same of the run’s own samples, each without "
        "itself."
    )
    columns = ["Where", Cell("New samples", "95 % interval"), "The run’s own"]
    return [table(columns, rows, caption, f"Do neighbours share a label? {_named(one)}")]


def _largest_outliers(run: Run, one: Added) -> list[Block]:
    """Return the samples that are farthest beyond the bounds."""
    bounds, new = one.info["bounds"], one.table
    if not bounds:
        return []
    names = one.names()
    has_label = "label" in new.columns
    kinds = [kind for kind in run.encoders if f"{kind}_distance" in bounds]
    measures = {
        f"{kind}_{what}": f"{capitalised(what)}, {method(kind)}"
        for kind in kinds
        for what in ("error", "distance")
        if f"{kind}_{what}" in bounds
    }
    heads = [Cell(head, f"usual up to {number(bounds[key])}") for key, head in measures.items()]
    rows = []
    for row in np.argsort(-new["outlier_score"].to_numpy(float), kind="stable")[:MAX_LISTED]:
        sample = new.iloc[row]
        cells = [
            Cell(shortened(names[row], 40), "outlier" if sample["is_outlier"] else "no outlier"),
            *([Cell(_label(new["label"].iloc[row]))] if has_label else []),
        ]
        for key in measures:
            over = sample[key] > bounds[key]
            cells.append(Cell(number(float(sample[key])), tone="worse" if over else ""))
        rows.append(cells)
    caption = (
        "The new samples that exceed the values of 99.9 % of the run’s own by most. Errors are "
        "mean squared errors per feature in prepared units; distances are to the nearest code of "
        "the run, in units of the median of such distances within it."
    )
    columns = ["Sample", *(["Label"] if has_label else []), *heads]
    return [table(columns, rows, caption, f"The largest outliers of {_named(one)}")]


def _named(one: Added) -> str:
    return f"“{shortened(one.name, 40)}”"


def _label(value: Any) -> str:
    if pd.isna(value):
        return "–"
    return number(float(value)) if isinstance(value, float) else drawable(str(value))


SECTION = Section("New samples", 52, _build)
