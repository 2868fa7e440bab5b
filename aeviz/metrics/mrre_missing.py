"""Mean relative rank error of missing neighbours: the data's, in the embedding's order."""

from __future__ import annotations

from aeviz.metrics._rank_costs import mean_relative_rank_error

__all__ = ["MRRE_MISSING"]

MRRE_MISSING = mean_relative_rank_error(
    "mrre_missing",
    title="Relative rank error, missing",
    question="How far have the data's neighbours gone, relative to their rank there?",
    of_low=False,
)
