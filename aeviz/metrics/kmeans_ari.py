"""Adjusted Rand index of the classes and clusters by k-means.

Notes
-----
ARI = (S − E) / (M − E), over pairs of anchors: S is the number of pairs that share both cluster
and class, E what chance would give, and M the mean of the numbers of pairs that share a cluster
and that share a class; see `aeviz.metrics._cluster_metric`, which names the papers.
"""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["KMEANS_ARI"]

KMEANS_ARI = cluster_metric("kmeans", "ari")
