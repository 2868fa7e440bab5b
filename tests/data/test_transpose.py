"""Sources whose rows are features, on request, and a hint where they look so."""

import h5py
import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from aeviz import AevizError, load_dataset
from aeviz.data._transpose import swapped_hint, transposed
from tests.data._files import save_npy, save_npz, table
from tests.data.test_bad_input import refused

# Twelve samples of thirty genes, written a gene a row.
X = table(12, 30).round(6)
GENES = [f"TP{number}" for number in range(30)]
SAMPLES = [f"GSM{number}" for number in range(1000, 1012)]
ROWS = pd.DataFrame(X.T, columns=SAMPLES)


def named(**first):
    return pd.concat([pd.DataFrame(first), ROWS], axis=1)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".xlsx", ".jsonl"])
def test_the_first_column_names_features_and_the_header_samples(suffix, tmp_path):
    frame, path = named(gene=GENES), tmp_path / f"a{suffix}"
    {
        ".csv": lambda: frame.to_csv(path, index=False),
        ".tsv": lambda: frame.to_csv(path, index=False, sep="\t"),
        ".parquet": lambda: frame.to_parquet(path),
        ".xlsx": lambda: frame.to_excel(path, index=False),
        ".jsonl": lambda: frame.to_json(path, orient="records", lines=True),
    }[suffix]()
    dataset = load_dataset(path, transpose=True)
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.feature_names == tuple(GENES)
    assert dataset.ids.tolist() == SAMPLES
    assert dataset.notes[0] == "Rows were taken as features and columns as samples."
    as_it_is = load_dataset(path)
    assert as_it_is.X.shape == (30, 12)
    assert "Rows look like features and columns like samples" in as_it_is.notes[0]


def test_an_index_names_features(tmp_path):
    ROWS.set_axis(GENES, axis=0).to_csv(tmp_path / "a.csv")
    dataset = load_dataset(tmp_path / "a.csv", transpose=True)
    assert dataset.feature_names == tuple(GENES)
    np.testing.assert_array_equal(dataset.X, X)


def test_rows_of_text_become_columns_that_can_be_labels():
    frame = named(gene=GENES).astype(object)
    frame.loc[30] = ["tissue", *(["liver", "lung"] * 6)]
    dataset = load_dataset(frame, transpose=True, label="tissue", drop=["TP3"])
    np.testing.assert_array_equal(dataset.X, np.delete(X, 3, axis=1))
    assert dataset.y[:2].tolist() == ["liver", "lung"]


def test_columns_that_describe_features_are_no_samples():
    dataset = load_dataset(named(gene=GENES, about=["some text"] * 30), transpose=True)
    np.testing.assert_array_equal(dataset.X, X)
    assert "1 column of text left out, no samples: 'about'." in dataset.notes


def test_repeated_and_missing_names_of_features():
    dataset = load_dataset(named(gene=["A", "A", *GENES[2:]]), transpose=True)
    assert dataset.feature_names[:3] == ("A", "A_2", "TP2")
    dataset = load_dataset(ROWS, transpose=True)
    assert dataset.feature_names[:2] == ("row 1", "row 2")
    assert "features are named by their numbers" in dataset.notes[1]
    wave = load_dataset(named(wavelength=np.arange(400, 460, 2)), transpose=True)
    assert wave.feature_names[:2] == ("400", "402")


def test_a_table_of_no_samples_is_refused():
    refused(pd.DataFrame({"gene": GENES}), "has no columns that could be samples", transpose=True)


def test_arrays_and_matrices(tmp_path):
    wide = X.T
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["counts"], file["y"] = wide, np.arange(12) % 2
    scipy.sparse.save_npz(tmp_path / "s.npz", scipy.sparse.csc_matrix(wide))
    for source in (
        save_npy(tmp_path / "a.npy", wide),
        save_npz(tmp_path / "a.npz", X=wide, y=np.arange(12) % 2),
        tmp_path / "s.npz",
        tmp_path / "a.h5",
    ):
        np.testing.assert_array_equal(load_dataset(source, transpose=True).X, X)
    for name in ("a.npz", "a.h5"):
        assert load_dataset(tmp_path / name, transpose=True).y.tolist() == [0, 1] * 6
    images = save_npy(tmp_path / "images.npy", np.zeros((20, 8, 8)))
    refused(images, "accepted for transpose: two dimensions", transpose=True)
    refused("digits", "transpose is about tables and matrices", transpose=True)
    with pytest.raises(AevizError, match=r"has shape \(3,\)"):
        transposed(np.zeros(3), what="it")


@pytest.mark.parametrize(
    ("columns", "is_hinted"),
    [
        ({"gene": GENES, "a": X[0], "b": X[1], "c": X[2]}, True),
        ({"Gene Symbol": GENES, "a": X[0], "b": X[1], "c": X[2]}, True),
        ({"gene": ["A"] * 30, "a": X[0], "b": X[1], "c": X[2]}, False),  # a category
        ({"gene": GENES, "a": X[0], "b": X[1]}, False),
        ({"name": GENES, "sample_1": X[0], "sample_2": X[1], "sample_3": X[2]}, True),
        ({"x": X[0], "TCGA-02-01": X[0], "TCGA-02-02": X[1], "TCGA-02-03": X[2]}, True),
        ({"sample": GENES, "a": X[0], "b": X[1], "c": X[2]}, False),
        ({"cell": GENES, "TP53": X[0], "CD3": X[1], "ACTB": X[2]}, False),
        ({}, False),
    ],
)
def test_the_hint_follows_the_names(columns, is_hinted):
    values = {name: given[:30] if len(given) >= 30 else np.tile(given, 3)[:30] for name, given in columns.items()}  # fmt: skip  # noqa: E501
    assert bool(swapped_hint(pd.DataFrame(values))) == is_hinted
