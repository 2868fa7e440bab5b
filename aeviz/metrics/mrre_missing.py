"""Mean relative rank error of missing neighbours: the data's, in the embedding's order.

The formula is that of `aeviz.metrics.mrre_false`, with data and embedding exchanged.
"""

from aeviz.metrics._rank_costs import mean_relative_rank_error

__all__ = ["MRRE_MISSING"]

MRRE_MISSING = mean_relative_rank_error("missing")
