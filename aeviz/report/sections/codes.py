"""Section on the codes: how sparse, how many units are used, and the cost of a variational code."""

from __future__ import annotations

import numpy as np

from aeviz.page.content import Block, Cell, SectionContent, Table
from aeviz.page.wording import capitalised, fixed, method
from aeviz.report.sections.base import Section
from aeviz.runs.results import Bound
from aeviz.runs.run import Run

__all__ = ["SECTION"]

NEAR_ZERO = 0.01
IDLE = 1e-3


def _build(run: Run) -> SectionContent | None:
    if not run.encoders:
        return None
    is_held_out = (run.embeddings["split"] == "test").to_numpy()
    if not is_held_out.any():
        is_held_out[:] = True
    rows = [_row(run, kind, is_held_out) for kind in run.encoders]
    columns = [
        Cell("encoder"),
        Cell("numbers per sample"),
        Cell("values near zero"),
        Cell("idle units"),
    ]
    caption = (
        "Over held-out samples. Near zero: below 1 % of the unit’s largest value. Idle: a "
        "standard deviation below 0.1 % of that of the most variable unit."
    )
    blocks: list[Block] = [Table(columns, rows, caption)]
    summary = (
        "Each sample becomes a code of a few numbers, one per unit. A sparse code is mostly zero."
    )
    bounds = {kind: run.bound(kind) for kind in run.encoders}
    present = {kind: bound for kind, bound in bounds.items() if bound is not None}
    if present:
        blocks.append(_bounds(run, present))
        summary += (
            " A variational code pays, in nats, for what it tells beyond the prior; a unit that "
            "tells nothing is not active."
        )
    return SectionContent(summary, blocks)


def _row(run: Run, kind: str, rows: np.ndarray) -> list[Cell]:
    code = np.asarray(run.code(kind))[rows]
    size = np.abs(code)
    near = size <= NEAR_ZERO * size.max(axis=0)
    spread = code.std(axis=0, dtype=np.float64)
    n_idle = int(np.sum(spread <= IDLE * spread.max()))
    return [
        Cell(capitalised(method(kind))),
        Cell(str(code.shape[1])),
        Cell(f"{100 * float(near.mean()):.1f} %"),
        Cell(f"{n_idle} of {code.shape[1]}"),
    ]


def _bounds(run: Run, bounds: dict[str, Bound]) -> Table:
    columns = [
        Cell("encoder"),
        Cell("negative ELBO", "nats"),
        Cell("reconstruction", "nats"),
        Cell("KL divergence", "nats"),
        Cell("active units"),
    ]
    rows = [
        [
            Cell(capitalised(method(kind))),
            *(
                Cell(fixed(value, 2))
                for value in (bound.negative_elbo, bound.reconstruction, bound.kl)
            ),
            Cell(f"{bound.active_units:.0f} of {run.code(kind).shape[1]}"),
        ]
        for kind, bound in bounds.items()
    ]
    caption = (
        "The bound on the negative log-likelihood of a held-out sample, by one draw of its code, "
        "and its two parts. Active: the unit’s mean varies over samples by more than 0.01."
    )
    return Table(columns, rows, caption, "What the variational code costs")


SECTION = Section("The codes", 35, _build)
