"""Mean relative rank error of false neighbours: the embedding's, in the data's order.

Notes
-----
error = mean over i of (1 / C) Σ |b − a| / a, summed over the k nearest rows j of anchor i in the
embedding, with a the rank of j there, b its rank in the data, and C the worst such sum; see
`aeviz.metrics._rank_costs`, which names the paper.
"""

from aeviz.metrics._rank_costs import mean_relative_rank_error

__all__ = ["MRRE_FALSE"]

MRRE_FALSE = mean_relative_rank_error("false")
