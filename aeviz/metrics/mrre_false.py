"""Mean relative rank error of false neighbours: the embedding's, in the data's order."""

from aeviz.metrics._rank_costs import mean_relative_rank_error

__all__ = ["MRRE_FALSE"]

MRRE_FALSE = mean_relative_rank_error("false")
