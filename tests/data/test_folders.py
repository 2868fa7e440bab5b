"""Folders that are one table: partitions of Parquet, and shards of text."""

import gzip
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aeviz import load_dataset, open_stream
from tests.data._files import table
from tests.data._stream_files import random_pixels, save_image, save_parquet
from tests.data.test_bad_input import refused

X = table(20, 2).round(6)
FRAME = pd.DataFrame(X, columns=["a", "b"])


def partitioned(folder, *values, name="group"):
    """Write as many parts of the table as there are values, each to a folder of its own."""
    for rows, value in zip(np.array_split(np.arange(20), len(values)), values, strict=True):
        inside = folder / f"{name}={value}"
        inside.mkdir(parents=True)
        FRAME.iloc[rows].to_parquet(inside / "part-0.snappy.parquet", index=False)
    return folder


def shards(folder, *frames, suffix=".csv"):
    folder.mkdir(exist_ok=True)
    for number, frame in enumerate(frames):
        frame.to_csv(folder / f"part-{number}{suffix}", index=False)
    return folder


# -- partitions --------------------------------------------------------------------------------


def test_names_of_folders_are_columns(tmp_path):
    folder = partitioned(tmp_path / "hive", "a", "b")
    dataset = load_dataset(folder)
    assert dataset.name == "hive"
    assert dataset.feature_names == ("a", "b", "group=a", "group=b")
    np.testing.assert_array_equal(dataset.X[:, :2], X)
    np.testing.assert_array_equal(dataset.X[:, 2], np.arange(20) < 10)
    assert "that of 2 files; 'group' from the names of its folders" in dataset.notes[0]
    assert load_dataset(folder, label="group").y.tolist() == ["a"] * 10 + ["b"] * 10


def test_partitions_are_read_as_pandas_reads_them(tmp_path):
    columns = {"a": X[:, 0], "b": X[:, 1], "year": [2020, 2021] * 10, "at": ["x/y", "z"] * 10}
    pq.write_to_dataset(pa.table(columns), tmp_path / "hive", partition_cols=["year", "at"])
    dataset = load_dataset(tmp_path / "hive", label=["year", "at"])
    expected = pd.read_parquet(tmp_path / "hive")
    np.testing.assert_array_equal(dataset.X, expected[["a", "b"]])
    assert dataset.y.tolist() == expected["year"].astype(str).tolist()
    assert dataset.metadata["at"].tolist() == expected["at"].tolist()


def test_a_partition_of_missing_values(tmp_path):
    folder = partitioned(tmp_path / "hive", "a", "__HIVE_DEFAULT_PARTITION__")
    dataset = load_dataset(folder, label="group")
    assert (dataset.n_samples, int(dataset.lacks_label.sum())) == (20, 10)


def test_numbers_in_names_of_folders_are_categories_in_their_order(tmp_path):
    dataset = load_dataset(partitioned(tmp_path / "hive", "10", "9"), label="group")
    assert dataset.class_order == ("9", "10")


def test_streams_leave_partitions_out_and_say_so(tmp_path):
    with open_stream(partitioned(tmp_path / "hive", "a", "b")) as stream:
        np.testing.assert_allclose(stream.read(slice(None)), X, rtol=1e-6)
        assert "'group'" in stream.notes[0]


def test_partitions_that_do_not_fit_together_are_refused(tmp_path):
    folder = partitioned(tmp_path / "a", "x", "y")
    FRAME.to_parquet(folder / "loose.parquet", index=False)
    refused(folder, "is in partitions by group", "loose.parquet by nothing")
    refused(partitioned(tmp_path / "b", "x", name="a"), "more than one column named 'a'")
    folder = partitioned(tmp_path / "c", "x", "y")
    save_parquet(folder / "group=y" / "part-1.parquet", a=[1.0])
    refused(folder, "column 'b' is missing in", "part-1.parquet")


# -- shards of text ----------------------------------------------------------------------------


def test_files_with_the_same_columns_are_one_table(tmp_path):
    folder = shards(tmp_path / "shards", FRAME[:8], FRAME[["b", "a"]][8:])
    (folder / "_SUCCESS").write_text("")
    (folder / "README.md").write_text("a,b\n")
    dataset = load_dataset(folder)
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.name == "shards"
    assert dataset.feature_names == ("a", "b")
    assert dataset.notes == ("The table is that of 2 files, one after the other.",)


def test_packed_shards_and_shards_of_json(tmp_path):
    folder = shards(tmp_path / "a", FRAME[:8], FRAME[8:], suffix=".csv.gz")
    np.testing.assert_array_equal(load_dataset(folder).X, X)
    folder = tmp_path / "b"
    folder.mkdir()
    for number, part in enumerate((FRAME[:8], FRAME[8:])):
        lines = map(json.dumps, part.to_dict("records"))
        (folder / f"{number}.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    np.testing.assert_array_equal(load_dataset(folder).X, X)
    refused(folder, "header", header="1")


def test_names_of_rows_are_ids_and_row_numbers_are_not(tmp_path):
    named = FRAME.set_axis([f"s{row}" for row in range(20)], axis=0)
    for name, frame in (("named", named), ("numbered", FRAME)):
        folder = tmp_path / name
        folder.mkdir()
        frame[:8].to_csv(folder / "0.csv")
        frame[8:].to_csv(folder / "1.csv")
        dataset = load_dataset(folder)
        np.testing.assert_array_equal(dataset.X, X)
        assert dataset.ids[9] == ("s9" if name == "named" else 9)


def test_the_file_with_other_columns_is_named(tmp_path):
    folder = shards(tmp_path / "a", FRAME[:8], FRAME[8:].rename(columns={"b": "c"}))
    refused(folder, "part-1.csv has other columns than part-0.csv", "lacks 'b'", "has 'c' besides")
    folder = shards(tmp_path / "b", FRAME[:8], FRAME[["a"]][8:])
    refused(folder, "part-1.csv", "it lacks 'b'")


@pytest.mark.parametrize("other", ["x.tsv", "x.jsonl"])
def test_a_folder_of_several_kinds_is_refused(other, tmp_path):
    folder = shards(tmp_path / "a", FRAME)
    (folder / other).write_text("a\tb\n")
    refused(folder, "holds tables of several kinds", other[1:])


def test_an_empty_shard_is_refused(tmp_path):
    folder = shards(tmp_path / "a", FRAME)
    (folder / "z.csv").write_text("")
    refused(folder, "z.csv is empty (0 bytes)")


def test_tables_beside_images_or_other_files_are_no_shards(tmp_path):
    folder = shards(tmp_path / "a", FRAME)
    for number in range(12):
        save_image(folder / f"{number}.png", random_pixels(4, 5, seed=number))
    assert load_dataset(folder).image_shape == (4, 5, 1)
    folder = shards(tmp_path / "b", FRAME)
    np.save(folder / "x.npy", X)
    refused(folder, "is a folder without images", "not of tables alone")
