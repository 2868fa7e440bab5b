"""Know which spaces of a run are compared at which stage, and with which baseline.

Measuring itself is `aeviz.metrics`. Every method is measured on the same rows, those
held out from training first, and a difference between two methods is paired over
these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from aeviz.metrics._comparison import compare
from aeviz.metrics._scores import difference, score
from aeviz.preparing import Prepared
from aeviz.registry import METRICS

__all__ = ["evaluated_rows", "score_run"]

MOST_EVALUATED = 10_000
N_NEIGHBORS = 10
DATA = "data"


@dataclass(frozen=True)
class _Subject:
    """Name one thing that is scored: a pair of spaces at a stage."""

    encoder: str
    embedding: str | None
    stage: str
    spaces: tuple[str, str]


def evaluated_rows(is_train: np.ndarray, *, seed: int) -> np.ndarray:
    """Return up to 10,000 rows, sorted: held-out ones first choice, the others at random."""
    rng = np.random.default_rng(seed)
    order = np.concatenate(
        [rng.permutation(np.flatnonzero(~is_train)), rng.permutation(np.flatnonzero(is_train))]
    )
    return np.sort(order[:MOST_EVALUATED])
