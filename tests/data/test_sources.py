import subprocess
import sys

import numpy as np
import pytest

from aeviz import AevizError, load_dataset
from aeviz.data.split import split_rows
from tests.data._files import csv_text, save_npy, save_npz, save_text, table

CLASSES = np.array([0, 1, 2, 1] * 5)


@pytest.fixture
def holes(tmp_path):
    """Return a file with two rows that miss a value, one of them twice, and their samples."""
    X = table(24)
    X[2, 0] = np.nan
    X[5, :2] = [np.inf, np.nan]
    path = save_npz(
        tmp_path / "holes.npz", x_train=X[:20], y_train=CLASSES, x_test=X[20:], y_test=CLASSES[:4]
    )
    return path, X


def test_drop_leaves_rows_out_everywhere(holes):
    path, X = holes
    dataset = load_dataset(path, on_missing="drop")
    kept = np.setdiff1d(np.arange(24), [2, 5])
    np.testing.assert_array_equal(dataset.X, X[kept])
    np.testing.assert_array_equal(dataset.y, np.concatenate([CLASSES, CLASSES[:4]])[kept])
    np.testing.assert_array_equal(dataset.is_test, kept >= 20)
    np.testing.assert_array_equal(dataset.sample_ids, kept)
    assert dataset.notes == ("2 rows with missing values left out.",)


def test_impute_uses_the_median_of_training_rows(holes):
    path, X = holes
    dataset = load_dataset(path, on_missing="impute")
    assert dataset.n_samples == 24
    known = np.setdiff1d(np.arange(20), [2, 5])
    np.testing.assert_allclose(dataset.X[[2, 5], 0], np.median(X[known, 0]))
    others = np.setdiff1d(np.arange(24), [2, 5])
    np.testing.assert_array_equal(dataset.X[others], X[others])
    assert dataset.notes == (
        "3 missing values in 2 columns were replaced by the median, or the most frequent value, of "
        "the training samples: column 0 (2, by 0.1153), column 1 (1, by -0.1296).",
    )
    assert dataset.fill_values.round(4).tolist()[:2] == [0.1153, -0.1296]


def test_labels_are_not_made_up(tmp_path):
    columns = {"a": ["", *range(11)], "b": list(range(12)), "k": ["u", "", *["v"] * 10]}
    path = save_text(tmp_path / "a.csv", csv_text(columns))
    imputed = load_dataset(path, label="k")
    assert imputed.y.tolist() == ["u", None] + ["v"] * 10
    is_train = split_rows(imputed)
    assert imputed.X[0, 0] == np.median(np.arange(-1, 11)[is_train & (np.arange(12) > 0)])
    note = "1 sample without a label: grey on the maps, and in no score of labels."
    assert note in imputed.notes
    dropped = load_dataset(path, label="k", on_missing="drop")
    assert dropped.y.tolist() == [None] + ["v"] * 10
    columns["k"] = [""] * 12
    none = load_dataset(save_text(tmp_path / "b.csv", csv_text(columns)), label="k")
    assert none.y is None
    assert "No sample has a label, so there are none." in none.notes


def test_whole_numbers_are_classes_also_where_some_are_missing(tmp_path):
    columns = {"a": list(range(13)), "b": list(range(13)), "k": [""] + [3, 4] * 6}
    path = save_text(tmp_path / "a.csv", csv_text(columns))
    dataset = load_dataset(path, label="k")
    assert dataset.class_labels.tolist() == ["", *["3", "4"] * 6]
    assert dataset.named_labels[:2].tolist() == [None, "3"]


def test_nothing_is_noted_where_nothing_is_missing(tmp_path):
    path = save_npy(tmp_path / "a.npy", table())
    for on_missing in ("drop", "impute"):
        dataset = load_dataset(path, on_missing=on_missing)
        assert dataset.notes == ()
        np.testing.assert_array_equal(dataset.X, table())


def test_sample_is_stratified_seeded_and_noted():
    first = load_dataset("digits", sample=200, seed=3)
    again = load_dataset("digits", sample=200, seed=3)
    other = load_dataset("digits", sample=200, seed=4)
    assert first.n_samples == 200
    assert first.fingerprint() == again.fingerprint()
    assert first.fingerprint() != other.fingerprint()
    counts = np.bincount(first.y)
    expected = 200 * np.bincount(load_dataset("digits").y) / 1797
    assert np.abs(counts - expected).max() < 1
    assert first.notes == ("A sample of 200 of 1,797 rows was drawn (seed 3).",)
    assert first.X[0].tolist() == load_dataset("digits").X[first.sample_ids[0]].tolist()


def test_a_sample_larger_than_the_data_is_all():
    dataset = load_dataset("digits", sample=5000)
    assert dataset.n_samples == 1797
    assert dataset.notes == ()


def test_a_sample_keeps_the_proportion_of_the_split(tmp_path):
    path = save_npz(tmp_path / "a.npz", x_train=table(300), x_test=table(100, seed=1))
    assert load_dataset(path, sample=40).is_test.sum() == 10


def test_a_name_is_found_in_any_spelling_and_a_path_is_not_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_dataset("Digits").name == "digits"
    save_npz(tmp_path / "digits.npz", X=table())
    assert load_dataset("digits.npz").n_features == 3
    assert load_dataset("digits").n_features == 64


def test_listing_formats_and_names_loads_no_network_library():
    code = (
        "import sys; from aeviz.data.bundled import bundled_names;"
        "from aeviz.data.formats.base import accepted_suffixes; accepted_suffixes();"
        "bundled_names();"
        "print(sorted({'keras', 'sklearn', 'tensorflow', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_samples_for_a_fitted_model_may_be_few_and_alike(tmp_path):
    for X in (np.arange(5.0)[None], np.ones((30, 4))):
        np.save(tmp_path / "x.npy", X)
        with pytest.raises(AevizError, match=r"at least 10|identical"):
            load_dataset(tmp_path / "x.npy")
        assert load_dataset(tmp_path / "x.npy", is_to_fit=False).n_samples == len(X)
    np.save(tmp_path / "x.npy", np.ones((0, 4)))
    with pytest.raises(AevizError, match=r"accepted: at least 1|no rows|empty"):
        load_dataset(tmp_path / "x.npy", is_to_fit=False)
