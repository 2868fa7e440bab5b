"""Test that columns of numbers come back from the page as the source has them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from aeviz.page.blobs import Blobs
from aeviz.report._columns import exact
from tests.report._unpacking import numbers_of

MOST = float(np.finfo(np.float32).max)


def back(values):
    """Return how a column is written, and its values as the page has them."""
    blobs = Blobs()
    column = exact(values, blobs)
    return column, numbers_of(blobs, column)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([17, 90, 80], "uint8"),
        ([80, 17, 1_000_000], "uint32"),
        ([-300, 0, 300], "uint16"),
        ([5.1, 4.9, 7], "uint8"),
        ([1234567.89, 0.01, -5], "uint32"),
        ([0.001, 0.102, 65.534], "uint16"),
        ([1_700_000_001, 1_700_000_003], "uint8"),
        ([2**24 + 1, -(2**40)], "float64"),
        ([2**62 + 1024, 0], "float64"),
        ([1e300, 0.125], "float64"),
        ([1e-60, 0.125], "float64"),
        ([0.5, -0.5], "uint8"),
    ],
    ids=str,
)
def test_numbers_with_few_digits_are_exact(values, dtype):
    """An age of 80 was saved as 79.9999, and any other as 0 beside an outlier of a million."""
    column, found = back(np.array(values))
    assert column["values"]["dtype"] == dtype
    assert found.tolist() == [float(value) for value in values]


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32, np.float16])
def test_numbers_of_any_dtype_are_those_of_the_source(dtype):
    values = np.array([0, 3, 200, 7], dtype)
    column, found = back(values)
    assert column["values"]["dtype"] == "uint8"
    assert_array_equal(found, values)


def test_decimals_in_single_precision_are_those_that_were_written():
    column, found = back(np.array([5.1, 0.2, 4.7], np.float32))
    assert (column["first"], column["decimals"]) == (2, 1)
    assert found.tolist() == [5.1, 0.2, 4.7]


@pytest.mark.parametrize("values", [[-MOST, 0.1, MOST], [0.123456789, 1 / 3]], ids=str)
def test_measurements_have_the_digits_of_float32(values):
    column, found = back(np.array(values))
    assert column["values"]["dtype"] == "float32"
    assert_array_equal(found, np.array(values, np.float32))


@pytest.mark.parametrize("others", [[], [80], [0.1], [1 / 3], [2.0**40 + 0.5, -1], [1e300]])
def test_what_is_not_finite_is_missing(others):
    _, found = back(np.array([np.nan, *others, np.inf, -np.inf]))
    assert np.isnan(found[[0, -2, -1]]).all()
    assert_array_equal(found[1:-2], np.array(others, found.dtype))


@pytest.mark.parametrize("top", [254, 255, 65534, 65535, 2**32 - 2, 2**32 - 1])
def test_no_number_is_taken_for_a_missing_one(top):
    values = np.array([0.0, top, np.nan])
    assert_array_equal(back(values)[1], values)
