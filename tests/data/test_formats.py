"""What files of each format become. What is refused is in test_bad_input.py."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from aeviz import AevizError, load_dataset
from aeviz.core.registry import FORMATS
from aeviz.data.formats.base import Format, ReadOptions, accepted_suffixes, format_of
from tests.data._files import csv_text, real_file, save_npy, save_npz, save_text, table

CLASSES = np.array([0, 1, 2, 1] * 5)


@pytest.mark.parametrize("name", FORMATS.names())
def test_every_format_keeps_the_contract(name, tmp_path):
    member = FORMATS.get(name)
    assert isinstance(member, Format)
    assert member.summary
    assert "\n" not in member.summary
    assert member.options <= set(vars(ReadOptions()))
    assert all(suffix[0] in ".-" and suffix.islower() for suffix in member.suffixes)
    assert member.suffixes or member.reads_folder is not None
    assert (member.column_names is not None) == ("columns" in member.options)
    if member.reads_folder is not None:
        assert not member.reads_folder(tmp_path)
    for suffix in member.suffixes:
        assert format_of(tmp_path / f"Data{suffix.upper()}") is member
        garbage = tmp_path / f"garbage{suffix}"
        garbage.write_bytes(b"\x93\x00\xff no data \x80" * 50)
        with pytest.raises(AevizError) as caught:
            load_dataset(garbage)
        assert "\n" not in str(caught.value)
        assert str(garbage) in str(caught.value)


def test_no_two_formats_read_one_suffix():
    suffixes = accepted_suffixes()
    assert len(suffixes) == len(set(suffixes))
    assert {".csv", ".npy", ".npz"} <= set(suffixes)


# -- npz -------------------------------------------------------------------------------


def test_npz_with_x_and_y(tmp_path):
    X = table()
    names = np.array(["zero", "one", "two"])
    path = save_npz(tmp_path / "toy.npz", X=X, y=CLASSES, target_names=names, other=np.ones(3))
    dataset = load_dataset(path)
    assert dataset.name == "toy"
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.class_labels[:4].tolist() == ["zero", "one", "two", "one"]
    assert dataset.is_test is None
    assert dataset.image_shape is None
    assert dataset.notes == ()


def test_npz_keeps_the_given_split_in_order(tmp_path):
    X = table(30)
    path = save_npz(
        tmp_path / "split.npz",
        x_train=X[:20],
        y_train=CLASSES[:, np.newaxis],
        x_test=X[20:],
        y_test=CLASSES[:10, np.newaxis].astype(np.uint8),
    )
    dataset = load_dataset(str(path))
    np.testing.assert_array_equal(dataset.X, X)
    np.testing.assert_array_equal(dataset.y, np.concatenate([CLASSES, CLASSES[:10]]))
    np.testing.assert_array_equal(dataset.is_test, np.arange(30) >= 20)


@pytest.mark.parametrize(
    ("shape", "image_shape"),
    [((20, 4, 5), (4, 5, 1)), ((20, 4, 5, 3), (4, 5, 3)), ((20, 3, 4, 5), (4, 5, 3))],
)
def test_images_are_flattened_with_channels_last(tmp_path, shape, image_shape):
    images = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    for path in (
        save_npz(tmp_path / "images.npz", X=images),
        save_npy(tmp_path / "images.npy", images),
    ):
        dataset = load_dataset(path)
        assert dataset.X.dtype == np.uint8
        assert dataset.image_shape == image_shape
        flat = dataset.X.reshape(20, *image_shape)
        expected = images if shape[1] != 3 else images.transpose(0, 2, 3, 1)
        np.testing.assert_array_equal(flat, expected.reshape(flat.shape))


def test_npz_without_labels(tmp_path):
    assert load_dataset(save_npz(tmp_path / "a.npz", X=table())).y is None
    split = load_dataset(save_npz(tmp_path / "b.npz", x_train=table(), x_test=table(5)))
    assert split.y is None
    assert split.is_test.sum() == 5


@pytest.mark.parametrize("y", [CLASSES + 1, CLASSES - 1, CLASSES + 0.5, CLASSES.astype(str)])
def test_names_of_other_classes_are_left_out_with_a_note(tmp_path, y):
    names = np.array(["zero", "one", "two"])
    dataset = load_dataset(save_npz(tmp_path / "a.npz", X=table(), y=y, target_names=names))
    assert dataset.target_names is None
    assert "target_names was left out: 3 names" in dataset.notes[0]
    assert dataset.class_labels is None or len(dataset.class_labels) == 20


def test_byte_order_and_byte_strings_are_made_native(tmp_path):
    X, y = table().astype(">f4"), np.array([b"caf\xc3\xa9", b"tea"] * 10)
    dataset = load_dataset(save_npz(tmp_path / "a.npz", X=X, y=y))
    assert dataset.X.dtype == np.float32
    assert dataset.X.dtype.isnative
    assert dataset.y[:2].tolist() == ["café", "tea"]


@pytest.mark.parametrize(
    ("name", "dtype", "shape", "image_shape", "n_test"),
    [
        ("usps.npz", np.uint8, (9298, 256), (16, 16, 1), 2007),
        ("pendigits.npz", np.float32, (10992, 16), None, 3498),
        ("mnist.npz", np.uint8, (70000, 784), (28, 28, 1), 10000),
    ],
)
def test_real_archives(name, dtype, shape, image_shape, n_test):
    dataset = load_dataset(real_file(name))
    assert dataset.X.dtype == dtype
    assert dataset.X.shape == shape
    assert dataset.image_shape == image_shape
    assert dataset.is_test.sum() == n_test
    assert sorted(set(dataset.class_labels)) == list("0123456789")
    assert dataset.name == name.removesuffix(".npz")


def test_pendigits_has_its_names():
    dataset = load_dataset(real_file("pendigits.npz"))
    assert dataset.feature_names[:3] == ("x1", "y1", "x2")
    assert dataset.target_names == tuple("0123456789")


# -- npy -------------------------------------------------------------------------------


def test_npy_with_labels_from_a_second_file(tmp_path):
    X = save_npy(tmp_path / "samples.npy", table())
    dataset = load_dataset(X, labels=save_npy(tmp_path / "labels.npy", CLASSES[:, np.newaxis]))
    assert dataset.y.tolist() == CLASSES.tolist()
    assert load_dataset(X).y is None


@settings(deadline=None, max_examples=40)
@given(
    values=nps.arrays(
        st.sampled_from(["u1", "i2", "<i8", ">u4", "f2", "f4", ">f8", "?"]),
        st.tuples(st.integers(10, 14), st.integers(2, 4)),
    )
)
def test_npy_round_trip_keeps_values_and_dtype(values, tmp_path_factory):
    is_finite = values.dtype.kind != "f" or np.isfinite(values).all()
    path = save_npy(tmp_path_factory.mktemp("npy") / "a.npy", values)
    is_large = values.dtype.itemsize == 8 and values.dtype.kind == "f"
    is_large = is_large and ((np.abs(values) > 1e150) & np.isfinite(values)).any()
    if is_large:
        with pytest.raises(AevizError, match="whose square is too large"):
            load_dataset(path)
    elif is_finite and not (values == values[0]).all():
        X = load_dataset(path).X
        np.testing.assert_array_equal(X, values)
        assert X.dtype == values.dtype.newbyteorder("=")
    else:
        with pytest.raises(AevizError, match="identical" if is_finite else "infinite"):
            load_dataset(path, on_missing="error")


# -- labels ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "kind", "has_classes"),
    [
        (CLASSES, "i", True),
        (CLASSES.astype(float), "i", True),
        (CLASSES.astype(np.float32) + 0.5, "f", False),
        (CLASSES == 1, "U", True),
        (CLASSES.astype(str), "U", True),
        (np.linspace(0, 1, 20), "f", False),
    ],
)
def test_kinds_of_labels(tmp_path, y, kind, has_classes):
    dataset = load_dataset(save_npz(tmp_path / "a.npz", X=table(), y=y))
    assert dataset.y.dtype.kind == kind
    assert dataset.has_classes is has_classes


def test_very_many_whole_numbers_as_classes_are_noted(tmp_path):
    path = save_npz(tmp_path / "a.npz", X=table(200), y=np.arange(200))
    assert "taken as 200 classes" in load_dataset(path).notes[0]
    path = save_npz(tmp_path / "b.npz", X=table(200), y=np.arange(200.0))
    dataset = load_dataset(path)
    assert dataset.notes == ()
    assert not dataset.has_classes


# -- csv -------------------------------------------------------------------------------


def test_csv_with_a_label_column(tmp_path):
    text = csv_text(
        {
            "length": list(range(12)),
            "kind": ["a", "b"] * 6,
            "is wide": [True, False, False] * 4,
            "weight": [0.5] * 11 + [1.5],
        }
    )
    dataset = load_dataset(save_text(tmp_path / "Plants 1.csv", text), label="kind")
    assert dataset.name == "Plants 1"
    assert dataset.feature_names == ("length", "is wide", "weight")
    assert dataset.y.tolist() == ["a", "b"] * 6
    np.testing.assert_array_equal(dataset.X[2], [2, 0, 0.5])
    assert dataset.X.flags.c_contiguous


@pytest.mark.parametrize(
    ("values", "dtype"),
    [([0, 7] * 5, np.int64), ([True, False] * 5, bool), ([0.5, 1] * 5, np.float64)],
)
def test_csv_columns_keep_their_type(tmp_path, values, dtype):
    path = save_text(tmp_path / "a.csv", csv_text({"a": values, "b": values[::-1]}))
    dataset = load_dataset(path)
    assert dataset.X.dtype == dtype
    np.testing.assert_array_equal(dataset.X, np.column_stack([values, values[::-1]]))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["x", "y"] * 6, ["x", "y"]),
        ([3, 1] * 6, [3, 1]),
        ([3.0, 1.0] * 6, [3, 1]),
        ([True, False] * 6, ["True", "False"]),
        ([0.25, 1.5] * 6, [0.25, 1.5]),
        (["1", "b"] * 6, ["1", "b"]),
    ],
)
def test_csv_labels(tmp_path, labels, expected):
    columns = {"a": list(range(12)), "b": list(range(12)), "kind": labels}
    dataset = load_dataset(save_text(tmp_path / "a.csv", csv_text(columns)), label="kind")
    assert dataset.y[:2].tolist() == expected


def test_csv_leaves_out_row_numbers_and_empty_columns_without_a_name(tmp_path):
    frame = pd.DataFrame(table(), columns=["a", "b", "c"])
    frame.to_csv(tmp_path / "index.csv")
    dataset = load_dataset(tmp_path / "index.csv")
    assert dataset.feature_names == ("a", "b", "c")
    np.testing.assert_allclose(dataset.X, table(), rtol=1e-15)
    assert "row numbers" in dataset.notes[0]
    text = "a,b,\n" + "".join(f"{i},{i * i},\n" for i in range(12))
    dataset = load_dataset(save_text(tmp_path / "trailing.csv", text))
    assert dataset.feature_names == ("a", "b")
    assert dataset.notes == ("1 column left out: 'Unnamed: 2' (no values).",)


def test_csv_whose_first_line_is_numbers_says_so(tmp_path):
    """It lost its first sample, which was taken as the columns' names."""
    text = "".join(f"{i}.5,{i * i}\n" for i in range(12))
    dataset = load_dataset(save_text(tmp_path / "a.csv", text))
    assert dataset.n_samples == 12
    assert dataset.feature_names == ("column 1", "column 2")
    assert "first line holds values" in dataset.notes[0]
    pd.DataFrame(table()).to_csv(tmp_path / "b.csv", index=False)
    assert load_dataset(tmp_path / "b.csv").notes == ()


def test_csv_from_a_spreadsheet(tmp_path):
    text = "\ufeffä,b\r\n" + "".join(f'{i},"{i * i}"\r\n' for i in range(12))
    assert load_dataset(save_text(tmp_path / "a.csv", text)).feature_names == ("ä", "b")


@settings(deadline=None, max_examples=25)
@given(
    values=nps.arrays(
        np.float64,
        st.tuples(st.integers(10, 13), st.integers(2, 4)),
        elements=st.floats(-1e150, 1e150),
        unique=True,
    )
)
def test_csv_round_trip(values, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    pd.DataFrame(values).add_prefix("c").to_csv(path, index=False)
    np.testing.assert_allclose(load_dataset(path).X, values, rtol=1e-14)
