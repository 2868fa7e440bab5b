"""Accuracy of clusters by k-means, each standing for one class.

Notes
-----
accuracy = max over π of mean over i of [π(g_i) = c_i], with g_i the cluster of anchor i, c_i its
class and π one-to-one; see `aeviz.metrics._cluster_metric`, which names the papers.
"""

from aeviz.metrics._cluster_metric import cluster_metric

__all__ = ["KMEANS_ACCURACY"]

KMEANS_ACCURACY = cluster_metric("kmeans", "accuracy")
