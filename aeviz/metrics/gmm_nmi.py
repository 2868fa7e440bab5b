"""Normalised mutual information of the classes and clusters by a mixture of Gaussians.

The formula is that of `aeviz.metrics.kmeans_nmi`, with the mixture's clusters.
"""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["GMM_NMI"]

GMM_NMI = cluster_metric("gmm", "nmi")
