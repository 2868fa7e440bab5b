"""Test neighbours, ranks, distances and memory of the engine against slow, plain code."""

from __future__ import annotations

import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from aeviz.evaluation import blocks as _blocks
from aeviz.evaluation import ranks as _ranking
from aeviz.evaluation.compare import compare
from aeviz.evaluation.ranks import counted_ranks
from tests.metrics._reference import all_ranks, neighbors


def test_pairs_share_their_spaces():
    """What a view computes once, the ranks of all distances, is not computed for each pair."""
    X = np.random.default_rng(0).normal(size=(30, 4))
    spaces = {"data": X, "code": X[:, :3], "plane": X[:, :2]}
    pairs = [("data", "code"), ("data", "plane"), ("code", "plane")]
    of_code, of_plane, of_both = compare(spaces, pairs, n_neighbors=5).values()
    assert of_code.high is of_plane.high
    assert of_code.low is of_both.high
    assert of_plane.low is of_both.low


def both(comparison):
    """Return everything that a comparison measured, for comparing two of them."""
    views = (comparison.high, comparison.low)
    return [
        comparison.ranks_in_high,
        comparison.ranks_in_low,
        *(view.neighbors for view in views),
        *(view.distances for view in views),
    ]


def assert_is_reference(comparison, high, low):
    """Compare neighbours and ranks with those of sorted rows."""
    k, rows = comparison.n_neighbors, comparison.rows
    in_high, in_low = all_ranks(high, rows), all_ranks(low, rows)
    near_high, near_low = neighbors(in_high, k), neighbors(in_low, k)
    np.testing.assert_array_equal(comparison.high.neighbors, near_high)
    np.testing.assert_array_equal(comparison.low.neighbors, near_low)
    expected = np.take_along_axis(in_high, near_low, axis=1)
    np.testing.assert_array_equal(comparison.ranks_in_high, expected)
    expected = np.take_along_axis(in_low, near_high, axis=1)
    np.testing.assert_array_equal(comparison.ranks_in_low, expected)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_samples=st.integers(3, 60),
    n_features=st.sampled_from([1, 2, 4, 5, 9]),
    n_values=st.sampled_from([1, 2, 5, 1000]),
    dtype=st.sampled_from([np.float32, np.float64, np.int64, np.uint8]),
)
def test_ranks_are_those_of_sorted_rows_with_ties_by_row_number(
    seed, n_samples, n_features, n_values, dtype
):
    """Integers have exact distances, so few values make many duplicates and equal distances."""
    rng = np.random.default_rng(seed)
    high = rng.integers(0, min(n_values, 250), (n_samples, n_features)).astype(dtype)
    low = rng.integers(0, n_values, (n_samples, 2)).astype(np.float32)
    k = int(rng.integers(1, (n_samples - 1) // 2 + 1))
    rows = np.sort(rng.choice(n_samples, int(rng.integers(1, n_samples + 1)), replace=False))
    spaces = {"high": high, "low": low}
    (comparison,) = compare(spaces, [("high", "low")], rows=rows, n_neighbors=k).values()
    assert_is_reference(comparison, high.astype(float), low.astype(float))


@pytest.mark.parametrize("n_values", [3, 40, 10**6])
def test_long_and_short_rows_are_counted_alike(rng, n_values):
    distances = rng.integers(0, n_values, (20, 500)).astype(float)
    distances[np.arange(20), np.arange(20)] = np.inf
    anchors, rows = np.repeat(np.arange(20), 3), rng.integers(20, 500, 60)
    order = np.argsort(np.argsort(distances, axis=1, kind="stable"), axis=1) + 1
    for short_row in (0, 10**6):
        found = counted_ranks(distances, anchors, rows, short_row=short_row)
        np.testing.assert_array_equal(found, order[anchors, rows])


@pytest.mark.parametrize("n_features", [2, 8])
@pytest.mark.parametrize("n_values", [3, 40, 10**6])
def test_far_ranks_are_counted_exactly(rng, n_features, n_values):
    """With 2,000 rows most ranks lie beyond the sorted ones; few values make ties there too."""
    high = rng.integers(0, n_values, (2000, n_features)).astype(np.float64)
    low = rng.integers(0, n_values, (2000, 2)).astype(np.float64)
    rows = np.arange(0, 2000, 40)
    (comparison,) = compare({"a": high, "b": low}, [("a", "b")], rows=rows).values()
    assert_is_reference(comparison, high, low)
    assert (comparison.ranks_in_high > 4 * _ranking._SMALLEST_NEAR).any()


def test_collapsed_and_periodic_spaces(rng):
    """A limit drawn from some columns may miss: all rows equal, or every other row far away."""
    collapsed = np.ones((1500, 2))
    periodic = rng.normal(size=(1500, 2))
    periodic[::2] += 1000.0
    rows = np.array([0, 1, 700, 1499])
    pairs = [("a", "b"), ("b", "a")]
    found = compare({"a": collapsed, "b": periodic}, pairs, rows=rows, n_neighbors=20)
    assert_is_reference(found["a", "b"], collapsed, periodic)
    assert_is_reference(found["b", "a"], periodic, collapsed)


def test_rows_that_the_limit_leaves_too_few_or_too_many(rng):
    distances = np.abs(rng.normal(size=(4, 3000)))
    distances[1] = 1.0
    distances[2, 5:] = 2.0
    distances[3, ::2] = np.inf
    anchors = np.array([10, 11, 12, 13])
    distances[np.arange(4), anchors] = np.inf
    expected = np.argsort(distances, axis=1, kind="stable")
    found = _ranking.RankedBlock(distances, anchors, 200)
    np.testing.assert_array_equal(found.neighbors, expected[:, :200])
    wanted = expected[:, [0, 199, 200, 700, 1400]]
    positions = np.zeros((4, 3000), np.int32)
    expected_ranks = [[1, 200, 201, 701, 1401]] * 4
    np.testing.assert_array_equal(found.ranks(wanted, positions), expected_ranks)
    assert not positions.any()


def test_order_of_bits_is_that_of_floats(rng):
    """Products leave values just below zero, and a zero of either sign is the same distance."""
    values = np.array([0.0, -0.0, 1e-7, -1e-7, -2e-7, 1e-45, -1e-45, 0.0, 3e38], np.float32)
    values = np.stack([rng.permutation(np.tile(values, 3)) for _ in range(20)])
    rows = np.tile(np.arange(values.shape[1], dtype=np.int32), (20, 1))
    expected = np.argsort(values, axis=1, kind="stable")
    np.testing.assert_array_equal(_ranking._in_order(rows, values), expected)


def test_features_that_never_change_are_left_out(rng):
    X = rng.normal(size=(60, 9)).astype(np.float32)
    wide = np.full((60, 30), 7.5, np.float32)
    wide[:, 2:29:3] = X
    plain, padded = (compare({"a": table}, [("a", "a")])["a", "a"] for table in (X, wide))
    for first, second in zip(both(plain), both(padded), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_features", [3, 70])
def test_distances_are_exact_far_from_the_origin(rng, dtype, n_features):
    """A matrix product of points a million away from the origin would lose every digit."""
    X = (rng.normal(size=(200, n_features)) + 1e6).astype(dtype)
    (comparison,) = compare({"a": X}, [("a", "a")]).values()
    exact = cdist(X.astype(float), X.astype(float))[np.arange(200)[:, None], comparison.partners]
    np.testing.assert_allclose(comparison.low.distances, exact, rtol=1e-5)


@pytest.mark.parametrize("scale", [1e-25, 1e25])
def test_scale_neither_over_nor_underflows(rng, scale):
    X = rng.normal(size=(100, 8)).astype(np.float32)
    (plain,) = compare({"a": X}, [("a", "a")]).values()
    (scaled,) = compare({"a": X * np.float32(scale)}, [("a", "a")]).values()
    np.testing.assert_allclose(scaled.low.distances, plain.low.distances * scale, rtol=1e-5)
    np.testing.assert_array_equal(scaled.low.neighbors, plain.low.neighbors)


def test_float32_neighbors_in_a_wide_plane_are_exact(rng):
    """Neighbours 1e-3 apart in a picture 1,000 wide; a float32 matrix product would mix them up."""
    X = rng.integers(0, 2, (60, 2)) * 1000 + rng.integers(0, 9, (60, 2)) / 1024
    X = X.astype(np.float32)
    (comparison,) = compare({"a": X}, [("a", "a")], n_neighbors=5).values()
    assert_is_reference(comparison, X.astype(float), X.astype(float))


def test_blocks_of_any_size_give_the_same(rng):
    X, Y = rng.normal(size=(400, 70)), rng.normal(size=(400, 3))
    labels = rng.integers(0, 4, 400)
    results = [
        compare({"x": X, "y": Y}, [("x", "y")], labels=labels, memory_bytes=memory)["x", "y"]
        for memory in (1, 100_000, 1 << 30)
    ]
    for other in results[1:]:
        for first, second in zip(both(results[0]), both(other), strict=True):
            np.testing.assert_allclose(first, second, rtol=1e-10)
        for name in ("own_class_distance", "other_class_distance"):
            first, second = (getattr(c.low, name) for c in (results[0], other))
            np.testing.assert_allclose(first, second, rtol=1e-10)


def test_whole_matrix_is_used_and_gives_the_same(rng, monkeypatch):
    """All rows as anchors take the symmetric way, all rows in another order do not."""
    X = rng.normal(size=(600, 70)).astype(np.float32)
    kept = []
    fill = _blocks._Memory.fill
    monkeypatch.setattr(
        _blocks._Memory, "fill", lambda self, start: (kept.append(start), fill(self, start))[1]
    )
    (whole,) = compare({"x": X}, [("x", "x")]).values()
    assert kept
    kept.clear()
    backwards = np.arange(600)[::-1]
    (blocks,) = compare({"x": X}, [("x", "x")], rows=backwards).values()
    assert not kept
    np.testing.assert_array_equal(whole.high.neighbors, blocks.high.neighbors[::-1])


def test_same_seed_same_digits_and_another_seed_other_distances(rng):
    spaces = {"x": rng.normal(size=(700, 20)).astype(np.float32), "y": rng.normal(size=(700, 2))}
    one, again, other = (
        compare(spaces, [("x", "y")], n_distances=5000, random_state=seed)["x", "y"]
        for seed in (0, 0, 1)
    )
    for first, second in zip(both(one), both(again), strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(one.low.distances, other.low.distances)
    np.testing.assert_array_equal(one.ranks_in_high, other.ranks_in_high)


def test_several_pairs_are_those_computed_alone(rng):
    spaces = {name: rng.normal(size=(150, d)) for name, d in (("a", 9), ("b", 5), ("c", 2))}
    pairs = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a"), ("a", "a")]
    together = compare(spaces, pairs)
    assert list(together) == pairs
    for pair in pairs:
        alone = compare(spaces, [pair])[pair]
        for first, second in zip(both(together[pair]), both(alone), strict=True):
            np.testing.assert_array_equal(first, second)


def test_partners_are_different_rows_and_not_the_anchor(rng):
    X = rng.normal(size=(40, 2))
    (every,) = compare({"x": X}, [("x", "x")]).values()
    assert every.partners.shape == (40, 39)
    for row, partners in zip(every.rows, every.partners, strict=True):
        assert set(partners) == set(range(40)) - {row}
    (some,) = compare({"x": X}, [("x", "x")], n_distances=400).values()
    assert some.partners.shape == (40, 10)
    assert all(len({row, *partners}) == 11 for row, partners in enumerate(some.partners))
    np.testing.assert_array_equal(np.bincount(some.partners.ravel()), np.full(40, 10))


def test_truncated_is_what_fewer_neighbors_give(rng):
    spaces = {"x": rng.normal(size=(90, 5)), "y": rng.normal(size=(90, 2))}
    twenty = compare(spaces, [("x", "y")], n_neighbors=20)["x", "y"].truncated(7)
    seven = compare(spaces, [("x", "y")], n_neighbors=7)["x", "y"]
    for first, second in zip(both(twenty), both(seven), strict=True):
        np.testing.assert_array_equal(first, second)
    with pytest.raises(ValueError, match=r"n_neighbors must be in 1\.\.7, got 8"):
        seven.truncated(8)


def test_memory_stays_in_the_budget(rng):
    """3,000 anchors × 3,000 rows in two spaces are 108 MB; 8 MB of blocks must do."""
    X, Y = rng.normal(size=(3000, 10)).astype(np.float32), rng.normal(size=(3000, 2))
    arguments = {"n_distances": 3000, "n_neighbors": 5, "memory_bytes": 8_000_000}
    compare({"x": X, "y": Y}, [("x", "y")], rows=np.arange(5), n_neighbors=5)
    tracemalloc.start()
    compare({"x": X, "y": Y}, [("x", "y")], **arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Copies of the spaces, results, and what is sorted of each block come on top.
    assert peak < 8_000_000 + 6_000_000


def test_progress_goes_from_above_zero_to_one_and_errors_stop_it(rng):
    X = rng.normal(size=(300, 2))
    fractions = []
    compare({"x": X}, [("x", "x")], memory_bytes=100_000, progress=fractions.append)
    assert fractions == sorted(fractions)
    assert fractions[0] > 0.0
    assert fractions[-1] == 1.0

    def interrupt(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare({"x": X}, [("x", "x")], memory_bytes=1, progress=interrupt)
    assert not [t for t in threading.enumerate() if t.name.startswith("aeviz-metrics")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pairs": []}, "pairs must name at least one pair of spaces, got none"),
        ({"pairs": [("x", "z")]}, "pairs must name spaces among x, y, short; got 'z'"),
        ({}, "all spaces must have the same number of samples, got x: 30, y: 30, short: 29"),
        ({"n_neighbors": 15}, r"n_neighbors must be in 1\.\.14 \(below n_samples / 2\), got 15"),
        ({"n_neighbors": 0}, r"n_neighbors must be in 1\.\.14 .* got 0"),
        ({"n_distances": 0}, "n_distances must be at least 1, got 0"),
        ({"memory_bytes": 0}, "memory_bytes must be at least 1, got 0"),
        ({"rows": np.array([0, 30])}, r"rows must be row numbers in 0\.\.29, at least one"),
        ({"rows": np.array([], int)}, r"rows must be row numbers in 0\.\.29, at least one"),
        ({"rows": np.array([0.5])}, r"rows must be row numbers in 0\.\.29, at least one"),
        ({"rows": np.array([3, 3])}, "rows must all be different, got some more than once"),
        ({"labels": np.zeros(29)}, r"labels must have shape \(30,\), got \(29,\)"),
    ],
)
def test_bad_arguments(rng, change, message):
    X = rng.normal(size=(30, 3))
    spaces = {"x": X, "y": X[:, :2], **({} if change else {"short": X[:29]})}
    if change.get("pairs"):
        spaces["short"] = X
    arguments = {"pairs": [("x", "y")], **change}
    with pytest.raises(ValueError, match=message):
        compare(spaces, **arguments)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite(rng, bad):
    X = rng.normal(size=(30, 3))
    X[3, 1] = bad
    with pytest.raises(ValueError, match="x must hold finite numbers, got NaN or infinite values"):
        compare({"x": X}, [("x", "x")])


def test_spaces_must_be_tables_of_numbers():
    with pytest.raises(ValueError, match=r"x must be numbers of shape .* got <U1 of shape"):
        compare({"x": np.full((30, 2), "a")}, [("x", "x")])
    with pytest.raises(ValueError, match=r"x must be numbers of shape .* got float64 of shape"):
        compare({"x": np.ones(30)}, [("x", "x")])
