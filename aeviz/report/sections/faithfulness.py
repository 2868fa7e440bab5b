"""Section on where each embedding is wrong: false and missed neighbours, and the worst samples."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from aeviz.page.content import Block, Cell, Figure, Gallery, SectionContent, Table, Text, table
from aeviz.page.figures import one_axes
from aeviz.page.wording import capitalised, fixed, joined
from aeviz.plots import Coloring, scatter
from aeviz.plots.image_lists import Neighbors, neighbor_images
from aeviz.report._maps import map_density, map_key, name_of, points_of
from aeviz.report._samples import SampleNames, features_apart, image_scale, ranked
from aeviz.report.sections.base import Section
from aeviz.runs import Pair, Run
from aeviz.runs.results import PairFaithfulness

__all__ = ["SECTION"]

MAP_PX = 380
MOSTLY = 0.5


class _Map:
    """Embedding with the faithfulness of its samples."""

    def __init__(self, pair: Pair, found: PairFaithfulness) -> None:
        self.pair, self.found = pair, found
        self.name = name_of(pair)
        self.shares = {"false": found.false_neighbors, "missed": found.missing_neighbors}
        # How many samples have more than half of their neighbours wrong.
        self.mostly = {
            share: _percent(float((values > MOSTLY).mean()))
            for share, values in self.shares.items()
        }


def _build(run: Run) -> SectionContent | None:
    return _content(run, has_samples=True)


def _shared(run: Run) -> SectionContent | None:
    """Return the maps of false and missed neighbours, without the worst samples."""
    return _content(run, has_samples=False)


def _content(run: Run, *, has_samples: bool) -> SectionContent | None:
    found = run.faithfulness
    if not run.pairs or found is None:
        return None
    maps = [_Map(pair, found.pairs[pair]) for pair in run.pairs]
    k, n_near = found.n_neighbors, found.n_near
    summary = (
        f"False neighbours are those of the {k} samples nearest to a sample in the map that are "
        f"not among its {n_near} nearest in the data: they only seem to be near. "
        f"Missed neighbours are those of its {k} nearest in the data that are not among the "
        f"{n_near} nearest to it in the map: their nearness cannot be seen."
    )
    note = "Colours show the share of a sample’s neighbours that is false, or missed."
    key = map_key(Coloring.of_shares(np.zeros(1)), note)
    blocks: list[Block] = [Text([_summary(run, maps, n_near)]), *key]
    if has_samples and run.data.is_image:
        return SectionContent(summary, [*blocks, *_with_images(run, maps, k)])
    figures = [_map(run, one, share) for one in maps for share in one.shares]
    blocks.append(Gallery(figures, n_columns=4))
    if has_samples:
        names = SampleNames(run)
        blocks += [_table(run, one, names) for one in maps if len(one.found.worst)]
    return SectionContent(summary, blocks)


def _with_images(run: Run, maps: list[_Map], k: int) -> Iterator[Gallery]:
    """Yield each map's shares next to its worst samples."""
    names = SampleNames(run)
    for one in maps:
        worst = [_sheet(run, one, names, k)] if len(one.found.worst) else []
        yield Gallery([*(_map(run, one, share) for share in one.shares), *worst], n_columns=3)


def _summary(run: Run, maps: list[_Map], n_near: int) -> str:
    """Return the shares of the best and of the worst map, and of a random one."""
    in_order = sorted(maps, key=lambda one: (one.shares["false"] > MOSTLY).mean())
    best, last = in_order[0], in_order[-1]
    share = best.mostly["false"]
    if share == last.mostly["false"]:
        missed = joined(f"{one.mostly['missed']} in {one.name}" for one in in_order)
        text = (
            f"{share} of the samples have mostly false neighbours, more than half of them"
            f"{', in every map' * (len(in_order) > 1)}; {missed} have mostly missed neighbours."
        )
    else:
        text = (
            f"The fewest are false in {best.name}: {share} of the samples have mostly false "
            f"neighbours, more than half of them, and {best.mostly['missed']} have mostly missed "
            f"neighbours. The most are false in {last.name}: {last.mostly['false']} and "
            f"{last.mostly['missed']}."
        )
    chance = 1 - n_near / (run.data.n_samples - 1)
    return (
        f"{text} In a random map {_percent(chance)} of the neighbours would be false. "
        "The neighbours of samples that stand out in colour should not be interpreted."
    )


