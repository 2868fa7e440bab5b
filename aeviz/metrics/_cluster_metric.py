"""Metrics of how far clusters that were found without labels agree with the classes.

The anchors are clustered into as many clusters as they have classes, by k-means [1]_ with ten
seeded starts, or by a mixture of Gaussians (GMM) of full covariance [2]_, the likeliest of five
starts on a map of 1,000 anchors or more, and one start elsewhere. In a space of more than 50
features the mixture is fitted to the 50 leading principal components of the anchors,
since a full covariance of all of them is singular or takes very long.

Why points are put in order first: a seeded start depends on the order of rows. Sorted by
their distance from the mean, rows lie the same however the data are sorted, moved or
turned, and so does the clustering, but for points at exactly equal distances.

Why one thread: the many small parallel loops of k-means take ten times as long where
another process has the second core, and save nothing that is worth it where none has.

Notes
-----
With c_i the class of anchor i, g_i its cluster and π a one-to-one map from clusters to
classes, found as a linear assignment [3]_,

    accuracy = max over π of  mean over i of  [π(g_i) = c_i].

With n_gc the number of anchors in cluster g and class c, a_g and b_c its sums, n all of
them and C2(m) = m (m - 1) / 2,

    E = Σ C2(a_g) Σ C2(b_c) / C2(n),
    ARI = (Σ C2(n_gc) - E) / ((Σ C2(a_g) + Σ C2(b_c)) / 2 - E),     as in [4]_.

With p(g, c) the share of anchors in cluster g and class c and H the entropy of its marginals,

    NMI = Σ p(g, c) log(p(g, c) / (p(g) p(c)))  /  ((H(g) + H(c)) / 2),     as in [5]_,

which is 1 where both are one group. Only the anchors of the 50 most frequent classes are
looked at.

Other samples would give other clusters, so for intervals k-means is fitted anew to 20 resamples,
of 1,000 anchors each where there are more, from the clusters found and from two other starts;
the best of the three counts. Deviations are taken from the value, not from the mean of the refits:
where two solutions are nearly as good, the mean of fresh samples lies between them. They are scaled
to the number of anchors. A resample holds some anchors twice; pairs of one anchor with itself,
which always agree, are not counted: with w the weights of the anchors of a group, C2 is
((Σ w)² - Σ w²) / 2. A mixture takes too long to be fitted 20 times, and has no interval: with the
mixture held fixed, an interval of nominal 95 % covered 33 to 75 %.

References
----------
.. [1] Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on
   Information Theory 28(2). doi:10.1109/TIT.1982.1056489
.. [2] Dempster, A. P., Laird, N. M., Rubin, D. B. (1977). Maximum likelihood from
   incomplete data via the EM algorithm. Journal of the Royal Statistical Society B 39(1).
   doi:10.1111/j.2517-6161.1977.tb01600.x
.. [3] Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research
   Logistics Quarterly 2(1-2). doi:10.1002/nav.3800020109
.. [4] Hubert, L., Arabie, P. (1985). Comparing partitions. Journal of Classification 2.
   doi:10.1007/BF01908075
.. [5] Vinh, N. X., Epps, J., Bailey, J. (2010). Information theoretic measures for
   clusterings comparison. Journal of Machine Learning Research 11, 2837-2854.
   https://jmlr.org/papers/v11/vinh10a.html
"""

import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from aeviz.evaluation import Comparison, Metric, Weighted
from aeviz.metrics._classes import class_anchors
from aeviz.metrics._kmeans_refits import refitted

__all__ = ["adjusted_rand", "cluster_metric", "clustering", "matched", "mutual_information"]

Algorithm = Literal["kmeans", "gmm"]

_MAX_FEATURES = 50
_N_STARTS = 10
_REGULARISATION = 1e-3
# One start of a mixture often ends where one Gaussian holds two clusters. Of few points the
# likeliest fit has a Gaussian for a handful of them, and in a code a second start takes long.
_N_STARTS_ON_MAPS, _MOST_FEATURES_OF_MAPS, _LEAST_POINTS_FOR_STARTS = 5, 3, 1000
_N_REFITS = 20
_MAX_REFITTED = 1000

# Title, clusters in words, and what is special to them.
_ALGORITHMS = {
    "kmeans": (
        "k-means",
        "clusters of k-means",
        "k-means finds round clusters of similar size: a map with long ones scores low although "
        "the eye sees them.",
    ),
    "gmm": (
        "Gaussian mixture",
        "Gaussian clusters",
        "Gaussians may be long and cross each other, but not be curved. In a space of more than 50 "
        "features they are fitted to the 50 leading principal components.",
    ),
}
# Name, question, pitfall and reference of each measure of agreement.
_AGREEMENTS = {
    "accuracy": (
        "accuracy",
        "Do {} stand for the classes?",
        "Two clusters for two halves of one class make half of it wrong.",
        "Kuhn (1955), doi:10.1002/nav.3800020109",
    ),
    "ari": (
        "ARI",
        "On how many pairs do {} and classes agree, beyond chance?",
        "Large classes have most of the pairs and decide it; chance is 0.",
        "Hubert and Arabie (1985), doi:10.1007/BF01908075",
    ),
    "nmi": (
        "NMI",
        "How much do {} tell of the classes?",
        "It is not adjusted for chance: many small clusters always score above 0.",
        "Vinh, Epps and Bailey (2010), https://jmlr.org/papers/v11/vinh10a.html",
    ),
}
_COMMON = "It compares one space with the labels: compare it with its value in the original data."
_NO_INTERVAL = " It has no interval: that would take many fits, which take too long."


