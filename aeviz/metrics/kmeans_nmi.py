"""Normalised mutual information of the classes and clusters by k-means.

Notes
-----
NMI = I(g, c) / ((H(g) + H(c)) / 2), with I the mutual information of the anchors' clusters g and
classes c, and H entropies; see `aeviz.metrics._cluster_metric`, which names the papers.
"""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["KMEANS_NMI"]

KMEANS_NMI = cluster_metric("kmeans", "nmi")
