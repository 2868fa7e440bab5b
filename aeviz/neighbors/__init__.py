"""Nearest neighbours, exact and on all cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.neighbors.search import (
        METRICS,
        NeighborSearch,
        neighbors_among,
        neighbors_in_tree,
        neighbors_of,
    )
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = ["METRICS", "NeighborSearch", "neighbors_among", "neighbors_in_tree", "neighbors_of"]
