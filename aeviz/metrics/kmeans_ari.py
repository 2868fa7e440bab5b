"""Adjusted Rand index of the classes and clusters by k-means."""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["KMEANS_ARI"]

KMEANS_ARI = cluster_metric("kmeans", "ari")
