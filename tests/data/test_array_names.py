"""Which arrays of an archive hold samples and which labels."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from aeviz import AevizError, load_dataset
from tests.data._files import save_npz, table

X = table(30, 4)
Y = np.arange(30) % 3
PIXELS = np.random.default_rng(0).integers(0, 255, (30, 8, 8), dtype=np.uint8)


def parts(form, values, *, of=("train", "val", "test")):
    """Return the parts of some values by their names: 20, 5 and 5 rows, or 20 and 10."""
    ends = [0, 20, 25, 30] if len(of) == 3 else [0, 20, 30]
    return {
        form.format(name): values[start:stop]
        for name, start, stop in zip(of, ends[:-1], ends[1:], strict=True)
    }


@pytest.mark.parametrize(
    ("samples", "labels"),
    [
        ("X", "y"),
        ("x", "Y"),
        ("data", "labels"),
        ("data", "target"),
        ("features", "label"),
        ("images", "targets"),
        ("arr_0", "arr_1"),
    ],
)
def test_names_that_others_give(samples, labels, tmp_path):
    dataset = load_dataset(save_npz(tmp_path / "a.npz", **{samples: X, labels: Y}))
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.y.tolist() == Y.tolist()
    assert dataset.is_test is None
    is_said = f"Samples are those in '{samples}', labels in '{labels}'." in dataset.notes
    assert is_said != (samples in "xX")


def test_medmnist(tmp_path):
    arrays = parts("{}_images", PIXELS) | parts("{}_labels", Y[:, np.newaxis])
    dataset = load_dataset(save_npz(tmp_path / "a.npz", **arrays))
    np.testing.assert_array_equal(dataset.X, PIXELS.reshape(30, 64))
    assert dataset.image_shape == (8, 8, 1)
    assert dataset.y.tolist() == Y.tolist()
    assert dataset.is_test.tolist() == [False] * 25 + [True] * 5
    assert "The validation samples in 'val_images' count as training samples." in dataset.notes


@pytest.mark.parametrize(
    ("forms", "of"),
    [
        (("x_{}", "y_{}"), ("train", "test")),
        (("{}_data", "{}_label"), ("train", "test")),
        (("{}X", "{}Y"), ("train", "test")),
        (("X-{}", "y-{}"), ("training", "testing")),
        (("x_{}", "y_{}"), ("train", "val")),
        (("{}/data", "{}/target"), ("train", "test")),
        (("data/{}", "labels/{}"), ("train", "test")),
    ],
)
def test_parts_are_a_split(forms, of, tmp_path):
    arrays = parts(forms[0], X, of=of) | parts(forms[1], Y, of=of)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, values in arrays.items():
            file[name] = values
    for path in (save_npz(tmp_path / "a.npz", **arrays), tmp_path / "a.h5"):
        dataset = load_dataset(path)
        np.testing.assert_array_equal(dataset.X, X)
        assert dataset.y.tolist() == Y.tolist()
        assert dataset.is_test.tolist() == [False] * 20 + [True] * 10
    is_noted = any("count as test samples" in note for note in dataset.notes)
    assert is_noted == ("val" in of)


def test_keys_choose(tmp_path):
    path = save_npz(tmp_path / "a.npz", images=PIXELS, codes=X, fine=Y, coarse=Y % 2)
    with pytest.raises(AevizError) as caught:
        load_dataset(save_npz(tmp_path / "b.npz", images=PIXELS, data=X, fine=Y))
    for words in ("'images' (30 × 8 × 8), 'data' (30 × 4); beside them 'fine' (30)", "key=NAME"):
        assert words in str(caught.value)
    dataset = load_dataset(path, key="codes", label_key="coarse")
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.y.tolist() == (Y % 2).tolist()
    assert any("Left out: 'images' (30 × 8 × 8), 'fine' (30)" in one for one in dataset.notes)
    assert load_dataset(path, key="images").image_shape == (8, 8, 1)
    for option in ("key", "label_key"):
        with pytest.raises(AevizError, match=f"^{option} 'no' names no array in .*'images'"):
            load_dataset(path, **{"key": "codes", option: "no"})


def test_keys_choose_what_the_names_of_parts_have_in_common(tmp_path):
    of = ("train", "test")
    arrays = parts("{}_images", PIXELS, of=of) | parts("{}_codes", X, of=of)
    arrays |= parts("{}_fine", Y, of=of) | parts("{}_coarse", Y % 2, of=of)
    path = save_npz(tmp_path / "a.npz", **arrays)
    dataset = load_dataset(path, key="codes", label_key="fine")
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.y.tolist() == Y.tolist()
    assert dataset.is_test.sum() == 10
    one = load_dataset(path, key="train_codes", label_key="train_fine")
    assert (one.n_samples, one.is_test) == (20, None)
    with pytest.raises(AevizError, match=r"label_key 'train_fine' gives no labels for all of"):
        load_dataset(path, key="codes", label_key="train_fine")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"foo": X, "bar": X}, "several arrays that may be the samples: 'foo' .30 × 4., 'bar'"),
        ({"X": X, "x": X}, "several arrays that may be the samples: 'X' .30 × 4., 'x'"),
        ({"arr_0": X, "arr_1": Y, "arr_2": X, "arr_3": Y}, "several arrays .*'arr_2'.*'arr_3'"),
        ({"X": X, "y": Y, "target": Y}, "may be the labels: 'y' .30., 'target' .30.; .*label_key"),
        ({"x_train": X, "y_train": Y, "x_test": X}, "y_train but not both y_train and y_test; acc"),
        ({"names": np.array(["a"])}, "holds 'names' .1.; accepted: samples in an array of numbers"),
    ],
)
def test_what_may_be_meant_in_two_ways_is_refused(arrays, words, tmp_path):
    with pytest.raises(AevizError, match=words):
        load_dataset(save_npz(tmp_path / "a.npz", **arrays))


def test_an_only_array_of_another_name_is_the_samples(tmp_path):
    dataset = load_dataset(save_npz(tmp_path / "a.npz", vecs=X, words=Y.astype(str)))
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.y is None
    assert dataset.notes[1] == "Left out: 'words' (30); key and label_key choose other arrays."


def test_names_of_classes_are_no_labels(tmp_path):
    names = np.array(["a", "b", "c"])
    assert load_dataset(save_npz(tmp_path / "a.npz", X=X, classes=names)).y is None
    dataset = load_dataset(save_npz(tmp_path / "a.npz", X=X, y=Y, labels=names))
    assert dataset.y.tolist() == Y.tolist()


def test_labels_can_be_left_out(tmp_path):
    path = save_npz(tmp_path / "a.npz", X=X, y=X > 0)
    with pytest.raises(AevizError, match=r"y in .* has shape \(30, 4\)"):
        load_dataset(path)
    assert load_dataset(path, label_key="none").y is None
