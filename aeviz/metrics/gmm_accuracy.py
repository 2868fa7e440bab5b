"""Accuracy of clusters by a mixture of Gaussians, each standing for one class.

The formula is that of `aeviz.metrics.kmeans_accuracy`, with the mixture's clusters.
"""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["GMM_ACCURACY"]

GMM_ACCURACY = cluster_metric("gmm", "accuracy")
