"""Normalised mutual information of the classes and clusters by k-means."""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["KMEANS_NMI"]

KMEANS_NMI = cluster_metric("kmeans", "nmi")