def cluster_metric(algorithm: Algorithm, agreement: Literal["accuracy", "ari", "nmi"]) -> Metric:
    """Return the metric of one way to cluster and one measure of agreement with the classes."""
    title, clusters, shapes = _ALGORITHMS[algorithm]
    what, question, pitfall, reference = _AGREEMENTS[agreement]
    is_mean = agreement == "accuracy"
    return Metric(
        name=f"{algorithm}_{agreement}",
        title=f"{title} {what}",
        question=question.format(clusters),
        bounds=(-0.5, 1.0) if agreement == "ari" else (0.0, 1.0),
        blind_spot=f"{shapes} {pitfall} {_COMMON}" + _NO_INTERVAL * (algorithm == "gmm"),
        reference=reference,
        subject="labels",
        scope="clusters",
        min_classes=2,
        contributions=partial(matched, algorithm=algorithm) if is_mean else None,
        weighted=None if is_mean else partial(_weighted, algorithm=algorithm, agreement=agreement),
        refits=partial(_refitted, agreement=agreement) if algorithm == "kmeans" else None,
        has_interval=algorithm == "kmeans",
    )


@dataclass(frozen=True, eq=False)
class Clustering:
    """Clusters and classes of some anchors, both from 0 on; some clusters may be empty."""

    clusters: np.ndarray
    classes: np.ndarray

    def table(self, weights: np.ndarray) -> np.ndarray:
        """Return how much weight each cluster has of each class, shape (n_clusters, n_classes)."""
        n_clusters, n_classes = int(self.clusters.max()) + 1, int(self.classes.max()) + 1
        cells = self.clusters * n_classes + self.classes
        table = np.bincount(cells, weights, minlength=n_clusters * n_classes)
        return table.reshape(n_clusters, n_classes)


def clustering(comparison: Comparison, algorithm: Algorithm) -> Clustering:
    """Return as many clusters of the low space's anchors as they have classes."""
    found = class_anchors(comparison)

    def fit() -> np.ndarray:
        points, order = _ordered_points(comparison.low.X[found.rows])
        clusters = np.zeros(len(order), np.intp)
        # Where all points coincide there is one cluster and nothing to fit.
        if len(found.codes) > 1 and points.any():
            clusters[order] = _fitted(algorithm, points, len(found.codes))
        return clusters

    return Clustering(comparison.low.cached(algorithm, fit), found.classes)


