"""Normalised mutual information of the classes and clusters by k-means."""

from __future__ import annotations

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["KMEANS_NMI"]

KMEANS_NMI = cluster_metric(
    "kmeans", "nmi", question="How much do clusters of k-means tell of the classes?"
)
