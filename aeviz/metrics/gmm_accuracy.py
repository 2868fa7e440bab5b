"""Accuracy of clusters by a mixture of Gaussians, each standing for one class."""

from __future__ import annotations

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["GMM_ACCURACY"]

GMM_ACCURACY = cluster_metric(
    "gmm", "accuracy", question="Do Gaussian clusters stand for the classes?"
)
