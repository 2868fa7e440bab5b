import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aeviz import Dataset, load_dataset
from aeviz.data.split import sample_rows, split_rows, stratified_rows

CLASSES = st.lists(st.integers(0, 6), min_size=1, max_size=80).map(np.array)


def toy(y=None, *, n_samples=None, is_test=None):
    n_samples = len(y) if n_samples is None else n_samples
    return Dataset(name="toy", X=np.zeros((n_samples, 2)), y=y, is_test=is_test)


def test_by_hand():
    # 10 of 20 rows: quotas 6.0, 3.5, 0.5 -> 6, 3, 0; c is lifted to its one row first.
    y = np.array(["a"] * 12 + ["b"] * 7 + ["c"])
    rows = stratified_rows(y, 10)
    assert [int((y[rows] == name).sum()) for name in "abc"] == [6, 3, 1]


@settings(deadline=None)
@given(y=CLASSES, n_rows=st.integers(0, 100), seed=st.integers(0, 5))
def test_stratified_rows_promises(y, n_rows, seed):
    rows = stratified_rows(y, n_rows, seed)
    assert len(rows) == min(n_rows, len(y))
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, stratified_rows(y, n_rows, seed))
    _, numbers, sizes = np.unique(y, return_inverse=True, return_counts=True)
    counts = np.bincount(numbers[rows], minlength=len(sizes))
    quotas = sizes * (len(rows) / len(y))
    if len(rows) >= len(sizes):
        assert counts.min() >= 1
        # Only what the smallest classes were given may be taken from the others.
        lifted = np.maximum(1 - quotas, 0).sum()
        assert np.abs(counts - quotas).max() <= 1 + lifted
    else:
        assert np.abs(counts - quotas).max() < 1


def test_rows_within_a_class_are_drawn_evenly():
    y = np.array([0] * 10 + [1] * 10)
    drawn = np.zeros(20)
    for seed in range(400):
        drawn[stratified_rows(y, 6, seed)] += 1
    # 400 draws of 3 in 10: mean 120, standard deviation 9.2 (binomial, an upper bound)
    assert np.abs(drawn - 120).max() < 5 * 9.2


def test_negative_number_of_rows():
    with pytest.raises(ValueError, match="n_rows must be at least 0, got -1"):
        stratified_rows(np.zeros(3), -1)


def test_many_classes_are_quick():
    y = np.arange(200_000) // 2
    rows = stratified_rows(y, 150_000)
    assert np.bincount(y[rows]).min() == 1


@settings(deadline=None)
@given(y=CLASSES.filter(lambda y: len(y) > 1), fraction=st.floats(0.01, 0.99))
def test_split_promises(y, fraction):
    is_train = split_rows(toy(y), test_fraction=fraction)
    n_test = len(y) - is_train.sum()
    assert n_test == min(max(round(fraction * len(y)), 1), len(y) - 1)
    np.testing.assert_array_equal(is_train, split_rows(toy(y), test_fraction=fraction))
    sizes = np.bincount(y)
    n_classes = (sizes > 0).sum()
    if n_test <= len(y) - n_classes and 4 * (sizes == 1).sum() <= len(y):
        trained = np.bincount(y[is_train], minlength=len(sizes))
        assert (trained[sizes > 0] >= 1).all()


def test_samples_alone_in_their_classes_are_held_out_too_where_they_are_many():
    """All that was held out was of the one class that had several."""
    y = np.concatenate([np.zeros(400, int), np.arange(1, 401)])
    held_out = y[~split_rows(toy(y))]
    assert len(held_out) == 160
    assert (held_out == 0).sum() == 80


@pytest.mark.parametrize(
    "y",
    [None, np.linspace(0, 1, 50), np.arange(50), np.array(["a"] * 50), np.array(["a", "b"] * 25)],
)
def test_split_without_useful_classes(y):
    is_train = split_rows(toy(y, n_samples=50))
    assert is_train.dtype == bool
    assert is_train.sum() == 40


def test_split_is_stratified_and_seeded():
    digits = load_dataset("digits")
    is_train = split_rows(digits)
    shares = np.bincount(digits.y[~is_train]) / np.bincount(digits.y)
    assert np.abs(shares - 0.2).max() < 0.01
    assert (is_train != split_rows(digits, seed=1)).any()


def test_given_split_is_kept_unless_one_side_is_empty():
    is_test = np.arange(50) % 7 == 0
    np.testing.assert_array_equal(split_rows(toy(n_samples=50, is_test=is_test)), ~is_test)
    for empty in (np.zeros(50, dtype=bool), np.ones(50, dtype=bool)):
        assert split_rows(toy(n_samples=50, is_test=empty)).sum() == 40


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 2, float("nan")])
def test_impossible_fraction(fraction):
    with pytest.raises(ValueError, match=r"test_fraction must be in \(0, 1\)"):
        split_rows(toy(n_samples=50), test_fraction=fraction)


def test_one_sample_cannot_be_split():
    with pytest.raises(ValueError, match="at least 2 samples, got 1"):
        split_rows(toy(n_samples=1))


def test_sample_rows_keeps_classes_and_split():
    y = np.array([0, 1, 1, 1] * 50)
    is_test = np.arange(200) >= 150
    rows = sample_rows(toy(y, is_test=is_test), 40)
    assert np.bincount(y[rows]).tolist() == [10, 30]
    assert abs(int(is_test[rows].sum()) - 10) <= 1
    assert len(sample_rows(toy(n_samples=200), 40)) == 40
