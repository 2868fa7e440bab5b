"""Categories keep their order, and AnnData its colours and its raw matrix."""

from collections import UserDict
from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import scipy.sparse

from aeviz import load_dataset
from aeviz.data.prepared import data_card, prepare
from tests.data._files import table
from tests.data.test_bad_input import refused

X = table(30, 3).round(6)
ORDER = ["low", "mid", "high"]
GRADES = pd.Categorical(np.resize(ORDER, 30), categories=[*ORDER, "never"], ordered=True)
COLORS = ["#ff0000", "#00ff00", "#0000ff", "#123456"]


def card(dataset):
    return data_card(prepare(dataset, seed=0), source="here")


def test_categories_of_tables_keep_their_order(tmp_path):
    frame = pd.DataFrame(X, columns=list("abc")).assign(grade=GRADES)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_feather(tmp_path / "a.feather")
    for source in (frame, pa.table(frame), tmp_path / "a.parquet", tmp_path / "a.feather"):
        dataset = load_dataset(source, label="grade")
        assert dataset.class_order == (*ORDER, "never")
        assert card(dataset).class_names == ORDER
        assert dataset.class_colors is None


def test_text_and_numbers_have_their_own_order():
    frame = pd.DataFrame(X, columns=list("abc")).assign(grade=np.asarray(GRADES))
    dataset = load_dataset(frame, label="grade")
    assert dataset.class_order is None
    assert card(dataset).class_names == ["high", "low", "mid"]
    numbers = pd.Categorical([3, 1, 2] * 10, categories=[3, 2, 1])
    dataset = load_dataset(frame.assign(grade=numbers), label="grade")
    assert dataset.class_order is None
    assert card(dataset).class_names == ["1", "2", "3"]


def test_order_stays_where_labels_are_missing():
    grades = pd.Series(GRADES).where(np.arange(30) > 3)
    frame = pd.DataFrame(X, columns=list("abc")).assign(grade=grades)
    dataset = load_dataset(frame, label="grade", on_missing="drop")
    assert card(dataset).class_names == ORDER


# -- AnnData -----------------------------------------------------------------------------------


class AnnData(SimpleNamespace):
    """What is looked at of the class of that name, which needs an older pandas than there is."""


def in_memory():
    """Return an object whose X has two of the three variables of its raw matrix."""
    raw = SimpleNamespace(X=scipy.sparse.csc_matrix(X), var_names=pd.Index(["g0", "g1", "g2"]))
    obs = pd.DataFrame({"grade": GRADES, "n": range(30)}, index=[f"c{row}" for row in range(30)])
    return AnnData(
        X=X[:, :2],
        obs=obs,
        obs_names=obs.index,
        var_names=raw.var_names[:2],
        raw=raw,
        layers=UserDict(counts=X[:, 1:]),
        obsm=UserDict(X_pca=X[:, ::-1]),
        uns=UserDict(grade_colors=np.array([f"{color}ff" for color in COLORS])),
        shape=(30, 2),
    )


def in_file(folder, colors=COLORS):
    """Write the same as anndata does."""
    path = folder / "a.h5ad"
    with h5py.File(path, "w") as file:
        file["X"], file["layers/counts"], file["obsm/X_pca"] = X[:, :2], X[:, 1:], X[:, ::-1]
        sparse = scipy.sparse.csr_matrix(X)
        group = file.create_group("raw/X")
        group.attrs["encoding-type"], group.attrs["shape"] = "csr_matrix", X.shape
        for name in ("data", "indices", "indptr"):
            group[name] = getattr(sparse, name)
        for name, names in (
            ("obs", [f"c{row}" for row in range(30)]),
            ("var", ["g0", "g1"]),
            ("raw/var", ["g0", "g1", "g2"]),
        ):
            file.create_group(name).attrs["_index"] = "_index"
            file[f"{name}/_index"] = names
        file["obs/grade/codes"], file["obs/grade/categories"] = GRADES.codes, [*ORDER, "never"]
        file["obs/n"] = np.arange(30)
        file["uns/grade_colors"] = colors
    return path


@pytest.fixture(params=["object", "file"])
def source(request, tmp_path):
    return in_memory() if request.param == "object" else in_file(tmp_path)


def test_observations_are_samples_with_ordered_and_coloured_classes(source):
    dataset = load_dataset(source, label=["grade", "n"])
    np.testing.assert_array_equal(dataset.X, X[:, :2])
    assert dataset.feature_names == ("g0", "g1")
    assert dataset.ids[:2].tolist() == ["c0", "c1"]
    assert dataset.class_order == (*ORDER, "never")
    assert dataset.class_colors == tuple(COLORS)
    np.testing.assert_array_equal(dataset.metadata["n"], range(30))
    assert card(dataset).class_names == ORDER
    assert card(dataset).class_colors == COLORS[:3]


@pytest.mark.parametrize(
    ("key", "columns", "names"),
    [
        ("raw/X", [0, 1, 2], ("g0", "g1", "g2")),
        ("counts", [1, 2], ("g0", "g1")),
        ("obsm/X_pca", [2, 1, 0], None),
    ],
)
def test_key_names_another_matrix(key, columns, names, source):
    dataset = load_dataset(source, key=key)
    np.testing.assert_array_equal(dataset.X, X[:, columns])
    assert dataset.feature_names == names
    assert dataset.class_colors is None
    refused(source, "has no matrix 'nothing'", "raw/X", key="nothing")


def test_a_column_that_is_not_there_is_refused(source):
    refused(source, "label column 'kind' is not", "'grade'", label="kind")


@pytest.mark.parametrize("colors", [COLORS[:2], ["red"] * 4, [1, 2, 3, 4]])
def test_colours_that_do_not_fit_are_left(colors, tmp_path):
    dataset = load_dataset(in_file(tmp_path, colors), label="grade")
    assert dataset.class_order == (*ORDER, "never")
    assert dataset.class_colors is None
