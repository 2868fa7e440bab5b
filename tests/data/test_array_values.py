"""Masked, one-hot and structured arrays become plain ones."""

from __future__ import annotations

import h5py
import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError, load_dataset
from aeviz.data.split import split_rows
from tests.data._files import save_npy, save_npz, table

CLASSES = np.arange(20) % 3
RECORDS = np.zeros(20, dtype=[("a", ">f4"), ("n", "i2"), ("kind", "S3"), ("at", "f8", (2,))])
RECORDS["a"], RECORDS["n"] = np.linspace(0, 1, 20), np.arange(20) % 7
RECORDS["kind"], RECORDS["at"] = np.array([b"\xc3\xa4", b"b"] * 10), table(20, 2)


@pytest.mark.parametrize("dtype", ["f8", "f4", "i4", "u1", "?"])
def test_masked_values_are_missing(dtype):
    """The values under the mask were data."""
    X = table(20, 4) > 0 if dtype == "?" else (table(20, 4) * 50).astype(dtype)
    masked = np.ma.masked_array(X, mask=np.zeros(X.shape, dtype=bool), fill_value=1)
    masked[3, 2] = masked[7, 0] = np.ma.masked
    with pytest.raises(AevizError, match=r"2 NaN or infinite values in column 0 \(1\), column 2"):
        load_dataset(masked, on_missing="error")
    dropped = load_dataset(masked, on_missing="drop")
    np.testing.assert_array_equal(dropped.X, np.delete(X, [3, 7], axis=0))
    assert "2 masked values count as missing." in dropped.notes
    imputed = load_dataset(masked)
    is_known = split_rows(imputed) & (np.arange(20) != 3)
    np.testing.assert_allclose(imputed.X[3, 2], np.median(X[is_known, 2].astype(float)), rtol=1e-6)


def test_a_mask_that_hides_nothing_changes_nothing():
    X = np.arange(40).reshape(20, 2)
    dataset = load_dataset(np.ma.masked_equal(X, -9999))
    assert dataset.X.dtype == X.dtype
    assert dataset.notes == ()


def test_masked_labels_are_missing():
    for y in (CLASSES, CLASSES.astype(str)):
        masked = np.ma.masked_array(y, mask=np.arange(20) == 4)
        dataset = load_dataset(table(), labels=masked)
        assert np.flatnonzero(dataset.lacks_label).tolist() == [4]
        assert np.delete(dataset.class_labels, 4).tolist() == np.delete(y, 4).astype(str).tolist()


@pytest.mark.parametrize(("dtype", "fill"), [("f4", 1e20), ("f8", -9999.0), ("i2", -999)])
def test_the_fill_value_of_an_hdf5_file_is_missing(dtype, fill, tmp_path):
    """What netCDF writes where there is no value was data."""
    X = (table(20, 4) * 50).astype(dtype)
    X[3, 2] = fill
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["X"] = X
        file["X"].attrs["_FillValue"] = np.array([fill], dtype)
        file["X"].attrs["missing_value"] = fill
    dataset = load_dataset(tmp_path / "a.h5", on_missing="drop")
    np.testing.assert_array_equal(dataset.X, np.delete(X, 3, axis=0))
    assert "1 masked value counts as missing." in dataset.notes


def test_packed_values_of_an_hdf5_file_are_unpacked(tmp_path):
    """Counts were taken for what was measured (Ehlmann-research-group/WISER#791)."""
    X = (table(20, 4) * 50).astype("i2")
    X[3, 2] = -999
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["X"] = X
        file["X"].attrs["_FillValue"] = np.int16(-999)
        file["X"].attrs["scale_factor"] = np.array([0.25])
        file["X"].attrs["add_offset"] = 10
    dataset = load_dataset(tmp_path / "a.h5", on_missing="drop")
    np.testing.assert_array_equal(dataset.X, np.delete(X, 3, axis=0) * 0.25 + 10)
    note = "'X' is packed: its values were multiplied by 0.25, plus 10."
    assert note in dataset.notes


def test_labels_of_every_kind_of_string():
    labels = np.array(list("abcd") * 5, dtype=np.dtypes.StringDType())
    assert load_dataset(table(), labels=labels).y[:3].tolist() == ["a", "b", "c"]


def test_masks_of_data_frames_are_missing():
    frame = pd.DataFrame({"a": pd.array([1, None, *range(18)], dtype="Int64"), "b": range(20)})
    dropped = load_dataset(frame, on_missing="drop")
    np.testing.assert_array_equal(dropped.X[:3], [[1, 0], [0, 2], [1, 3]])
    assert dropped.n_samples == 19


@pytest.mark.parametrize("dtype", ["f4", "u1", "?"])
def test_one_hot_labels_are_classes(dtype, tmp_path):
    one_hot = np.eye(3)[CLASSES].astype(dtype)
    names = np.array(["x", "y", "z"])
    path = save_npz(tmp_path / "a.npz", X=table(), y=one_hot, target_names=names)
    dataset = load_dataset(path)
    assert dataset.y.tolist() == CLASSES.tolist()
    assert dataset.class_labels[:3].tolist() == ["x", "y", "z"]
    assert "were taken as 3 classes, numbered by column from 0." in dataset.notes[0]
    given = load_dataset(table(), labels=one_hot)
    assert given.y.tolist() == CLASSES.tolist()


def test_several_ones_in_a_row_are_not_one_hot():
    with pytest.raises(AevizError, match=r"shape \(20, 3\); accepted: \(20,\), one label per"):
        load_dataset(table(), labels=table() > 0)


def test_records_are_tables(tmp_path):
    for source in (
        RECORDS,
        save_npy(tmp_path / "a.npy", RECORDS),
        save_npz(tmp_path / "a.npz", X=RECORDS),
    ):
        dataset = load_dataset(source, label="kind")
        assert dataset.feature_names == ("a", "n", "at[0]", "at[1]")
        np.testing.assert_array_equal(dataset.X[:, 0], RECORDS["a"])
        np.testing.assert_array_equal(dataset.X[:, 2:], RECORDS["at"])
        assert dataset.y[:2].tolist() == ["ä", "b"]
        assert load_dataset(source, columns=["n", "a"]).feature_names == ("n", "a")
        with pytest.raises(AevizError, match="kind is about arrays of numbers"):
            load_dataset(source, kind="table")


def test_masked_fields_and_records_in_records():
    inner = np.zeros(20, dtype=[("p", [("x", "f8"), ("y", "f8")]), ("k", "i4")])
    inner["p"]["x"], inner["p"]["y"], inner["k"] = np.arange(20), np.arange(20) % 6, CLASSES
    masked = np.ma.masked_array(inner)
    masked.mask["k"][3] = True
    dataset = load_dataset(masked, on_missing="drop")
    assert dataset.feature_names == ("p/x", "p/y", "k")
    assert dataset.X[3].tolist() == [4, 4, 1]
    assert "Column 'k': 1 masked value counts as missing." in dataset.notes
