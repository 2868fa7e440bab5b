"""Test which features tell a cluster, its middle, its majority, and its name."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from aeviz.clustering import (
    FeatureWords,
    Majority,
    cluster_names,
    majorities,
    nearest_to_medoid,
    telling_features,
)

WORDS = [
    FeatureWords("income"),
    FeatureWords("device", "category", "web"),
    FeatureWords("device", "category", "phone"),
    FeatureWords("member", "boolean"),
    FeatureWords("joined", "date"),
]


def people():
    """Return two clusters of fifty and fifty samples without one; columns as in `WORDS`."""
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1, -1], 50)
    X = np.zeros((150, 5), np.float32)
    X[:, 0] = 50_000 + random.normal(size=150) * 1_000 + 9_000 * (labels == 0)
    X[:, 1] = labels == 0
    X[:, 2] = labels != 0
    X[:, 3] = labels != 1
    X[:, 4] = random.normal(size=150) - 5 * (labels == 1)
    return X, labels


def test_planted_features_are_told_in_the_order_of_their_difference():
    told = telling_features(*people(), WORDS)
    assert told[0][:2] == ["device = web", "income high"]
    assert len(told[0]) == 3
    assert told[1][:2] == ["member = no", "joined early"]


def test_difference_is_worked_by_hand():
    """One cluster 0 1 against 3 4: means 0.5 and 3.5, std √2.5 = 1.58, difference −1.90."""
    X = np.array([[0.0, 7.0], [1.0, 7.0], [3.0, 7.0], [4.0, 7.0]])
    words = [FeatureWords("a"), FeatureWords("constant")]
    assert telling_features(X, np.array([0, 0, -1, -1]), words) == [["a low"]]


def test_features_that_differ_little_are_not_told():
    X = np.random.default_rng(0).normal(size=(2000, 3))
    words = [FeatureWords(name) for name in "abc"]
    assert telling_features(X, np.arange(2000) % 2, words) == [[], []]


def test_what_a_category_is_comes_before_what_it_is_not():
    X = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    words = [FeatureWords("kind", "category", value) for value in "abc"]
    told = telling_features(X, np.array([0, 0, 1, 1]), words)
    assert told == [["kind = a"], ["kind = b"]]


def test_nearest_to_medoid_is_the_middle():
    X = np.random.default_rng(0).normal(size=(3000, 2))
    X[17] = 0
    rows = nearest_to_medoid(X, 5)
    assert len(rows) == 5
    assert np.linalg.norm(X[rows], axis=1).max() < 0.2
    assert_array_equal(nearest_to_medoid(X[:3], 5).shape, (3,))


def test_majority_passes_over_samples_without_a_label():
    classes = np.array(["a", "a", "b", "", "", ""])
    found = majorities(np.array([0, 0, 0, 0, 1, -1]), classes)
    assert found[0] == Majority("a", pytest.approx(2 / 3))
    assert found[1] is None


def test_a_label_that_few_have_names_no_cluster():
    assert cluster_names([Majority("a", 0.3)], [["size low"]]) == ["size low"]
    assert cluster_names([Majority("a", 0.3)], [[]]) == ["cluster 1"]
    assert cluster_names([None, None], [["a low"], ["a low"]]) == ["a low (1)", "a low (2)"]
