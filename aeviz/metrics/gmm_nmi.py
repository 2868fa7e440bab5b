"""Normalised mutual information of the classes and clusters by a mixture of Gaussians."""

from __future__ import annotations

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["GMM_NMI"]

GMM_NMI = cluster_metric(
    "gmm", "nmi", question="How much do Gaussian clusters tell of the classes?"
)
