"""State how the run was done, so that it can be repeated and judged."""

from __future__ import annotations

import json
from typing import Any

from aeviz.report._content import Cell, Facts, Section, SectionContent, Table
from aeviz.runs import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent:
    info = run.info
    settings = {name: value for name, value in run.settings.items() if value not in (None, {}, [])}
    blocks: list[Any] = [
        Facts([(name, _plain(value)) for name, value in settings.items()]),
        Facts(
            [
                ("device", str(info.get("device", "not recorded"))),
                *((f"threads, {name}", _plain(n)) for name, n in info.get("threads", {}).items()),
                ("data fingerprint", run.data.fingerprint[:16]),
            ]
        ),
        Facts(list(info["versions"].items())),
    ]
    # Drawing this page is itself a step, not finished yet.
    steps = [step for step in run.steps if step.name != "render"]
    if steps:
        rows = [
            [
                Cell(step.name),
                Cell(f"{step.seconds:.1f}"),
                Cell(f"{step.peak_memory_bytes / 1e9:.2f}"),
            ]
            for step in steps
        ]
        blocks.append(
            Table(["Step", "Seconds", "Peak memory, GB"], rows, caption="What each step cost")
        )
    summary = (
        "The same command with the same seed on the same machine gives the same scores to the "
        "last digit."
    )
    return SectionContent(summary, blocks)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


SECTION = Section("Settings and methods", 80, _build)
