"""Test the metrics of labels and clusters: hand-worked, against scikit-learn, and odd classes."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace
from functools import partial
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.svm import SVC

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare
from aeviz.metrics import svm_accuracy
from aeviz.metrics._classes import centroids
from aeviz.metrics._cluster_metric import adjusted_rand, clustering, matched, mutual_information
from tests.evaluation._scoring import difference, score

CLUSTERS = [n for n, m in METRICS.members().items() if m.scope == "clusters"]
OF_CLASSES = [
    *CLUSTERS,
    "svm_accuracy",
    "label_trustworthiness",
    "label_continuity",
    "centroid_triplet_accuracy",
]


def compared(high, low, labels, **arguments):
    """Return a comparison with neighbourhoods of one."""
    spaces = {"high": np.asarray(high, float), "low": np.asarray(low, float)}
    return compare(spaces, [("high", "low")], labels=labels, n_neighbors=1, **arguments)[
        "high", "low"
    ]


def line(*values):
    """Return points on a line."""
    return np.array(values, float)[:, None]


# -- worked by hand --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["kmeans", "gmm"])
def test_clusters_by_hand(method):
    # Three points at 0 and three at 10 are two clusters, whose classes are a a b and b b b.
    # The best matching is a, b: 5 of 6 are right.
    points, labels = line(0.0, 0.1, 0.2, 10.0, 10.1, 10.2), np.array(list("aabbbb"))
    comparison = compared(points, points, labels)

    def value(measure):
        return METRICS.get(f"{method}_{measure}").value(comparison)

    assert value("accuracy") == pytest.approx(5 / 6, rel=1e-12)
    # Pairs: together in table 1 + 0 + 3 = 4, in clusters 3 + 3 = 6, in classes 1 + 6 = 7, of 15;
    # expected 6 · 7 / 15 = 2.8, so (4 - 2.8) / (6.5 - 2.8).
    assert value("ari") == pytest.approx(1.2 / 3.7, rel=1e-12)
    # Entropies: clusters log 2, classes those of 1/3 and 2/3, cells those of 1/3, 1/6, 1/2.
    clusters = math.log(2)
    classes = math.log(3) / 3 + math.log(1.5) * 2 / 3
    cells = math.log(3) / 3 + math.log(6) / 6 + math.log(2) / 2
    expected = (clusters + classes - cells) / ((clusters + classes) / 2)
    assert value("nmi") == pytest.approx(expected, rel=1e-12)


def test_label_trustworthiness_and_continuity_by_hand():
    """Twice as much was lost as by ZADU, the library of the authors, which gives these values."""
    # In the data classes lie apart: every point is nearer to its own centroid, S = 1.
    # In the picture a has 0 1 11 (centroid 4) and b 2 10 12 (centroid 8), the border is at 6:
    # 11 and 2 are on the wrong side, S = 4/6. What is lost is 1/3 of the one pair.
    apart, mixed = line(0, 1, 2, 10, 11, 12), line(0, 1, 11, 2, 10, 12)
    labels = np.array(list("aaabbb"))
    trust, cont = METRICS.get("label_trustworthiness"), METRICS.get("label_continuity")
    assert trust.value(compared(apart, mixed, labels)) == pytest.approx(2 / 3, rel=1e-12)
    assert cont.value(compared(apart, mixed, labels)) == 1.0
    assert trust.value(compared(mixed, apart, labels)) == 1.0
    assert cont.value(compared(mixed, apart, labels)) == pytest.approx(2 / 3, rel=1e-12)


def test_centroid_triplets_by_hand():
    # Centroids of a b c in the data 0 1 3, in the picture 0 2 3. From a, b is nearer in both;
    # from b, a in the data but c in the picture; from c, b in both: 2 of 3.
    labels = np.array(list("aabbcc"))
    high, low = line(-1, 1, 0, 2, 2, 4), line(-1, 1, 1, 3, 2, 4)
    metric = METRICS.get("centroid_triplet_accuracy")
    assert metric.value(compared(high, low, labels)) == pytest.approx(2 / 3, rel=1e-12)
    # Where all centroids coincide there is no order: half of each.
    assert metric.value(compared(high, np.ones((6, 2)), labels)) == 0.5


def test_svm_by_hand():
    # Two classes far apart are told apart by any machine; the one c is never in training when
    # it is asked for, so it is wrong: 10 of 11.
    points = line(0, 1, 2, 3, 4, 50, 51, 52, 53, 54, 54.5)
    labels = np.array(list("aaaaabbbbbc"))
    metric = METRICS.get("svm_accuracy")
    per_sample = metric.per_sample(compared(points, points, labels))
    np.testing.assert_array_equal(per_sample, [1] * 10 + [0])


def test_explained_variance_by_hand():
    # Mean of all rows (2, 3); squared distances from it 8/2, 0, 8/2 a feature. Of the anchors
    # 0 and 2: 1 - (0.5 + 1.5) / (4 + 4) = 3/4.
    X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    (comparison,) = compare({"x": X}, [("x", "x")], rows=np.array([0, 2]), n_neighbors=1).values()
    comparison = comparison.with_values(sample_errors=np.array([0.5, 100.0, 1.5]))
    assert METRICS.get("explained_variance").value(comparison) == pytest.approx(0.75, rel=1e-12)


def test_elbo_and_active_units_by_hand():
    # Bounds of the anchors 0 and 2: (-3 - 5) / 2. Variances of the units over them: 1 and
    # (0.05)² = 0.0025, of which the first is above 0.01.
    code = np.array([[0.0, 0.0], [9.0, 9.0], [2.0, 0.1]])
    (comparison,) = compare(
        {"x": code}, [("x", "x")], rows=np.array([0, 2]), n_neighbors=1
    ).values()
    comparison = comparison.with_values(sample_bounds=np.array([-3.0, 100.0, -5.0]))
    assert METRICS.get("elbo").value(comparison) == -4.0
    assert METRICS.get("active_units").value(comparison) == 1.0
    with pytest.raises(ValueError, match=r"sample_bounds must have shape \(3,\), got \(2,\)"):
        comparison.with_values(sample_bounds=np.ones(2))


GUESSING = [n for n, m in METRICS.members().items() if m.scope == "clusters"]
GUESSING += ["knn_accuracy", "svm_accuracy"]


@pytest.mark.parametrize("name", GUESSING)
def test_anchors_of_one_class_give_no_score(name):
    """Though there were other classes, all of these scored 1 where no anchor was of them."""
    points = line(*range(10), *range(50, 60))
    labels = np.repeat(["a", "b"], 10)
    of_one = compared(points, points, labels, rows=np.arange(6))
    of_two = compared(points, points, labels, rows=np.arange(5, 15))
    metric = METRICS.get(name)
    assert score(of_one, [metric]) == []
    assert [found.value for found in score(of_two, [metric])] == [1.0]


# -- against others ----------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 60), k=st.integers(1, 5))
def test_measures_of_tables_are_those_of_scikit_learn(seed, n, k):
    rng = np.random.default_rng(seed)
    clusters, classes = rng.integers(0, k, n), rng.integers(0, 3, n)
    table = np.zeros((k, 3))
    np.add.at(table, (clusters, classes), 1)
    expected = normalized_mutual_info_score(classes, clusters)
    assert mutual_information(table) == pytest.approx(expected, abs=1e-9)
    assert adjusted_rand(table) == pytest.approx(adjusted_rand_score(classes, clusters), abs=1e-9)


def test_clusterings_are_those_of_scikit_learn(wine):
    X, Y, labels = wine
    comparison = compared(X, Y, labels)
    for method, model in (
        ("kmeans", KMeans(3, n_init=20, random_state=1)),
        ("gmm", GaussianMixture(3, n_init=5, random_state=1)),
    ):
        found = clustering(comparison, method).clusters
        assert adjusted_rand_score(found, model.fit_predict(Y)) > 0.95


def test_matching_is_the_best_of_all(wine):
    X, Y, labels = wine
    comparison = compared(X, Y, labels)
    clusters = clustering(comparison, "kmeans").clusters
    best = max((np.array(p)[clusters] == labels).mean() for p in permutations(range(3)))
    assert matched(comparison, "kmeans").mean() == pytest.approx(best, rel=1e-12)


def test_svm_is_that_of_scikit_learn(wine):
    """Its scaled kernel takes the variance about the common mean, which is that of moved data."""
    X, Y, labels = wine
    for low in (X, Y):
        moved = low - low.mean(axis=0)
        order = np.lexsort((np.square(moved).sum(axis=1), labels))
        parts = np.arange(len(labels)) % 5
        classes = labels[order]
        guessed = cross_val_predict(SVC(), moved[order], classes, cv=PredefinedSplit(parts))
        found = METRICS.get("svm_accuracy").per_sample(compared(X, low, labels))
        np.testing.assert_array_equal(found[order], guessed == classes)


def distance_consistency(points, labels):
    """Return the share of points nearer to their own class's centroid, for every two classes."""
    shares = {}
    for a, b in combinations(np.unique(labels), 2):
        means = {c: points[labels == c].mean(axis=0) for c in (a, b)}
        is_right = []
        for point, label in zip(points, labels, strict=True):
            if label in means:
                other = b if label == a else a
                to_own = np.linalg.norm(point - means[label])
                is_right.append(to_own < np.linalg.norm(point - means[other]))
        shares[a, b] = np.mean(is_right)
    return shares