def _ordered_points(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points of mean 0 and mean variance 1 per feature, by length, and their order."""
    is_single = X.dtype in (np.float16, np.float32)
    points: np.ndarray = X.astype(np.float32 if is_single else np.float64)
    points -= points.mean(axis=0, dtype=np.float64).astype(points.dtype)
    points /= max(float(np.abs(points).max()), np.finfo(points.dtype).tiny)
    lengths = np.einsum("ij,ij->i", points, points, dtype=np.float64)
    scale = np.sqrt(lengths.mean() / points.shape[1])
    points /= scale if scale > 0.0 else 1.0
    order = np.argsort(lengths.astype(np.float32), kind="stable")
    return points[order], order


def _fitted(algorithm: Algorithm, points: np.ndarray, n_clusters: int) -> np.ndarray:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.mixture import GaussianMixture

    model: Any = KMeans(n_clusters, n_init=_N_STARTS, random_state=0)
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Fewer distinct points than clusters is no news here.
        warnings.simplefilter("ignore", ConvergenceWarning)
        if algorithm == "gmm":
            model = GaussianMixture(
                n_clusters,
                n_init=_n_starts_of_mixture(*points.shape),
                reg_covar=_REGULARISATION,
                random_state=0,
            )
            points = points.astype(np.float64)
            if points.shape[1] > _MAX_FEATURES:
                points = PCA(min(_MAX_FEATURES, len(points)), random_state=0).fit_transform(points)
                points /= np.sqrt(points.var(axis=0).mean())
        return np.asarray(model.fit_predict(points))


def _n_starts_of_mixture(n_points: int, n_features: int) -> int:
    is_map = n_features <= _MOST_FEATURES_OF_MAPS and n_points >= _LEAST_POINTS_FOR_STARTS
    return _N_STARTS_ON_MAPS if is_map else 1


def matched(comparison: Comparison, algorithm: Algorithm) -> np.ndarray:
    """Return 1 where an anchor's cluster stands for its class, under the best matching.

    Returns
    -------
    ndarray of float64 of shape (n_rows, 1)
    """
    found = clustering(comparison, algorithm)
    table = found.table(np.ones(len(found.classes)))
    class_of = np.full(len(table), -1)
    clusters, classes = linear_sum_assignment(table, maximize=True)
    class_of[clusters] = classes
    return (class_of[found.clusters] == found.classes).astype(np.float64)[:, None]


def _weighted(comparison: Comparison, algorithm: Algorithm, agreement: str) -> Weighted:
    """Return an agreement of clusters and classes as a function of the anchors' weights."""
    found = clustering(comparison, algorithm)
    return Weighted(len(found.classes), lambda weights: _agreement(agreement, found, weights))


def _agreement(agreement: str, found: Clustering, weights: np.ndarray) -> float:
    """Return a measure of the agreement of clusters and classes."""
    table = found.table(weights)
    if agreement == "accuracy":
        return float(table[linear_sum_assignment(table, maximize=True)].sum() / weights.sum())
    if agreement == "nmi":
        return mutual_information(table)
    return adjusted_rand(table, found.table(np.square(weights)))


def _refitted(comparison: Comparison, agreement: str) -> np.ndarray:
    """Return what fits to resamples deviate by, scaled to the number of anchors."""
    first = clustering(comparison, "kmeans")
    refits = comparison.low.cached("kmeans_refits", lambda: _refits(comparison, first))
    values = np.array([_agreement(agreement, found, weights) for found, weights in refits])
    n_rows = len(first.classes)
    center = _agreement(agreement, first, np.ones(n_rows))
    return np.asarray((values - center) * np.sqrt(min(n_rows, _MAX_REFITTED) / n_rows))


def _refits(comparison: Comparison, first: Clustering) -> list[tuple[Clustering, np.ndarray]]:
    """Return clusters of anchors fitted to resamples of some of them, and how often each was drawn.

    The draws depend on the number of anchors only, so that differences are paired.
    """
    random = np.random.default_rng(0)
    n_rows = len(first.classes)
    some = np.sort(random.permutation(n_rows)[:_MAX_REFITTED])
    draws = random.integers(len(some), size=(_N_REFITS, len(some)))
    counts = np.array([np.bincount(drawn, minlength=len(some)) for drawn in draws])
    points, order = _ordered_points(comparison.low.X[class_anchors(comparison).rows])
    points = points[np.argsort(order)[some]]
    fits = refitted(points, first.clusters[some], counts, random)
    classes = first.classes[some]
    return [
        (Clustering(clusters, classes), weights.astype(np.float64))
        for clusters, weights in zip(fits, counts, strict=True)
    ]


def mutual_information(table: np.ndarray) -> float:
    """Return the mutual information over the mean of the two entropies.

    Parameters
    ----------
    table : ndarray of shape (n_clusters, n_classes)
        Not negative, of positive sum.

    Returns
    -------
    float in [0, 1]
        1 where both are one group.

    Examples
    --------
    >>> mutual_information(np.array([[3, 0], [0, 5]])), mutual_information(np.ones((2, 2)))
    (1.0, 0.0)
    """
    shares = table / table.sum()
    of_clusters, of_classes = _entropy(shares.sum(axis=1)), _entropy(shares.sum(axis=0))
    mean = (of_clusters + of_classes) / 2.0
    if mean == 0.0:
        return 1.0
    information = of_clusters + of_classes - _entropy(shares.ravel())
    return float(np.clip(information / mean, 0.0, 1.0))


def _entropy(shares: np.ndarray) -> float:
    """Return the entropy in nats."""
    positive = shares[shares > 0.0]
    return float(-(positive * np.log(positive)).sum()) + 0.0


def adjusted_rand(table: np.ndarray, squares: np.ndarray | None = None) -> float:
    """Return the share of pairs of different rows on which both agree, adjusted for chance.

    Parameters
    ----------
    table : ndarray of shape (n_clusters, n_classes)
        Sums of the rows' weights.
    squares : ndarray of shape (n_clusters, n_classes) or None
        Sums of their squares; None where every row has the weight one, so that both are counts.

    Returns
    -------
    float in [-1/2, 1]
        1 where no pair tells the two apart.

    Examples
    --------
    >>> adjusted_rand(np.array([[3, 0], [0, 5]])), adjusted_rand(np.array([[4], [4]]))
    (1.0, 0.0)
    """
    squares = table if squares is None else squares
    together, all_pairs = _pairs(table, squares), _pairs(table.sum(), squares.sum())
    of_clusters = _pairs(table.sum(axis=1), squares.sum(axis=1))
    of_classes = _pairs(table.sum(axis=0), squares.sum(axis=0))
    expected = of_clusters * of_classes / max(all_pairs, 1.0)
    highest = (of_clusters + of_classes) / 2.0
    if highest == expected:
        return 1.0
    return float((together - expected) / (highest - expected))


def _pairs(sums: np.ndarray, squares: np.ndarray) -> float:
    """Return the weight of pairs of different rows of one group, Σ of w_i w_j over i < j."""
    return float(((np.square(sums) - squares) / 2.0).sum())
