"""Adjusted Rand index of the classes and clusters by a mixture of Gaussians.

The formula is that of `aeviz.metrics.kmeans_ari`, with the mixture's clusters.
"""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["GMM_ARI"]

GMM_ARI = cluster_metric("gmm", "ari")
