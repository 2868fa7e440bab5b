"""Write the page of a benchmark: the answer, the tests behind it, and every number."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from aeviz.benchmark._section_costs import costs, sizes
from aeviz.benchmark._section_differences import differences
from aeviz.benchmark._section_overview import overview
from aeviz.benchmark._section_ranks import ranks
from aeviz.benchmark._section_scores import out_of_sample, scores
from aeviz.benchmark.folder import Benchmark
from aeviz.core.wording import plural
from aeviz.data.scaling import KINDS, kind_of
from aeviz.page.builder import Heading, PageSection, write_page
from aeviz.page.content import Cell, SectionContent, Table
from aeviz.page.provenance import provenance

__all__ = ["render"]

SECTIONS: dict[str, tuple[str, Callable[[Benchmark], SectionContent | None]]] = {
    "overview": ("Overview", overview),
    "differences": ("Differences to PCA", differences),
    "costs": ("Quality against time", costs),
    "sizes": ("Error against code size", sizes),
    "ranks": ("Ranks over data sets", ranks),
    "out_of_sample": ("New samples", out_of_sample),
    "scores": ("Scores", scores),
}


def render(
    benchmark: Benchmark, *, progress: Callable[[float, float, str], None] | None = None
) -> Path:
    """Write ``report.html`` and the figures of a benchmark; return the path of the page.

    Raises
    ------
    AevizError
        If the folder holds no benchmark.
    """
    sections = [
        PageSection(name, title, partial(build, benchmark))
        for name, (title, build) in SECTIONS.items()
    ]
    sections.append(PageSection("methods", "How this was made", partial(_methods, benchmark.info)))
    return write_page(benchmark, _heading(benchmark.info), sections, progress=progress)


def _heading(info: dict[str, Any]) -> Heading:
    names, settings = [card["name"] for card in info["datasets"]], info["settings"]
    facts = (
        plural(len(names), "data set"),
        plural(len(settings["encoder"]), "encoder"),
        plural(len(settings["embedding"]), "embedding"),
        plural(settings["seeds"], "seed"),
    )
    return Heading("Benchmark", ", ".join(names), facts, info["created"])


def _methods(info: dict[str, Any]) -> SectionContent:
    summary = (
        "The same settings, with these versions on this machine, give the same scores. Members "
        "have the parameters that they have by themselves, but for what the settings say."
    )
    columns = ("Data set", "Samples", "To train on", "Features", "Code", "Values", "SHA-256")
    rows = [
        [
            Cell(card["name"], "; ".join(card["notes"])),
            *(Cell(f"{card[name]:,}") for name in ("n_samples", "n_train", "n_features")),
            Cell(", ".join(map(str, card["code_sizes"]))),
            Cell(KINDS[kind_of(card["scaling"])][0]),
            Cell(f"{card['fingerprint'][:16]}…"),
        ]
        for card in info["datasets"]
    ]
    blocks = provenance(info["settings"], [], info, fingerprint=None, step_words=str)
    return SectionContent(summary, [Table([*map(Cell, columns)], rows), *blocks])
