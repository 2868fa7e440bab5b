"""Test that samples are centred before digits are dropped."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz.data.feature_scaling import FeatureScaling, Moments, centred

NANOSECONDS = 1_700_000_000_000_000_000


def far_columns():
    """Give UNIX times over some minutes beside a column of unit variance and a constant."""
    rng = np.random.default_rng(0)
    times = 1.7e9 + rng.uniform(0, 900, 500)
    return np.column_stack([times, rng.normal(size=500), np.full(500, 0.1)])


def blocks_of(X):
    return [X[:7], X[7:300], X[300:]]


def test_a_column_far_from_zero_is_standardised():
    """Its standard deviation, below 1e-6 of its mean, was taken for the rounding of a constant."""
    X = far_columns()
    scaling = FeatureScaling.standardising(Moments.of(blocks_of(X)))
    scaled = scaling.transform(X)
    assert scaled.dtype == np.float32
    assert_allclose(scaled[:, :2].mean(axis=0), 0, atol=1e-6)
    assert_allclose(scaled[:, :2].std(axis=0), 1, rtol=1e-6)
    assert scaling.scale[2] == 1
    assert_array_equal(scaled[:, 2], 0)
    assert scaling.dtype is np.float64
    assert_allclose(scaling.inverse_transform(scaled)[:, 0], X[:, 0], rtol=0, atol=1e-3)


def test_numbers_near_zero_come_back_as_float32():
    X = far_columns()[:, 1:]
    scaling = FeatureScaling.standardising(Moments.of([X]))
    assert scaling.inverse_transform(scaling.transform(X)).dtype == np.float32
    assert FeatureScaling(None, None).dtype is np.float32


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_integers_beyond_floats_keep_their_digits(dtype):
    """Nanosecond times were rounded to multiples of 256 by the cast to float64."""
    nanoseconds = np.random.default_rng(0).integers(0, 1000, (400, 1))
    X = (NANOSECONDS + nanoseconds).astype(dtype)
    scaling = FeatureScaling.standardising(Moments.of([X[:9], X[9:]]))
    assert_allclose(scaling.scale, nanoseconds.std(axis=0), rtol=1e-9)
    scaled = scaling.transform(X)
    assert_allclose(
        scaled - scaled.mean(), (nanoseconds - nanoseconds.mean()) / scaling.scale, atol=1e-5
    )


def test_differences_of_the_farthest_integers_are_right():
    ends = np.iinfo(np.int64)
    X = np.array([[ends.min], [-1], [0], [ends.max]])
    expected = [-(2.0**63) - 2.5, -3.5, -2.5, 2.0**63]
    assert_allclose(centred(X, np.array([2.5])).ravel(), expected, rtol=1e-15)
    top = np.array([[2**64 - 1]], np.uint64)
    assert centred(top, np.array([2.0**63])).item() == 2.0**63


def test_float64_survives_the_round_trip_through_json():
    scaling = FeatureScaling.standardising(Moments.of([far_columns()]))
    again = FeatureScaling.from_json(json.loads(json.dumps(scaling.to_json())))
    assert_array_equal(again.mean, scaling.mean)
    assert_array_equal(again.scale, scaling.scale)
