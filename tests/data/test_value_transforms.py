"""Test transforms of values by hand, and their way back."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from aeviz.core.exceptions import AevizError
from aeviz.data._counts import count_note
from aeviz.data.dataset import Dataset
from aeviz.data.value_transforms import TRANSFORMS, ValueTransform
from aeviz.settings import PreparationOptions

COUNTS = np.array([[1, 3, 0], [10, 20, 10], [0, 0, 0], [2, 4, 2]])


def fitted(name, X=COUNTS):
    return ValueTransform.fit(name, [X[:2], X[2:]])


def test_counts_by_hand():
    # Totals 4, 40, 0 and 8; without the 0 their median is 8.
    counts = fitted("counts")
    assert counts.total == 8
    expected = np.log1p([[2, 6, 0], [2, 4, 2], [0, 0, 0], [2, 4, 2]])
    assert_allclose(counts.apply(COUNTS), expected)
    assert "median total of the training samples (8)" in counts.words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("none", [10.0]),
        ("log1p", [2.3978952728]),
        ("arcsinh", [1.4436354752]),
        ("arcsinh150", [0.0666173825]),
    ],
)
def test_single_values_by_hand_and_back(name, expected):
    X = np.array([[10.0]])
    transform = ValueTransform.fit(name, [X])
    assert_allclose(transform.apply(X)[0], expected, rtol=1e-9)
    assert_allclose(transform.invert(transform.apply(X)), X)


def test_counts_come_back_with_the_median_total():
    back = fitted("counts").invert(fitted("counts").apply(COUNTS))
    assert_allclose(back.sum(axis=1), [8, 8, 0, 8])


def test_samples_without_counts_only():
    assert fitted("counts", np.zeros((3, 2))).apply(np.zeros((1, 2))).tolist() == [[0, 0]]


@pytest.mark.parametrize("name", ["log1p", "counts"])
def test_negative_values_are_refused(name):
    expected = rf"transform={name} takes values of at least 0, .* such as -2; accepted"
    with pytest.raises(AevizError, match=expected):
        ValueTransform.fit(name, [COUNTS - 2]).apply(COUNTS - 2)
    transform = fitted(name)
    with pytest.raises(AevizError, match=expected):
        transform.apply(COUNTS - 2)


def test_arcsinh_takes_negative_values():
    assert_allclose(fitted("arcsinh").apply(np.array([[-5.0]])), [[-0.881373587]])


def test_the_settings_name_every_transform():
    field = PreparationOptions.__dataclass_fields__["transform"]
    assert field.metadata["choices"] == TRANSFORMS


def molecules(n_features=60):
    rng = np.random.default_rng(0)
    return rng.poisson(rng.gamma(0.2, 2.0, n_features), (50, n_features))


def test_raw_counts_are_told():
    X = molecules()
    note = count_note(Dataset("cells", X.astype(np.float32)))
    assert "look like raw counts: whole numbers up to" in note
    assert "--transform counts" in note


@pytest.mark.parametrize(
    "X",
    [
        molecules() / 2,
        molecules() - 1,
        molecules(20),
        np.minimum(molecules(), 1),
        np.where(molecules() > 0, 200, 0),  # pixels
    ],
)
def test_other_numbers_are_no_raw_counts(X):
    assert count_note(Dataset("table", X)) == ""


def test_images_are_no_raw_counts():
    assert count_note(Dataset("images", molecules(), image_shape=(6, 10, 1))) == ""