def _map(run: Run, one: _Map, share: str) -> Figure:
    values, mostly = one.shares[share], one.mostly[share]
    fill = partial(scatter, points_of(run, one.pair), Coloring.of_shares(values))
    mean = float(values.mean())
    title = f"{capitalised(one.name)}: {share}"
    alt = (
        f"{title} neighbours, the plane coloured by their share: {fixed(mean, 3)} on average; "
        f"for {mostly} of {len(values):,} samples more than half."
    )
    facts = [("mean", _percent(mean)), (f"mostly {share}", f"{mostly} of samples")]
    name, draw = f"{share}_{one.pair.key}", one_axes(MAP_PX, MAP_PX, fill)
    return Figure(name, draw, alt, title=title, facts=facts, density=map_density(run))


def _sheet(run: Run, one: _Map, names: SampleNames, k: int) -> Figure:
    """Return the worst samples of a map with their neighbours, as images."""
    found, scale = one.found, image_scale(run)
    shown = [
        Neighbors(
            f"{names.full(row)}: {round(k * found.false_neighbors[row])} of {k} false",
            run.kept_samples(row),
            run.kept_samples(beside),
            run.kept_samples(nearest),
        )
        for row, beside, nearest in zip(found.worst, found.beside, found.nearest, strict=True)
    ]
    told = "; ".join(
        f"{names.full(row)}, in the map nearest to {beside}, in the data to {nearest}"
        for row, beside, nearest in _worst_in_words(names, found)
    )
    return Figure(
        f"worst_{one.pair.key}",
        lambda theme: neighbor_images(shown, scale),
        f"Samples with the most false neighbours: {told}.",
        title=f"{capitalised(one.name)}: worst",
        has_photos=scale.shape[2] >= 3,
    )


def _table(run: Run, one: _Map, names: SampleNames) -> Table:
    """Return the worst samples of a map with the features in which they differ from neighbours."""
    found = one.found
    told = f"{'labels' if names.kind is not None else 'ids'} of the nearest"
    heads = Cell("In the map", told), Cell("In the data", told)
    rows = []
    for i, (row, beside, nearest) in enumerate(_worst_in_words(names, found)):
        sample = run.kept_samples(row)
        means = {
            "near it": run.kept_samples(found.beside[i]).mean(axis=0),
            "nearest": run.kept_samples(found.nearest[i]).mean(axis=0),
        }
        features = features_apart(run, sample, means)
        rows.append([names.cell(row), beside, nearest, *features])
    n_shown = found.beside.shape[1]
    caption = (
        f"The samples with the most false neighbours, with {n_shown} neighbours each, and "
        "features of them: the value, and the means of these neighbours in the map and in the "
        "data."
    )
    title = f"{capitalised(one.name)}: worst samples"
    columns = ["Sample", *heads, *ranked("Differs most in", run)]
    return table(columns, rows, caption, title, is_text=True)


def _worst_in_words(names: SampleNames, found: PairFaithfulness) -> Iterator[tuple[Any, str, str]]:
    """Yield the worst samples with their neighbours' labels, or identifiers, in both spaces."""
    for row, *neighbors in zip(found.worst, found.beside, found.nearest, strict=True):
        beside, nearest = (", ".join(_counted([*map(names.told, rows)])) for rows in neighbors)
        yield row, beside, nearest


def _counted(words: list[str]) -> list[str]:
    """Return different words in their order, with how often each occurs.

    Examples
    --------
    >>> _counted(["7", "1", "7"])
    ['7 (2×)', '1']
    """
    return [word if n == 1 else f"{word} ({n}×)" for word, n in Counter(words).items()]


def _percent(share: float) -> str:
    return f"{fixed(100 * share, 1)}\N{NO-BREAK SPACE}%"


SECTION = Section("Where to believe the maps", 55, _build, _shared)
