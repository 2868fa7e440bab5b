"""Section on the codes: how sparse, how many units are used, and the cost of a variational code."""

import numpy as np

from aeviz.page.content import Block, Cell, SectionContent, Table, table
from aeviz.page.wording import capitalised, fixed, method
from aeviz.report._samples import of_encoders
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
    columns = ("encoder", "numbers per sample", "values near zero", "idle units")
    caption = (
        "Over held-out samples. Near zero: below 1 % of the unit’s largest value. Idle: a "
        "standard deviation below 0.1 % of that of the most variable unit."
    )
    blocks: list[Block] = [table(columns, rows, caption)]
    summary = (
        "Each sample becomes a code of a few numbers, one per unit. A sparse code is mostly zero."
    )
    bounds = of_encoders(run, run.bound)
    if bounds:
        blocks.append(_bounds(run, bounds))
        summary += (
            " A variational code pays, in nats, for what it tells beyond the prior; a unit that "
            "tells nothing is not active."
        )
    return SectionContent(summary, blocks)


def _row(run: Run, kind: str, rows: np.ndarray) -> list[str]:
    code = np.asarray(run.code(kind))[rows]
    size = np.abs(code)
    near = float((size <= NEAR_ZERO * size.max(axis=0)).mean())
    spread = code.std(axis=0, dtype=np.float64)
    n_idle, n_units = int(np.sum(spread <= IDLE * spread.max())), code.shape[1]
    name = capitalised(method(kind))
    return [name, str(n_units), f"{100 * near:.1f} %", f"{n_idle} of {n_units}"]


def _bounds(run: Run, bounds: dict[str, Bound]) -> Table:
    in_nats = [Cell(name, "nats") for name in ("negative ELBO", "reconstruction", "KL divergence")]
    rows = []
    for kind, bound in bounds.items():
        nats = [fixed(one, 2) for one in (bound.negative_elbo, bound.reconstruction, bound.kl)]
        n_active = f"{bound.active_units:.0f} of {run.code(kind).shape[1]}"
        rows.append([capitalised(method(kind)), *nats, n_active])
    caption = (
        "The bound on the negative log-likelihood of a held-out sample, by one draw of its code, "
        "and its two parts. Active: the unit’s mean varies over samples by more than 0.01."
    )
    columns = ["encoder", *in_nats, "active units"]
    return table(columns, rows, caption, "What the variational code costs")


SECTION = Section("The codes", 35, _build)