def test_label_trustworthiness_and_continuity_the_slow_way(rng):
    labels = rng.integers(0, 5, 200)
    high = rng.normal(size=(200, 6)) + 1.5 * np.eye(6)[labels]
    low = high[:, :2] + 1.0
    comparison = compared(high, low, labels)
    in_high, in_low = distance_consistency(high, labels), distance_consistency(low, labels)
    for name, sign in (("label_trustworthiness", 1), ("label_continuity", -1)):
        lost = [max(0.0, sign * (in_high[pair] - in_low[pair])) for pair in in_high]
        assert METRICS.get(name).value(comparison) == pytest.approx(1 - np.mean(lost), rel=1e-12)


def test_explained_variance_is_that_of_pca(wine):
    from sklearn.decomposition import PCA

    X = wine[0]
    pca = PCA(4).fit(X)
    errors = np.square(X - pca.inverse_transform(pca.transform(X))).mean(axis=1)
    comparison = compared(X, X, None).with_values(sample_errors=errors)
    expected = pca.explained_variance_ratio_.sum()
    assert METRICS.get("explained_variance").value(comparison) == pytest.approx(expected, rel=1e-9)


def test_centroids_move_with_the_weights_to_first_order(rng):
    labels = np.arange(3000) % 4
    X = rng.normal(size=(3000, 3)) + 3.0 * np.eye(4)[labels][:, :3] + 1e4
    found = centroids(compared(X, X, labels), compared(X, X, labels).low)
    weights = np.bincount(rng.integers(3000, size=3000), minlength=3000).astype(float)
    for w, tolerance in ((np.ones(3000), 1e-9), (weights, 0.03)):
        means = np.stack(
            [np.average(X[labels == c], axis=0, weights=w[labels == c]) for c in range(4)]
        )
        squared = np.square(means[:, None] - means).sum(axis=-1)
        # Points below 2**14 are divided by it.
        np.testing.assert_allclose(4.0**14 * found.moved(w), squared, rtol=1e-6, atol=tolerance)


