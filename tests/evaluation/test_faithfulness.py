"""Test false and missed neighbours: by hand, planted, by their promises, with equal distances."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from aeviz import faithfulness
from aeviz.evaluation.faithfulness import Neighborhoods, distances_to, unfaithful
from tests.metrics._reference import all_ranks


def test_worked_by_hand():
    """Six samples on a line, of which the picture puts the last beside the first.

    data      0  1  2.1  3.3  4.6  6      picture   0  1  2.1  3.3  4.6  -0.4

    k = 2, K = 3. The two nearest in the picture (P), and the three nearest in the data (D):

        sample   P       D          of P not in D     false
        0        5 1     1 2 3      5                 1/2
        1        0 2     0 2 3      none              0
        2        1 3     1 3 0      none              0
        3        2 4     2 4 1      none              0
        4        3 2     3 5 2      none              0
        5        0 1     4 3 2      0 1               1

    The two nearest in the data (N), and the three nearest in the picture (Q):

        sample   N       Q          of N not in Q     missed
        0        1 2     5 1 2      none              0
        1        0 2     0 2 5      none              0
        2        1 3     1 3 0      none              0
        3        2 4     2 4 1      none              0
        4        3 5     3 2 1      5                 1/2
        5        4 3     0 1 2      4 3               1
    """
    data = np.array([0, 1, 2.1, 3.3, 4.6, 6])[:, None]
    picture = np.array([0, 1, 2.1, 3.3, 4.6, -0.4])[:, None]
    table = faithfulness(data, picture, n_neighbors=2, n_near=3)
    assert list(table.columns) == ["false", "missed"]
    assert table["false"].tolist() == [0.5, 0, 0, 0, 0, 1]
    assert table["missed"].tolist() == [0, 0, 0, 0, 0.5, 1]


@pytest.mark.parametrize("n_components", [2, 5])
def test_agrees_with_ranks_by_sorting(wine, n_components):
    """Two components are searched in a tree, five by going through all rows."""
    X, Y, _ = wine
    low = np.hstack([Y, 0.5 * X[:, : n_components - 2]])
    table = faithfulness(X, low, n_neighbors=7, n_near=20)
    rows = np.arange(len(X))
    in_data, in_embedding = all_ranks(X, rows), all_ranks(low, rows)
    for name, here, there in (("false", in_embedding, in_data), ("missed", in_data, in_embedding)):
        is_judged = (here >= 1) & (here <= 7)
        assert_array_equal(table[name], (is_judged & (there > 20)).sum(axis=1) / 7)


# -- planted faults ----------------------------------------------------------------------------


def test_a_torn_neighbourhood_is_missed_where_it_is_torn_and_not_false():
    """A sheet is cut along a line: only samples whose neighbours lie beyond it miss some."""
    rng = np.random.default_rng(0)
    sheet = rng.uniform(size=(900, 2))
    X = np.column_stack([sheet, np.zeros(len(sheet))])
    is_right = sheet[:, 0] > 0.5
    torn = sheet + 9.0 * is_right[:, None]
    table = faithfulness(X, torn)
    neighbors = Neighborhoods.of(X, 10).indices
    loses = (is_right[neighbors] != is_right[:, None]).mean(axis=1)
    assert 50 < (loses > 0).sum() < 300
    assert_allclose(table["missed"], loses)
    assert (table["false"] == 0).all()


def test_two_groups_on_top_of_each_other_are_false_there_and_not_missed():
    """Of three groups two differ only in a coordinate that the picture leaves out."""
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], 200)
    X = rng.normal(size=(600, 2)) + np.array([[0.0, 0.0], [0.0, 0.0], [40.0, 0.0]])[group]
    X = np.column_stack([X, np.array([0.0, 40.0, 0.0])[group]])
    table = faithfulness(X, X[:, :2])
    by_group = table["false"].groupby(group).mean()
    assert_allclose(by_group[:2], 0.5, atol=0.05)
    assert by_group[2] == 0
    assert (table["missed"] == 0).all()


def test_one_sample_in_the_wrong_place_is_found():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2)) + 30.0 * (np.arange(300) % 2)[:, None]
    low = X.copy()
    low[7] = low[[0, 2, 4]].mean(axis=0)
    table = faithfulness(X, low)
    assert table.loc[7].tolist() == [1.0, 1.0]
    assert table["false"].drop(7).max() <= 0.1
    assert table["missed"].drop(7).max() <= 0.1


# -- promises ----------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n_samples=st.integers(3, 60), n_features=st.integers(1, 6))
def test_bounds_and_identity(seed, n_samples, n_features):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_samples, n_features))
    k = int(rng.integers(1, n_samples))
    n_near = int(rng.integers(k, n_samples))
    table = faithfulness(X, rng.normal(size=(n_samples, 2)), n_neighbors=k, n_near=n_near)
    assert table.shape == (n_samples, 2)
    assert ((table >= 0) & (table <= 1)).all(axis=None)
    assert (faithfulness(X, X.copy(), n_neighbors=k, n_near=n_near) == 0).all(axis=None)


def test_a_random_picture_has_nearly_nothing_right(rng):
    X, low = rng.normal(size=(2000, 8)), rng.normal(size=(2000, 2))
    table = faithfulness(X, low)
    assert_allclose(table.mean(), 1 - 50 / 1999, atol=0.01)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    angle=st.floats(0, 7),
    shift=st.floats(-50, 50),
    scale=st.sampled_from([1e-200, 0.01, 1.0, 300.0, 1e200]),
)
def test_rotation_shift_scale_and_row_order_change_nothing(seed, angle, shift, scale):
    rng = np.random.default_rng(seed)
    high, low = rng.normal(size=(80, 5)), rng.normal(size=(80, 2))
    expected = faithfulness(high, low, n_neighbors=6)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = scale * (low @ rotation + shift)
    pd.testing.assert_frame_equal(faithfulness(high * scale, moved, n_neighbors=6), expected)
    order = rng.permutation(80)
    mixed = faithfulness(high[order], low[order], n_neighbors=6)
    assert_array_equal(mixed.to_numpy(), expected.to_numpy()[order])


def test_blocks_change_nothing(wine):
    X, Y, _ = wine
    of_X, of_Y = Neighborhoods.of(X, 50), Neighborhoods.of(Y, 50)
    expected = unfaithful(of_Y, X, of_X, n_neighbors=10)
    found = unfaithful(of_Y, X, of_X, n_neighbors=10, block_rows=17)
    np.testing.assert_array_equal(found, expected)
    rows = np.arange(5)
    expected = distances_to(X, rows, of_X.indices[rows])
    found = distances_to(X, rows, of_X.indices[rows], block_bytes=1)
    np.testing.assert_array_equal(found, expected)
    heard = []
    Neighborhoods.of(Y, 5, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (len(X), len(X))


def test_float32_is_worked_on_as_it_is(wine):
    X, Y, _ = wine
    table = faithfulness(X.astype(np.float32), Y.astype(np.float32))
    assert np.abs(table - faithfulness(X, Y)).mean(axis=None) < 0.01


# -- equal distances ---------------------------------------------------------------------------


@pytest.mark.parametrize("n_features", [2, 6])
def test_samples_that_coincide_in_the_data_are_no_false_neighbours(rng, n_features):
    """Sixty copies of one sample: which of them are the nearest ten says nothing."""
    X = np.vstack(
        [np.tile(rng.normal(size=n_features), (60, 1)), rng.normal(size=(60, n_features))]
    )
    low = np.vstack([rng.normal(size=(60, 2)), 50 + rng.normal(size=(60, 2))])
    table = faithfulness(X, low, n_neighbors=5, n_near=10)
    assert (table["false"][:60] == 0).all()
    assert (table["false"][60:] > 0).any()


def test_samples_that_coincide_in_the_picture_are_no_missed_neighbours(rng):
    X = rng.normal(size=(80, 6))
    table = faithfulness(X, np.ones((80, 2)), n_neighbors=5, n_near=10)
    assert (table["missed"] == 0).all()
    assert table["false"].mean() > 0.7


def test_grids_are_full_of_ties_and_still_agree_with_themselves():
    grid = np.stack(np.meshgrid(np.arange(12.0), np.arange(12.0)), axis=-1).reshape(-1, 2)
    turned = grid[:, ::-1] * [1.0, -1.0]
    assert (faithfulness(grid, turned, n_neighbors=4) == 0).all(axis=None)
    lifted = np.hstack([grid, np.zeros((144, 3))])
    assert (faithfulness(lifted, turned, n_neighbors=4) == 0).all(axis=None)


def test_a_row_is_left_out_of_its_own_neighbours_also_among_copies():
    found = Neighborhoods.of(np.zeros((40, 2)), 6)
    assert not (found.indices == np.arange(40)[:, None]).any()
    assert found.is_tied.all()
    assert found.n_near == 6
    everyone = Neighborhoods.of(np.arange(8.0)[:, None], 7)
    assert not everyone.is_tied.any()
    assert_array_equal(np.sort(everyone.indices[3]), [0, 1, 2, 4, 5, 6, 7])


def test_distances_are_those_asked_for():
    X = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    assert distances_to(X, np.array([0]), np.array([[1, 2]])).tolist() == [[5.0, 1.0]]
    assert distances_to(X, np.zeros(0, int), np.zeros((0, 2), int)).shape == (0, 2)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"low": np.ones((19, 2))}, ValueError, "same number of samples, got 20 and 19"),
        ({"low": np.full((20, 2), np.nan)}, ValueError, "low contains NaN"),
        ({"high": np.ones(20)}, ValueError, r"high must have shape .*, got \(20,\)"),
        ({"n_neighbors": 20}, ValueError, r"n_neighbors must be in 1\.\.19 .*, got 20"),
        ({"n_neighbors": 4, "n_near": 3}, ValueError, r"n_near must be in 4\.\.19 .*, got 3"),
        ({"n_neighbors": 2.0}, TypeError, "n_neighbors must be an integer"),
    ],
)
def test_bad_arguments_are_said(rng, change, error, message):
    arguments = {"high": rng.normal(size=(20, 3)), "low": rng.normal(size=(20, 2)), **change}
    with pytest.raises(error, match=message) as caught:
        faithfulness(**arguments)
    assert "\n" not in str(caught.value)
