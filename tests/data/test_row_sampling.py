"""Test that a sample can be drawn of files that do not fit in memory."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError, load_dataset
from aeviz.core.memory import memory_limit
from aeviz.data._row_sampling import sample_pieces

N = 5000
NUMBERS = pd.DataFrame({"row": np.arange(N) / 2, "b": np.arange(N) % 7, "kind": np.arange(N) % 3})


@pytest.fixture
def little_memory():
    """Let 60 kB of data fit, and read in pieces of about 600 rows."""
    with memory_limit(100_000):
        yield


def written(path):
    """Write the numbers in the format of a path, and return the path."""
    if path.is_dir():
        for part in range(2):
            NUMBERS[part * 2500 : (part + 1) * 2500].to_parquet(path / f"{part}.parquet")
    elif path.suffix == ".parquet":
        NUMBERS.to_parquet(path, row_group_size=700)
    elif path.suffix == ".npy":
        np.save(path, NUMBERS.to_numpy())
    else:
        NUMBERS.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.parquet", "folder", "a.npy"])
def test_rows_are_drawn_while_a_source_is_read(name, tmp_path, little_memory):
    if name == "folder":
        (tmp_path / name).mkdir()
    path = written(tmp_path / name)
    with pytest.raises(AevizError, match=r"needs .* of memory.*sample=N, which draws N of its"):
        load_dataset(path)
    dataset = load_dataset(path, sample=200)
    assert dataset.X.shape == (200, 3)
    np.testing.assert_array_equal(dataset.X[:, 0], dataset.sample_ids / 2)
    assert len(set(dataset.sample_ids)) == 200
    assert abs(dataset.sample_ids.mean() - N / 2) < 4 * N / np.sqrt(12 * 200)
    assert any("200 of its 5,000 rows were drawn while" in note for note in dataset.notes)
    again, other = (load_dataset(path, sample=200, seed=seed) for seed in (0, 1))
    np.testing.assert_array_equal(again.X, dataset.X)
    assert set(other.sample_ids) != set(dataset.sample_ids)


def test_row_numbers_without_a_name_are_no_feature_of_drawn_rows_either(tmp_path, little_memory):
    """What pandas writes with its index had the row numbers as a feature, once it was large."""
    NUMBERS.to_csv(tmp_path / "a.csv")
    dataset = load_dataset(tmp_path / "a.csv", sample=200)
    assert dataset.feature_names == ("row", "b", "kind")
    np.testing.assert_array_equal(dataset.X[:, 0], dataset.sample_ids / 2)
    NUMBERS.set_axis([f"name {i}" for i in range(N)]).to_csv(tmp_path / "b.csv")
    named = load_dataset(tmp_path / "b.csv", sample=200)
    assert named.feature_names == ("row", "b", "kind")
    assert named.sample_ids[0] == f"name {2 * named.X[0, 0]:.0f}"


def test_labels_of_drawn_rows_are_theirs(tmp_path, little_memory):
    table = written(tmp_path / "a.parquet")
    dataset = load_dataset(table, sample=100, label="kind")
    np.testing.assert_array_equal(dataset.y, dataset.sample_ids % 3)
    array = written(tmp_path / "a.npy")
    np.save(tmp_path / "y.npy", NUMBERS["kind"].to_numpy(np.uint8))
    dataset = load_dataset(array, sample=100, labels=tmp_path / "y.npy")
    np.testing.assert_array_equal(dataset.y, dataset.sample_ids % 3)
    np.save(tmp_path / "z.npy", np.zeros(100))
    with pytest.raises(AevizError, match="100 labels for 5,000 samples"):
        load_dataset(array, sample=100, labels=tmp_path / "z.npy")


def test_a_column_has_one_type_whatever_its_pieces_hold(tmp_path, little_memory):
    """Numbers in some pieces and texts in others made `1` and `1.0` two values of a category."""
    kinds = np.where(np.arange(N) < 1500, "1", "x")
    kinds[::9] = ""
    NUMBERS.assign(kind=kinds).to_csv(tmp_path / "a.csv", index=False)
    dataset = load_dataset(tmp_path / "a.csv", sample=400)
    assert dataset.feature_names == ("row", "b", "kind=1", "kind=x")


def test_every_row_has_the_same_chance():
    pieces = [NUMBERS[start : start + 50] for start in range(0, 500, 50)]
    counts = np.zeros(500)
    for seed in range(400):
        drawn, _ = sample_pieces(pieces, 25, seed=seed, source="it")
        counts[drawn.index] += 1
    assert counts.sum() == 400 * 25
    # Each count is binomial: 400 draws, each with a chance of 25 in 500.
    assert np.abs(counts.reshape(10, 50).mean(axis=1) - 20).max() < 2.5
    assert counts.max() < 45


def test_a_sample_that_does_not_fit_either(tmp_path, little_memory):
    for name in ("a.parquet", "a.npy"):
        with pytest.raises(AevizError, match=r"a sample of .* needs .*; accepted: a smaller"):
            load_dataset(written(tmp_path / name), sample=4000)


def test_lists_count_as_many_values(tmp_path, little_memory):
    """A list counted as one value: files of them were read whole and refused then."""
    lists = pd.DataFrame({"pixels": list(np.random.default_rng(0).random((600, 50), np.float32))})
    path = tmp_path / "a.parquet"
    lists.to_parquet(path, row_group_size=100)
    with pytest.raises(AevizError, match="sample=N, which draws"):
        load_dataset(path)
    dataset = load_dataset(path, sample=30)
    assert dataset.X.shape == (30, 50)
    np.testing.assert_array_equal(dataset.X[0], lists["pixels"][int(dataset.sample_ids[0])])


def test_names_in_an_index_stay_with_drawn_rows(tmp_path, little_memory):
    path = tmp_path / "a.parquet"
    NUMBERS.set_axis([f"name {i}" for i in range(N)]).to_parquet(path, row_group_size=700)
    dataset = load_dataset(path, sample=200)
    assert dataset.sample_ids[0] == f"name {2 * dataset.X[0, 0]:.0f}"


def test_files_may_have_their_columns_in_another_order(tmp_path):
    NUMBERS[:100].to_parquet(tmp_path / "a.parquet")
    NUMBERS[100:200][["kind", "b", "row"]].to_parquet(tmp_path / "b.parquet")
    dataset = load_dataset(tmp_path)
    assert dataset.feature_names == ("row", "b", "kind")
    np.testing.assert_array_equal(dataset.X, NUMBERS[:200].to_numpy())