# -- odd classes, and costs ----------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_samples=st.integers(3, 40),
    n_classes=st.integers(2, 40),
    n_places=st.sampled_from([1, 3, 1000]),
)
def test_any_classes_have_scores(seed, n_samples, n_classes, n_places):
    """Classes of one sample, more classes than half the samples, and points that coincide."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, n_classes, n_samples)
    labels[:2] = 0, 1
    high, low = rng.normal(size=(n_samples, 5)), rng.integers(0, n_places, (n_samples, 2))
    rows = np.sort(rng.choice(n_samples, int(rng.integers(1, n_samples + 1)), replace=False))
    comparison = compared(high, low, labels, rows=rows)
    for found in score(comparison, [METRICS.get(name) for name in OF_CLASSES]):
        lowest, highest = METRICS.get(found.metric).bounds
        assert lowest - 1e-12 <= found.value <= highest + 1e-12
        if METRICS.get(found.metric).has_interval:
            assert lowest - 1e-12 <= found.low <= found.value <= found.high <= highest + 1e-12


def test_more_classes_than_half_of_the_samples_warn_of_nothing(rng):
    """scikit-learn takes such classes for numbers, and says so."""
    X, labels = rng.normal(size=(70, 4)), np.arange(70) // 1.5
    scores = score(compared(X, X[:, :2], labels), [METRICS.get(name) for name in OF_CLASSES])
    assert len(scores) == len(OF_CLASSES)


def test_of_many_classes_the_most_frequent_are_looked_at(rng):
    labels = np.concatenate([np.repeat(np.arange(50), 4), 50 + np.arange(300) // 2])
    X = rng.normal(size=(500, 3))
    comparison = compared(X, X[:, :2], labels)
    tracemalloc.start()
    scores = score(comparison, [METRICS.get(name) for name in OF_CLASSES])
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()
    assert {found.n_evaluated for found in scores} == {200}


def test_what_is_fitted_is_fitted_once_a_space(rng):
    """Pairs with the same low space share it, and so does the same space as the high one."""
    X = rng.normal(size=(60, 4))
    labels = np.arange(60) % 3
    spaces = {"data": X, "code": X[:, :3]}
    pairs = [("data", "code"), ("data", "data"), ("code", "code")]
    found = compare(spaces, pairs, labels=labels)
    metrics = [METRICS.get(name) for name in OF_CLASSES]
    score(found["data", "code"], metrics)
    kept = dict(found["code", "code"].low.cache)
    assert {"kmeans", "gmm", "svm", "separations", "centroids"} <= kept.keys()
    score(found["code", "code"].truncated(3), metrics)
    assert all(found["code", "code"].low.cache[name] is value for name, value in kept.items())


def test_svm_takes_some_of_many_anchors(rng):
    metric = replace(
        METRICS.get("svm_accuracy"), contributions=partial(svm_accuracy._contributions, max_rows=50)
    )
    X, labels = rng.normal(size=(120, 3)), np.arange(120) % 2
    spaces = {"x": X, "a": X[:, :2], "b": X[:, 1:]}
    found = compare(spaces, [("x", "a"), ("x", "b")], labels=labels)
    (gap,) = difference(found["x", "a"], found["x", "b"], [metric])
    assert gap.n_evaluated == 50
