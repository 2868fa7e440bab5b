"""Find clusters of samples, say how stable they are, and in which features they differ."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.clustering.find import Clustering, find_clusters
    from aeviz.clustering.naming import Majority, cluster_names, majorities
    from aeviz.clustering.telling import FeatureWords, nearest_to_medoid, telling_features
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = [
    "Clustering",
    "FeatureWords",
    "Majority",
    "cluster_names",
    "find_clusters",
    "majorities",
    "nearest_to_medoid",
    "telling_features",
]
