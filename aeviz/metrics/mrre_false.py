"""Mean relative rank error of false neighbours: the embedding's neighbours, in the data's order."""

from __future__ import annotations

from aeviz.metrics._rank_costs import mean_relative_rank_error

__all__ = ["MRRE_FALSE"]

MRRE_FALSE = mean_relative_rank_error(
    "mrre_false",
    title="Relative rank error, false",
    question="How far have the map's neighbours come from, relative to their rank there?",
    of_low=True,
)
