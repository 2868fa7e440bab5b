"""Accuracy of clusters by k-means, each standing for one class."""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["KMEANS_ACCURACY"]

KMEANS_ACCURACY = cluster_metric("kmeans", "accuracy")
