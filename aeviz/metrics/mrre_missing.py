"""Mean relative rank error of missing neighbours: the data's, in the embedding's order."""

from aeviz.metrics._rank_costs import mean_relative_rank_error

__all__ = ["MRRE_MISSING"]

MRRE_MISSING = mean_relative_rank_error("missing")
