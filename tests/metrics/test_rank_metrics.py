"""Test the metrics of ranks over all scales and of distances' orders, and the curve behind them."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from scipy.stats import pearsonr
from sklearn.isotonic import IsotonicRegression

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare
from aeviz.evaluation.curves import N_BINS, curves, shown_sizes
from aeviz.evaluation.rank_curves import area_table
from aeviz.metrics import nonmetric_stress
from aeviz.metrics._rank_costs import relative_rank_errors
from tests.evaluation._scoring import difference, score
from tests.metrics._reference import all_ranks

# Five points on a line, the last two of which change places. Rows by nearness:
#   high 0 1 3 7 15     0: 1 2 3 4   1: 0 2 3 4   2: 1 0 3 4   3: 2 1 0 4   4: 3 2 1 0
#   low  0 1 3 15 7     0: 1 2 4 3   1: 0 2 4 3   2: 1 0 4 3   3: 4 2 1 0   4: 2 1 0 3
HIGH = np.array([[0.0], [1.0], [3.0], [7.0], [15.0]])
LOW = np.array([[0.0], [1.0], [3.0], [15.0], [7.0]])
THREE = np.array([[0.0], [1.0], [3.0]])


def compared(high, low, **arguments):
    """Return the comparison of two spaces, with neighbourhoods of one where nothing is said."""
    arguments = {"n_neighbors": 1, **arguments}
    (found,) = compare({"high": high, "low": low}, [("high", "low")], **arguments).values()
    return found


def value(name, high, low, **arguments):
    """Return one metric."""
    return METRICS.get(name).value(compared(high, low, **arguments))


# -- worked by hand ----------------------------------------------------------------------


def test_relative_rank_errors():
    # n = 5 and k = 2: C = 3/1 + 1/2 = 7/2. Rows 0 to 2 keep their two nearest in order.
    # Picture's neighbours: row 3 has 4 and 2, in the data on places 4 and 1: 3/1 + 1/2, the
    # worst there is; row 4 has 2 and 1, on places 2 and 3: 1/1 + 1/2, 3/7 of it.
    assert value("mrre_false", HIGH, LOW, n_neighbors=2) == pytest.approx(2 / 7, rel=1e-12)
    # Data's neighbours: row 3 has 2 and 1, in the picture on 2 and 3: 3/7; row 4 has 3 and
    # 2, on 4 and 1: 1.
    assert value("mrre_missing", HIGH, LOW, n_neighbors=2) == pytest.approx(2 / 7, rel=1e-12)


def test_relative_rank_errors_are_told_apart():
    # The far end laid onto the near one, 0 1 2 3 0.1 for 0 1 2 3 10, k = 1 and C = 3. Nearest
    # in the picture 4 4 1 2 0, in the data on places 4 4 1 1 4: 3 3 0 0 3 of 3. Nearest in
    # the data 1 0 1 2 3, in the picture on places 2 2 1 1 4: 1 1 0 0 3 of 3.
    high = np.array([[0.0], [1.0], [2.0], [3.0], [10.0]])
    low = np.array([[0.0], [1.0], [2.0], [3.0], [0.1]])
    assert value("mrre_false", high, low) == pytest.approx(3 / 5, rel=1e-12)
    assert value("mrre_missing", high, low) == pytest.approx(1 / 3, rel=1e-12)


def test_auc_rnx():
    # Larger of the two ranks of the other rows: rows 0, 1, 2: 1 2 4 4; rows 3, 4: 2 3 4 4. So
    # Q(1) = 3/5; Q(2) = (3 · 2 + 2 · 1) / 10 = 4/5; Q(3) = (3 · 2 + 2 · 2) / 15 = 2/3, and
    # R(K) = (4 Q - K) / (4 - K): 7/15, 3/5, -1/3. Area:
    # (7/15 + 3/10 - 1/9) / (1 + 1/2 + 1/3) = (59/90) / (11/6) = 59/165.
    found = compared(HIGH, LOW)
    np.testing.assert_allclose(found.rank_curve, [3 / 5, 4 / 5, 2 / 3], rtol=1e-12)
    assert METRICS.get("auc_rnx").value(found) == pytest.approx(59 / 165, rel=1e-12)


def test_lcmc():
    # Three of five keep their neighbour; by chance it would be one of four.
    assert value("lcmc", HIGH, LOW) == pytest.approx(3 / 5 - 1 / 4, rel=1e-12)


def test_random_triplet_accuracy():
    # Of three points each has one triplet. Distances 01 02 12: high 1 3 2, low 2 3 1. Row 0
    # keeps its order (1 < 3, 2 < 3), row 1 does not (1 < 2, 2 > 1), row 2 does (3 > 2, 3 > 1).
    low = np.array([[0.0], [2.0], [3.0]])
    assert value("random_triplet_accuracy", THREE, low) == pytest.approx(2 / 3, rel=1e-12)
    # With row 1 in the middle it has no order in the picture: 1 + 1/2 + 1.
    low = np.array([[0.0], [1.0], [2.0]])
    assert value("random_triplet_accuracy", THREE, low) == pytest.approx(5 / 6, rel=1e-12)


def test_pearson():
    # Distances 01 02 12: high 1 3 2, low 1 5 4, of means 2 and 10/3: products
    # (-1)(-7/3) + (1)(5/3) + 0 = 4; squares 2 and (49 + 25 + 4)/9 = 26/3.
    low = np.array([[0.0], [1.0], [5.0]])
    expected = 4 / math.sqrt(2 * 26 / 3)
    assert value("pearson", THREE, low) == pytest.approx(expected, rel=1e-12)


def test_nonmetric_stress():
    # In order of the distances in the data, 01 12 02, the picture has 2 1 3. The nearest that
    # grow are 3/2 3/2 3: residual 1/4 + 1/4, of 4 + 1 + 9.
    low = np.array([[0.0], [2.0], [3.0]])
    assert value("nonmetric_stress", THREE, low) == pytest.approx(math.sqrt(1 / 28), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("random_triplet_accuracy", 0.5), ("pearson", 0), ("nonmetric_stress", 1)],
)
def test_points_that_coincide_have_defined_scores(name, expected):
    assert value(name, HIGH, np.ones((5, 2))) == expected


# -- against slow, plain code ------------------------------------------------------------


def slow_curves(high, low, rows):
    """Return Q_NX(K) and the area under R_NX from the whole co-ranking matrix."""
    in_high, in_low = all_ranks(high, rows), all_ranks(low, rows)
    n_others = len(high) - 1
    matrix = np.zeros((n_others, n_others))
    is_other = in_high > 0
    np.add.at(matrix, (in_high[is_other] - 1, in_low[is_other] - 1), 1)
    sizes = np.arange(1, n_others)
    q = np.array([matrix[:size, :size].sum() / (size * len(rows)) for size in sizes])
    r = (n_others * q - sizes) / (n_others - sizes)
    return q, (r / sizes).sum() / (1 / sizes).sum()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_samples=st.integers(3, 50),
    n_values=st.sampled_from([1, 2, 6, 1000]),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_curve_is_that_of_the_coranking_matrix(seed, n_samples, n_values, dtype):
    """Few values make duplicate rows and equal distances, ranked by row number in both."""
    rng = np.random.default_rng(seed)
    high = rng.integers(0, n_values, (n_samples, 4)).astype(dtype)
    low = rng.integers(0, n_values, (n_samples, 2)).astype(dtype)
    rows = np.sort(rng.choice(n_samples, int(rng.integers(1, n_samples + 1)), replace=False))
    found = compared(high, low, rows=rows)
    q, area = slow_curves(high.astype(float), low.astype(float), rows)
    np.testing.assert_allclose(found.rank_curve, q, rtol=1e-12)
    assert METRICS.get("auc_rnx").value(found) == pytest.approx(area, abs=1e-12)


@pytest.mark.parametrize("n_neighbors", [1, 7, 60])
def test_curve_at_k_is_neighbor_recall(wine, n_neighbors):
    X, Y, _ = wine
    found = compared(X, Y, n_neighbors=n_neighbors)
    recall = METRICS.get("neighbor_recall").value(found)
    assert found.rank_curve[n_neighbors - 1] == pytest.approx(recall, rel=1e-12)
    assert METRICS.get("lcmc").value(found) == pytest.approx(
        recall - n_neighbors / (len(X) - 1), rel=1e-9
    )


@pytest.mark.parametrize("n_samples", [3, 4, 30, 1000])
def test_area_of_identity_is_one_and_of_the_worst_is_minus_one(n_samples):
    table = area_table(n_samples)
    assert table.sum() - 1.0 == pytest.approx(1.0, rel=1e-12)
    # Reversed, row l becomes n - l, and no curve can lie lower than R(K) = -K / (n - 1 - K).
    ranks = np.arange(1, n_samples)
    lowest = table[np.maximum(ranks, n_samples - ranks)].sum() - 1.0
    assert -1.0 - 1e-12 <= lowest < 0.0


@pytest.mark.parametrize(("n_samples", "k"), [(5, 2), (7, 3), (8, 2), (8, 3)])
def test_no_order_is_worse_than_the_worst(n_samples, k):
    """Near k = n / 2 moving the k-th first costs more than moving it last."""
    ranks = np.array(list(itertools.permutations(range(1, n_samples), k)))
    errors = relative_rank_errors(ranks, n_samples).sum(axis=1)
    assert errors.max() == pytest.approx(1.0, rel=1e-12)
    assert errors.min() == 0.0


def test_pearson_of_all_distances(wine):
    X, Y, _ = wine
    expected = pearsonr(pdist(X), pdist(Y)).statistic
    assert value("pearson", X, Y) == pytest.approx(expected, rel=1e-9)
    tiny = value("pearson", X * 1e-200, Y * 1e150)
    assert tiny == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("n_values", [3, 10**6])
def test_nonmetric_stress_of_all_distances(rng, n_values):
    """Few values make equal distances in the data, which share one fitted value."""
    X, Y = rng.integers(0, n_values, (50, 3)), rng.normal(size=(50, 2))
    h, l = pdist(X), pdist(Y)  # noqa: E741 - the letters of the metric's Notes
    fitted = IsotonicRegression().fit(h, l).predict(h)
    expected = math.sqrt(np.square(l - fitted).sum() / np.square(l).sum())
    assert value("nonmetric_stress", X, Y) == pytest.approx(expected, rel=1e-9)


def test_nonmetric_stress_sees_order_only():
    """Corners of a cube in more dimensions: distances are square roots of those on its edges.

    Rows are steps along different axes, so that row i and j are sqrt(|i - j|) apart.
    """
    line = np.arange(30.0)[:, None]
    corners = np.tril(np.ones((30, 30)))
    assert value("stress", line, corners) > 0.1
    assert value("nonmetric_stress", line, corners) == pytest.approx(0.0, abs=1e-7)


def test_nonmetric_stress_of_many_distances_takes_some_of_each_anchor(wine):
    X, Y, _ = wine
    exact = value("nonmetric_stress", X, Y)
    some = replace(
        METRICS.get("nonmetric_stress"),
        pairs=partial(nonmetric_stress._pairs, max_distances=60 * len(X)),
    ).value(compared(X, Y))
    assert some != exact
    assert some == pytest.approx(exact, rel=0.05)


# -- anchors that are ranked -------------------------------------------------------------


def test_ranked_anchors_are_the_same_in_every_pair_and_as_if_all_were(wine):
    X, Y, _ = wine
    spaces, pairs = {"x": X, "y": Y, "z": X[:, :3]}, [("x", "y"), ("x", "z")]
    of_all = compare(spaces, pairs)
    of_some = compare(spaces, pairs, n_ranked=40, memory_bytes=50_000)
    again = compare(spaces, pairs, n_ranked=40)
    other = compare(spaces, pairs, n_ranked=40, random_state=1)
    assert np.array_equal(of_all["x", "y"].ranked, np.arange(len(X)))
    for pair in pairs:
        ranked = of_some[pair].ranked
        assert ranked is of_some["x", "y"].ranked
        assert (len(ranked), ranked[0] >= 0, (np.diff(ranked) > 0).all()) == (40, True, True)
        np.testing.assert_allclose(of_some[pair].rank_areas, of_all[pair].rank_areas[ranked])
        np.testing.assert_array_equal(of_some[pair].rank_curve, again[pair].rank_curve)
    assert not np.array_equal(other["x", "y"].ranked, of_some["x", "y"].ranked)


def test_ranked_anchors_are_places_among_the_anchors(wine):
    X, Y, _ = wine
    rows = np.arange(100, 0, -3)
    whole, some = compared(X, Y), compared(X, Y, rows=rows, n_ranked=5)
    np.testing.assert_allclose(some.rank_areas, whole.rank_areas[rows[some.ranked]], rtol=1e-12)


def test_scores_say_how_many_were_ranked(wine):
    X, Y, _ = wine
    spaces = {"x": X, "y": Y, "z": Y + np.random.default_rng(0).normal(size=Y.shape)}
    found = compare(spaces, [("x", "y"), ("x", "z")], n_ranked=60)
    metrics = [METRICS.get(name) for name in ("auc_rnx", "pearson")]
    scores = score(found["x", "y"], metrics)
    assert [s.n_evaluated for s in scores] == [60, len(X)]
    gap, _ = difference(found["x", "y"], found["x", "z"], metrics)
    assert 0.0 < gap.low < gap.value < gap.high
    assert gap.n_evaluated == 60


def test_default_ranks_all_of_few_samples_and_some_of_many(rng):
    X = rng.normal(size=(2100, 2)).astype(np.float32)
    assert len(compared(X, X).ranked) == 1000
    assert len(compared(X[:1500], X[:1500]).ranked) == 1500


def test_without_ranked_anchors_there_are_no_curves(wine):
    X, Y, _ = wine
    found = compared(X, Y, n_ranked=0)
    assert found.ranked is None
    assert found.rank_curve is None
    with pytest.raises(ValueError, match=r"auc_rnx needs ranked anchors .*without"):
        METRICS.get("auc_rnx").value(found)
    with pytest.raises(ValueError, match="n_ranked must be at least 0, got -1"):
        compared(X, Y, n_ranked=-1)


def test_duplicates_that_stay_together_count_as_kept(rng):
    """Every row three times in both spaces: equal rows have one order in both."""
    X = np.repeat(rng.integers(0, 50, (20, 3)), 3, axis=0).astype(float)
    assert value("auc_rnx", X, 2.0 * X, n_neighbors=5) == pytest.approx(1.0, abs=1e-12)
    assert value("mrre_false", X, 2.0 * X, n_neighbors=5) == 0.0


# -- what is drawn -----------------------------------------------------------------------


def test_curves_are_those_of_the_comparison(wine):
    X, Y, _ = wine
    found = compared(X, Y)
    drawn = curves(found)
    n_others = len(X) - 1
    assert (drawn.k[0], drawn.k[-1], (np.diff(drawn.k) > 0).all()) == (1, len(X) - 2, True)
    np.testing.assert_array_equal(drawn.q_nx, found.rank_curve[drawn.k - 1])
    expected = (n_others * drawn.q_nx - drawn.k) / (n_others - drawn.k)
    np.testing.assert_allclose(drawn.r_nx, expected, rtol=1e-12)
    with pytest.raises(ValueError, match="curves need ranked anchors"):
        curves(compared(X, Y, n_ranked=0))


def test_few_sizes_are_all_shown_and_many_thinned():
    assert shown_sizes(3).tolist() == [1]
    assert len(shown_sizes(60)) < 58
    assert 150 < len(shown_sizes(70_000)) <= 200


def test_shepard_density_is_the_histogram_of_all_distances(wine):
    X, Y, _ = wine
    shares = [pdist(points) / pdist(points).max() for points in (X, Y)]
    expected, _, _ = np.histogram2d(*shares, bins=N_BINS, range=[(0, 1), (0, 1)])
    found = curves(compared(X, Y)).shepard
    assert (found.dtype, found.shape) == (np.float32, (N_BINS, N_BINS))
    np.testing.assert_allclose(found, expected / expected.sum(), atol=2e-4)
    collapsed = curves(compared(X, np.ones((len(X), 2)))).shepard
    assert collapsed[:, 0].sum() == pytest.approx(1.0)
