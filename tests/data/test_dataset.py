import numpy as np
import pytest

from aeviz import Dataset

X = np.arange(12.0).reshape(4, 3)


def make(**parts: object) -> Dataset:
    return Dataset(**{"name": "toy", "X": X, **parts})


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"X": np.arange(4.0)}, "X must have 2 dimensions"),
        ({"y": np.arange(3)}, r"y must have shape \(4,\)"),
        ({"is_test": np.zeros(5, dtype=bool)}, r"is_test must have shape \(4,\)"),
        ({"sample_ids": np.arange(5)}, r"sample_ids must have shape \(4,\)"),
        ({"feature_names": ("a", "b")}, "must name 3 columns, got 2"),
        ({"image_shape": (2, 2, 1)}, "must hold 3 values"),
        ({"target_names": ("a", "b")}, "target_names needs y"),
        ({"target_names": ("a", "b"), "y": np.array([0, 1, 2, 1])}, r"needs y in 0\.\.1"),
        ({"target_names": ("a", "b"), "y": np.array([0, -1, 1, 1])}, r"needs y in 0\.\.1"),
        ({"target_names": ("a", "b"), "y": np.array(["0", "1", "1", "0"])}, r"needs y in 0\.\.1"),
        ({"target_names": ("a", "b"), "y": np.array([0, 0.5, 1, 1])}, r"needs y in 0\.\.1"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        make(**parts)


@pytest.mark.parametrize(
    ("y", "names", "expected"),
    [
        (np.array([2, 0, 1, 1]), ("a", "b", "c"), ["c", "a", "b", "b"]),
        (np.array([1.0, 0.0, 1.0, 1.0]), ("a", "b"), ["b", "a", "b", "b"]),
        (np.array([7.0, -1.0, 7.0, 7.0]), None, ["7", "-1", "7", "7"]),
        (np.array([True, False, True, True]), None, ["1", "0", "1", "1"]),
        (np.array(["x", "y", "y", ""]), None, ["x", "y", "y", ""]),
        (np.array([9, 10, 9, 2], dtype=np.uint8), None, ["9", "10", "9", "2"]),
        (np.array([np.nan, 1, 2, 1]), None, ["", "1", "2", "1"]),
        (np.array([1, np.nan, 0, 1]), ("a", "b"), ["b", "", "a", "b"]),
        (np.array(["x", None, "y", "x"], dtype=object), None, ["x", "", "y", "x"]),
    ],
)
def test_class_labels_are_strings(y, names, expected):
    dataset = make(y=y, target_names=names)
    assert dataset.has_classes
    assert dataset.class_labels.tolist() == expected


@pytest.mark.parametrize(
    "y",
    [None, np.array([0.5, 1, 2, 3]), np.array([1e300, 1, 2, 3])],
)
def test_without_classes_there_are_no_class_labels(y):
    dataset = make(y=y)
    assert not dataset.has_classes
    assert dataset.class_labels is None


def test_whole_floats_are_classes_only_up_to_a_hundred_values():
    for n_distinct, are_classes in [(100, True), (101, False)]:
        y = np.arange(n_distinct, dtype=float)
        dataset = Dataset(name="toy", X=np.ones((n_distinct, 2)), y=y)
        assert dataset.has_classes is are_classes


def test_take_keeps_rows_together():
    dataset = make(y=np.array([3, 4, 5, 6]), is_test=np.array([False, True, False, True]))
    taken = dataset.take(np.array([3, 0]))
    np.testing.assert_array_equal(taken.X, X[[3, 0]])
    assert taken.y.tolist() == [6, 3]
    assert taken.is_test.tolist() == [True, False]
    assert taken.sample_ids.tolist() == [3, 0]
    assert taken.take(np.array([True, False])).sample_ids.tolist() == [3]


def test_fingerprint_tells_data_apart_and_nothing_else():
    labels = np.array(["a", "b", "c", "d"])
    first = make(y=labels)
    assert first.fingerprint() == make(y=labels.astype(object), name="other").fingerprint()
    others = [make(), make(y=labels[::-1]), make(X=X.astype(np.float32), y=labels)]
    others.append(make(y=labels, is_test=np.array([True, False, False, False])))
    others.append(make(y=labels, image_shape=(3, 1, 1)))
    assert first.fingerprint() not in {other.fingerprint() for other in others}
