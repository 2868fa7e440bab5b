"""Test ranks over data sets, and the front of quality and time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from aeviz.benchmark._ranking import pareto_front, rank


def test_critical_difference_of_the_paper():
    """Demšar (2006): four methods on 14 data sets, CD = 2.569 · sqrt(4 · 5 / (6 · 14)) = 1.25."""
    values = np.random.default_rng(0).normal(size=(14, 4))
    assert_allclose(rank(values, higher_is_better=True).critical, 1.25, atol=0.005)


def test_rounding_makes_no_rank():
    """PCA of PCA's code and PCA of the data are one picture, and had the ranks 1 and 2."""
    values = np.array([[0.577607, 0.577607 - 2e-8, 0.4], [0.67, 0.67 - 2e-8, 0.3]])
    assert_allclose(rank(values, higher_is_better=True).mean_ranks, [1.5, 1.5, 3.0])


def test_mean_ranks_by_hand():
    """Ranks are 1, 2, 3 and 2.5, 2.5, 1: equal values share their mean rank."""
    values = np.array([[0.9, 0.8, 0.7], [0.5, 0.5, 0.6]])
    found = rank(values, higher_is_better=True)
    assert_allclose(found.mean_ranks, [1.75, 2.25, 2.0])
    assert_allclose(rank(-values, higher_is_better=False).mean_ranks, found.mean_ranks)
    assert (found.p, found.critical) == (None, None)


def test_few_data_sets_can_tell_nothing_apart():
    values = np.tile(np.arange(6.0), (3, 1))
    found = rank(values, higher_is_better=True)
    # 6 methods on 3 data sets: CD = 2.850 · sqrt(6 · 7 / 18) = 4.35, below the 5 that there are.
    assert_allclose(found.critical, 4.35, atol=0.01)
    assert found.can_ever_differ
    assert not rank(np.tile(np.arange(9.0), (2, 1)), higher_is_better=True).can_ever_differ
    assert found.is_shown
    assert found.groups() == [(0, 4), (1, 5)]


def test_equal_methods_show_nothing():
    found = rank(np.ones((5, 4)), higher_is_better=True)
    assert not found.is_shown
    assert found.groups() == [(0, 3)]


@pytest.mark.parametrize("seed", range(5))
def test_front_is_what_nothing_dominates(seed):
    rng = np.random.default_rng(seed)
    quality, seconds = rng.integers(0, 5, size=(2, 12)).astype(float)
    expected = [
        not any(
            quality[j] >= quality[i]
            and seconds[j] <= seconds[i]
            and (quality[j] > quality[i] or seconds[j] < seconds[i])
            for j in range(12)
        )
        for i in range(12)
    ]
    assert pareto_front(quality, seconds).tolist() == expected
