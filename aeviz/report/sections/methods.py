"""State how the run was done, so that it can be repeated and judged."""

from __future__ import annotations

import json
from typing import Any

from aeviz.report._content import Block, Cell, Facts, Section, SectionContent, Table
from aeviz.report._words import capitalised, method, shortened
from aeviz.runs import Run, StepRecord

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent:
    info = run.info
    settings = {
        name: value for name, value in run.settings.items() if value not in (None, {}, [], "")
    }
    settings.setdefault("seed", info.get("seed"))
    threads = info.get("threads", {})
    machine = [
        ("Device", str(info.get("device", "not recorded"))),
        *((f"Threads, {name}", _plain(n)) for name, n in threads.items()),
        ("Data fingerprint", f"SHA-256 {run.data.fingerprint[:16]}…"),
        ("Started", str(info.get("created", "not recorded"))),
    ]
    blocks: list[Block] = [
        Facts(
            [(name, shortened(_plain(value), 200)) for name, value in settings.items()], "Settings"
        ),
    ]
    # Drawing this page is itself a step, not finished yet.
    steps = [step for step in run.steps if step.name != "render"]
    if steps:
        blocks.append(_steps(steps))
    blocks.append(Facts(machine, "Machine"))
    versions = info.get("versions", {})
    if versions:
        blocks.append(Facts([(name, str(text)) for name, text in versions.items()], "Versions"))
    summary = (
        "The same settings and seed, with these versions on this machine, give the same scores to "
        "the last digit."
    )
    return SectionContent(summary, blocks)


def _steps(steps: list[StepRecord]) -> Table:
    rows = [
        [
            Cell(_step(step.name)),
            Cell(f"{step.seconds:,.1f}"),
            Cell(f"{step.peak_memory_bytes / 1e9:.2f}"),
        ]
        for step in steps
    ]
    peak = max(step.peak_memory_bytes for step in steps)
    total = sum(step.seconds for step in steps)
    rows.append([Cell("All"), Cell(f"{total:,.1f}"), Cell(f"{peak / 1e9:.2f}")])
    caption = (
        "Peak memory is that of the whole process during the step, what earlier steps left "
        "included."
    )
    return Table(
        [*map(Cell, ("Step", "Seconds", "Peak memory, GB"))],
        rows,
        caption,
        title="Cost of each step",
    )


def _step(name: str) -> str:
    """Return a step's name in words: its verb, and what it was done with."""
    verb, *what = name.split(" ")
    if verb == "encode" and len(what) == 1:
        return f"Fit the {method(what[0])}" if what[0] != "pca" else "Fit PCA"
    if verb == "embed" and len(what) == 2:
        return f"Embed: {method(*what)}"
    return capitalised(name)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, default=str)


SECTION = Section("Settings and methods", 80, _build)
