"""Test intervals, paired differences and the bootstrap that both come from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare
from aeviz.evaluation.scores import Bootstrap
from aeviz.metrics._cluster_metric import adjusted_rand
from tests.evaluation._scoring import difference, score

ALL = [m for m in METRICS.members().values() if m.subject in ("pair", "labels")]
WITH_INTERVAL = [m for m in ALL if m.has_interval]
# What these fit depends on the anchors that there are, which no resample of them can show.
FITTED = [m for m in ALL if m.scope == "clusters" or m.name == "svm_accuracy"]
UNFITTED = [m for m in ALL if m not in FITTED]


@pytest.fixture(scope="module")
def digits():
    """Give 900 digits with their classes."""
    X, y = load_digits(return_X_y=True)
    return X[:900], y[:900]


def test_bootstrap_draws_as_many_as_there_are_with_replacement():
    counts = Bootstrap(50, n_resamples=2000).counts
    assert (counts.sum(axis=1) == 50).all()
    assert counts.mean() == pytest.approx(1.0)
    # Of n draws from n, the share never drawn is (1 - 1/n)^n.
    assert (counts == 0).mean() == pytest.approx((1 - 1 / 50) ** 50, abs=0.01)


def test_means_are_those_of_the_drawn_rows(rng):
    bootstrap = Bootstrap(30, n_resamples=100, random_state=3)
    contributions = rng.normal(size=(30, 2))
    found = bootstrap.means(contributions)
    drawn = [contributions[np.repeat(np.arange(30), c)].mean(axis=0) for c in bootstrap.counts]
    np.testing.assert_allclose(found, drawn, rtol=1e-12, atol=1e-15)
    with pytest.raises(ValueError, match="contributions must have 30 rows, one per anchor, got 29"):
        bootstrap.means(contributions[:29])


def test_interval_of_a_mean_is_that_of_the_normal_distribution(rng):
    errors = rng.normal(size=400)
    bootstrap = Bootstrap(400, n_resamples=4000)
    low, high = bootstrap.interval(errors.mean(), bootstrap.means(errors[:, None])[:, 0])
    half = 1.96 * errors.std() / math.sqrt(400)
    assert low == pytest.approx(errors.mean() - half, abs=0.12 * half)
    assert high == pytest.approx(errors.mean() + half, abs=0.12 * half)


def test_scores_hold_their_value_and_leave_out_what_does_not_apply(digits):
    X, y = digits
    spaces = {"x": X, "y": PCA(2, random_state=0).fit_transform(X)}
    comparison = compare(spaces, [("x", "y")], labels=y)["x", "y"]
    scores = score(comparison, ALL)
    assert {s.metric for s in scores} == {metric.name for metric in ALL}
    by_name = METRICS.members()
    for found in scores:
        assert found.value == pytest.approx(by_name[found.metric].value(comparison), rel=1e-12)
        assert found.n_evaluated == 900
        if by_name[found.metric].has_interval:
            assert found.low < found.high
            assert found.low <= found.value <= found.high
    assert score(comparison, []) == []
    scores = [found for found in scores if by_name[found.metric].has_interval]
    assert score(comparison, WITH_INTERVAL) == scores
    other = score(comparison, WITH_INTERVAL, bootstrap=Bootstrap(900, random_state=1))
    assert [s.value for s in other] == [s.value for s in scores]
    assert [s.low for s in other] != [s.low for s in scores]


def test_interval_covers_the_exact_value_in_most_repetitions(digits):
    """120 anchors of 900, forty times: at least 34 of 40 intervals of 95 % have to hold it.

    Fewer would happen to a true 95 % about once in a hundred; so would few resamples.
    """
    X, y = digits
    spaces = {"x": X, "y": PCA(2, random_state=0).fit_transform(X)}
    exact = {
        s.metric: s.value
        for s in score(compare(spaces, [("x", "y")], labels=y)["x", "y"], UNFITTED)
    }
    covered = dict.fromkeys(exact, 0)
    for seed in range(40):
        rows = np.random.default_rng(seed).choice(900, 120, replace=False)
        sampled = compare(spaces, [("x", "y")], rows=rows, labels=y, random_state=seed)["x", "y"]
        bootstrap = Bootstrap(120, n_resamples=300, random_state=seed)
        for found in score(sampled, UNFITTED, bootstrap=bootstrap):
            covered[found.metric] += found.low <= exact[found.metric] <= found.high
    assert min(covered.values()) >= 34, covered


def planted(seed, *, n_classes=50, n_rows=500):
    """Return a comparison of spaces that say nothing of its many classes."""
    rng = np.random.default_rng(seed)
    classes = np.concatenate([np.arange(n_classes), rng.integers(n_classes, size=n_rows)])
    rng.shuffle(classes)
    spaces = {"x": rng.normal(size=(len(classes), 3)), "y": rng.normal(size=(len(classes), 2))}
    return compare(spaces, [("x", "y")], labels=classes, n_ranked=0, n_distances=1)["x", "y"]


CENTRED = ("label_continuity", "label_trustworthiness")


def test_intervals_of_labels_lie_around_the_value():
    """The fewer different anchors of a resample had lower values; intervals lay below."""
    for found in score(planted(0), [METRICS.get(name) for name in CENTRED]):
        share = (found.value - found.low) / (found.high - found.low)
        assert 0.25 < share < 0.75, found


@pytest.mark.slow
def test_intervals_of_labels_cover_their_mean():
    """Of forty draws of anchors; fewer than 34 would happen to a true 95 % once in a hundred."""
    metrics = [METRICS.get(name) for name in CENTRED]
    others = [planted(seed) for seed in range(100, 180)]
    expected = {one.name: np.mean([one.value(other) for other in others]) for one in metrics}
    covered = dict.fromkeys(expected, 0)
    for seed in range(40):
        for found in score(planted(seed), metrics, bootstrap=Bootstrap(550, random_state=seed)):
            covered[found.metric] += found.low <= expected[found.metric] <= found.high
    assert min(covered.values()) >= 34, covered


def test_a_pair_of_an_anchor_with_itself_is_no_pair():
    # Three anchors a a b in clusters 1 2 2, the first drawn twice. Pairs of different ones, by
    # the product of weights: together in classes 2 (a a), in clusters 1 (a b), in both none, of
    # 2 + 2 + 1 = 5: (0 - 2/5) / (3/2 - 2/5).
    weights = np.array([2.0, 1.0, 1.0])
    cells = np.array([0, 2, 3])
    table, squares = np.zeros(4), np.zeros(4)
    table[cells], squares[cells] = weights, weights**2
    found = adjusted_rand(table.reshape(2, 2), squares.reshape(2, 2))
    assert found == pytest.approx(-0.4 / 1.1, rel=1e-12)


def test_differences_are_paired(digits):
    """Two embeddings that differ by a little noise differ by less than either interval is wide."""
    X, y = digits
    plane = PCA(2, random_state=0).fit_transform(X)
    noise = np.random.default_rng(0).normal(size=plane.shape)
    spaces = {"x": X, "a": plane, "b": plane + 0.5 * noise}
    found = compare(spaces, [("x", "a"), ("x", "b")], labels=y)
    a, b = found["x", "a"], found["x", "b"]
    # Two fits of k-means find other clusters of one resample.
    paired = [metric for metric in WITH_INTERVAL if metric.refits is None]
    scores_a, scores_b = score(a, paired), score(b, paired)
    gaps = difference(a, b, paired)
    for ours, of_a, of_b in zip(gaps, scores_a, scores_b, strict=True):
        assert ours.value == pytest.approx(of_a.value - of_b.value, abs=1e-12)
        assert ours.low <= ours.value <= ours.high
        assert ours.high - ours.low < of_a.high - of_a.low, ours.metric


def test_a_difference_is_shown_where_there_is_one(digits):
    X, y = digits
    plane = PCA(2, random_state=0).fit_transform(X)
    noise = np.random.default_rng(0).normal(size=plane.shape)
    spaces = {"x": X, "a": plane, "b": plane + 8.0 * noise}
    found = compare(spaces, [("x", "a"), ("x", "b")], labels=y)
    # Noise leaves centroids where they are, and pulls no classes apart.
    blind = ("centroid_triplet_accuracy", "label_continuity")
    seeing = [metric for metric in WITH_INTERVAL if metric.name not in blind]
    for worse in difference(found["x", "b"], found["x", "a"], seeing):
        if METRICS.get(worse.metric).higher_is_better:
            assert worse.high < 0.0, worse
        else:
            assert worse.low > 0.0, worse


def test_no_difference_is_shown_for_the_same_embedding(digits):
    X, y = digits
    plane = PCA(2, random_state=0).fit_transform(X)
    spaces = {"x": X, "a": plane, "b": -3 * plane[:, ::-1]}
    found = compare(spaces, [("x", "a"), ("x", "b")], labels=y)
    for same in difference(found["x", "a"], found["x", "b"], ALL):
        # Which distances are equal in single precision may depend on the unit.
        assert same.low <= 0.0 <= same.high or abs(same.value) < 1e-8
        assert same.value == pytest.approx(0.0, abs=1e-8)


def test_differences_need_the_same_anchors(digits):
    X, _ = digits
    a = compare({"x": X}, [("x", "x")], rows=np.arange(50))["x", "x"]
    b = compare({"x": X}, [("x", "x")], rows=np.arange(1, 51))["x", "x"]
    with pytest.raises(ValueError, match="both must be measured on the same samples"):
        difference(a, b, ALL)
