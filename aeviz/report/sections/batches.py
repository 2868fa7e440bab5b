"""Section on batches: whether they mix in the data and in each map, and a map coloured by them."""

from dataclasses import replace

from aeviz.core.wording import plural
from aeviz.page.content import (
    Block,
    Cell,
    Facts,
    Figure,
    Gallery,
    SectionContent,
    Table,
    Text,
    table,
)
from aeviz.page.wording import capitalised, fixed, interval, number, shortened
from aeviz.plots import Coloring
from aeviz.report._maps import map_figure, map_key, name_of
from aeviz.report.batches import Batches
from aeviz.report.sections.base import Section
from aeviz.runs.pair import Pair
from aeviz.runs.run import Run

__all__ = ["SECTION"]

MAX_LISTED = 12


def _build(run: Run) -> SectionContent | None:
    found = Batches.of(run)
    if found is None:
        return None
    summary = (
        "Samples that were measured or processed together form a batch. Nothing was trained on "
        "the batches. Where they mix, a sample's nearest neighbours are of other batches as often "
        "as if batches were dealt at random."
    )
    said = found.warnings() or [_all_is_well(found), *filter(None, [found.together()])]
    coloring = Coloring.of_classes(run.embeddings["batch"])
    blocks: list[Block] = [Text(said), Facts(_facts(found)), _table(found)]
    blocks += [*map_key(coloring), Gallery(_maps(run, found, coloring), n_columns=2)]
    return SectionContent(summary, blocks)


def _all_is_well(found: Batches) -> str:
    least = min(found.spaces, key=lambda one: one.value)
    return (
        f"The batches ({found.title}) mix in the data and in every map: of a sample's {found.k} "
        f"nearest neighbours, {found.share(least)} or more are of other batches; random mixing "
        f"would give {found.random_share}."
    )


def _facts(found: Batches) -> list[tuple[str, str]]:
    sizes = [f"{shortened(str(name), 30)}: {n:,}" for name, n in found.sizes.items()]
    more = [f"{len(sizes) - MAX_LISTED:,} more"] if len(sizes) > MAX_LISTED else []
    facts = [
        ("Batches", f"{len(sizes):,}, the values of {shortened(found.title)}"),
        ("Samples by batch", ", ".join([*sizes[:MAX_LISTED], *more])),
    ]
    if found.n_missing:
        facts.append(("Without a batch", plural(found.n_missing, "sample")))
    if found.association is not None:
        facts.append(("Cramér’s V of batches and labels", number(round(found.association, 2))))
    return facts


def _table(found: Batches) -> Table:
    rows = []
    for one in found.spaces:
        ends = interval(one.low, one.high, 3)
        tone, word = ("none", "mixed") if one.is_mixed else ("worse", "not mixed")
        ratio = Cell(fixed(one.value, 3), ends, tone=tone, word=word)  # type: ignore[arg-type] # a literal
        rows.append([Cell(capitalised(one.name)), Cell(found.share(one)), ratio])
    columns = ["Where", "Neighbours of other batches", Cell("Relative to random", "95 % interval")]
    caption = (
        f"Of a sample’s {found.k} nearest neighbours, the share that is of other batches, and that "
        "share divided by what random mixing gives; below half of it, batches are called not mixed."
    )
    return table(columns, rows, caption, "Do batches mix?")


def _maps(run: Run, found: Batches, coloring: Coloring) -> list[Figure]:
    """Return the maps in which batches mix least and most, coloured by batch."""
    mixing = {one.name: one.value for one in found.spaces}
    in_order = sorted(run.pairs, key=lambda pair: mixing.get(name_of(pair), 0.0))
    return [_map(run, pair, coloring) for pair in dict.fromkeys([in_order[0], in_order[-1]])]


def _map(run: Run, pair: Pair, coloring: Coloring) -> Figure:
    figure = map_figure(run, pair, coloring, name=f"batches_{pair.key}")
    alt = figure.alt.replace("classes", "batches")
    # Without the attributes that a live map, coloured by the label, would take its place by.
    return replace(figure, alt=alt, attributes={}, facts=())


SECTION = Section("Batches", 54, _build)
