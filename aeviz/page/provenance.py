"""Provenance of results: settings, the cost of each step, machine and versions."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aeviz.page.content import Block, Facts, Table, table
from aeviz.page.wording import shortened
from aeviz.runs.steps import StepRecord

__all__ = ["provenance"]


def provenance(
    settings: Mapping[str, Any],
    steps: Sequence[StepRecord],
    info: Mapping[str, Any],
    *,
    fingerprint: str | None,
    step_words: Callable[[str], str],
) -> list[Block]:
    """Return the blocks that state how results were made.

    Parameters
    ----------
    settings : mapping of str to JSON-able values
    steps : sequence of StepRecord
    info : mapping
        What a `StepFolder` records: created, device, threads, versions.
    fingerprint : str or None
        Fingerprint of the data; None to leave it out.
    step_words : function (name of a step) -> str
    """
    machine = [
        ("Device", str(info.get("device", "not recorded"))),
        *((f"Threads, {name}", _plain(n)) for name, n in info.get("threads", {}).items()),
        *([("Data fingerprint", f"SHA-256 {fingerprint[:16]}…")] if fingerprint else []),
        ("Started", str(info.get("created", "not recorded"))),
    ]
    settled = [(name, shortened(_plain(value), 200)) for name, value in settings.items()]
    blocks: list[Block] = [Facts(settled, "Settings")]
    # Drawing this page is itself a step, not finished yet.
    finished = [step for step in steps if step.name != "render"]
    if finished:
        blocks.append(_steps(finished, step_words))
    blocks.append(Facts(machine, "Machine"))
    versions = info.get("versions", {})
    if versions:
        blocks.append(Facts([(name, str(text)) for name, text in versions.items()], "Versions"))
    return blocks


def _steps(steps: list[StepRecord], step_words: Callable[[str], str]) -> Table:
    costs = [(step_words(one.name), one.seconds, one.peak_memory_bytes) for one in steps]
    total, peak = sum(one.seconds for one in steps), max(one.peak_memory_bytes for one in steps)
    rows = [
        (words, f"{seconds:,.1f}", f"{size_bytes / 1e9:.2f}")
        for words, seconds, size_bytes in [*costs, ("All", total, peak)]
    ]
    caption = (
        "Peak memory is that of the whole process during the step, with what earlier steps left "
        "in memory."
    )
    return table(("Step", "Seconds", "Peak memory, GB"), rows, caption, "Cost of each step")


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, default=str)
