"""Test that samples of a shard are transformed as those of a single file, however it is read."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from aeviz import load_dataset
from aeviz.core.exceptions import AevizError
from aeviz.data.card import DataCard
from aeviz.data.shard_blocks import read_blocks
from aeviz.pipeline.apply import transform_source
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.settings import Settings
from aeviz.sharding._shard_transformer import ShardTransformer
from aeviz.sharding._shards import find_shards, sha256_of


def silent(_n_rows: int) -> None:
    """Hear nothing."""


def outputs_of(job, folder, **options):
    """Return the outputs of all shards of a folder, one after another."""
    transformer = ShardTransformer(job, **options)
    records = [transformer.transform(shard, silent) for shard in find_shards(folder)]
    paths = [transformer.folder.outputs_path / record["output"] for record in records]
    return pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True), records


@pytest.mark.slow
def test_places_are_those_of_a_single_file_to_the_last_digit(images, shards, job, tmp_path):
    found, records = outputs_of(job(images.run), shards)
    np.save(tmp_path / "all.npy", images.new[: len(found)])
    settings = Settings().updated(source=str(tmp_path / "all.npy"))
    single = transform_source(images.run.path, settings, tmp_path / "all.parquet").table
    columns = [name for name in single if name != "sample_id"]
    assert [name for name in found if name != "sample_id"] == columns
    assert {"pca_tsne_x", "identity_pca_y", "pca_error", "pca_distance"} <= set(columns)
    pd.testing.assert_frame_equal(found[columns], single[columns], check_exact=True)
    assert [record["rows"] for record in records] == [150, 150, 150]
    assert sum(record["outliers"] for record in records) == single["is_outlier"].sum()


@pytest.mark.slow
def test_no_digit_depends_on_the_size_of_blocks_and_a_sample_may_be_alone(images, shards, job):
    whole, _ = outputs_of(job(images.run), shards)
    for rows_per_block in (1024, 37):
        parts, _ = outputs_of(job(images.run), shards, rows_per_block=rows_per_block)
        pd.testing.assert_frame_equal(parts, whole, check_exact=True)
    (shards / "part-0.npy").unlink()
    (shards / "part-1.npy").unlink()
    np.save(shards / "part-2.npy", images.new[305:306])
    alone, _ = outputs_of(job(images.run), shards)
    again = whole.iloc[[305]].reset_index(drop=True).assign(sample_id=0)
    pd.testing.assert_frame_equal(alone, again, check_exact=True)


@pytest.mark.slow
def test_record_says_what_the_output_is(images, shards, job):
    (record, *_) = outputs_of(job(images.run), shards)[1]
    folder = ShardTransformer(job(images.run)).folder
    output = folder.outputs_path / record["output"]
    assert record["sha256"] == sha256_of(output)
    assert record["size_bytes"] == output.stat().st_size
    assert record["input"]["size_bytes"] == (shards / "part-0.npy").stat().st_size
    assert folder.record_of(find_shards(shards)[0], "key") == record
    assert folder.record_of(find_shards(shards)[0], "another key") is None
    output.write_bytes(output.read_bytes()[:-1] + b"x")
    assert folder.record_of(find_shards(shards)[0], "key") is None


def test_columns_of_tables_are_found_by_name(table, job, tmp_path):
    """Ids and labels go into the output; blocks without a category are transformed like others."""
    folder = tmp_path / "shards"
    folder.mkdir()
    order = ["kind", "weight", "color", "who", "size"]
    ordered = table.new.sort_values("color")
    ordered[:90][order].to_parquet(folder / "a.parquet", index=False)
    ordered[90:].to_parquet(folder / "b.pq", index=False, row_group_size=7)
    found, _ = outputs_of(job(table.run, label="kind"), folder, rows_per_block=20)
    assert list(found)[:2] == ["sample_id", "label"]
    assert found["sample_id"].tolist() == ordered["who"].tolist()
    assert found["label"].tolist() == ordered["kind"].tolist()
    dataset = load_dataset(ordered, is_to_fit=False, plan=table.run.data.plan)
    single = OutOfSampleTransformer(table.run).transform(dataset).table
    for column in ("pca_pca_x", "pca_pca_y", "pca_error", "is_outlier"):
        np.testing.assert_array_equal(found[column], single[column])


def test_a_missing_column_is_named_with_its_shard(table, job, tmp_path):
    folder = tmp_path / "shards"
    folder.mkdir()
    table.new.drop(columns="weight").to_parquet(folder / "a.parquet", index=False)
    (outcome,) = attempts(job(table.run, on_missing="error"), folder)
    assert outcome.record is None
    assert "a.parquet lacks 'weight'" in outcome.reason


@pytest.mark.slow
def test_images_as_lists_of_numbers_are_placed_like_arrays(images, shards, job, tmp_path):
    folder = tmp_path / "lists"
    folder.mkdir()
    rows = images.new[:150].reshape(150, -1)
    pd.DataFrame({"pixels": list(rows)}).to_parquet(folder / "a.parquet")
    found, _ = outputs_of(job(images.run), folder, rows_per_block=64)
    arrays, _ = outputs_of(job(images.run), shards)
    pd.testing.assert_frame_equal(found, arrays[:150], check_exact=True)


def test_missing_values_fail_a_shard_or_are_left_out(table, job, tmp_path):
    folder = tmp_path / "shards"
    folder.mkdir()
    gaps = table.new.copy()
    gaps.loc[:99, "size"] = np.nan
    gaps.to_parquet(folder / "a.parquet", index=False)
    (outcome,) = attempts(job(table.run, on_missing="error"), folder)
    assert "a.parquet has 100 NaN or infinite values in 'size'" in outcome.reason
    assert "drop (leave rows out)" in outcome.reason
    found, _ = outputs_of(job(table.run, on_missing="impute"), folder)
    assert len(found) == len(gaps)
    for rows_per_block in (None, 100):  # of 100 rows, the first block has no sample left
        found, _ = outputs_of(
            job(table.run, on_missing="drop"), folder, rows_per_block=rows_per_block
        )
        assert found["sample_id"].tolist() == gaps["who"][100:].tolist()


def test_a_shard_without_rows_has_an_output_without_rows(table, job, tmp_path):
    folder = tmp_path / "shards"
    folder.mkdir()
    table.new[:0].to_parquet(folder / "a.parquet", index=False)
    table.new.to_parquet(folder / "b.parquet", index=False)
    found, (none, some) = outputs_of(job(table.run, label="kind"), folder)
    assert (none["rows"], some["rows"], len(found)) == (0, 200, 200)


def test_an_array_without_rows_has_an_output_without_rows(table, job, tmp_path):
    """It failed, where a Parquet file without rows did not."""
    folder = tmp_path / "shards"
    folder.mkdir()
    n_features = table.run.data.n_features
    np.save(folder / "a.npy", np.zeros((0, n_features)))
    np.save(folder / "b.npy", np.zeros((3, n_features)))
    found, (none, some) = outputs_of(job(table.run), folder)
    assert (none["rows"], some["rows"], len(found)) == (0, 3, 3)
    np.save(folder / "a.npy", np.zeros((0, n_features + 1)))
    assert "a.npy has 0 samples" in attempts(job(table.run), folder)[0].reason


def attempts(job, folder):
    """Return what comes of every shard of a folder."""
    transformer = ShardTransformer(job)
    return [transformer.attempt(shard, silent) for shard in find_shards(folder)]


@pytest.mark.slow
def test_damaged_shards_are_told_and_leave_nothing(images, shards, job, tmp_path):
    (shards / "part-0.npy").write_bytes((shards / "part-0.npy").read_bytes()[:-100])
    (shards / "part-1.parquet").write_bytes(b"PAR1 and no more")
    (shards / "part-1.npy").unlink()
    np.save(shards / "part-2.npy", np.zeros((5, 7)))
    reasons = [outcome.reason for outcome in attempts(job(images.run), shards)]
    assert "part-0.npy is cut off" in reasons[0]
    assert "part-1.parquet is not a Parquet file" in reasons[1]
    assert "part-2 has 7 features; expected the 64 of old" in reasons[2]
    out = tmp_path / "out"
    assert not [path for path in out.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([], r"holds no shards, .* accepted: a folder of shards \(.parquet, .pq, .npy\), or"),
        (["a.npy", "photo.png"], r"holds images and shards"),
        (["a.npy", "a.parquet"], r"more than one shard named 'a'"),
    ],
)
def test_what_is_no_folder_of_shards_is_told(tmp_path, files, reason):
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(AevizError, match=reason):
        find_shards(tmp_path)


def test_files_that_are_no_shards_are_passed_over(tmp_path):
    for name in ("b.npy", "a.parquet", "_SUCCESS", ".c.npy", "notes.txt"):
        (tmp_path / name).touch()
    assert [shard.name for shard in find_shards(tmp_path)] == ["a.parquet", "b.npy"]


def test_memory_is_that_of_a_block_whatever_the_shard_holds(tmp_path):
    """A file of 300 MB, sparse on disk, is read within a fraction of that."""
    shape = (300_000, 1000)
    with (tmp_path / "large.npy").open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + shape[0] * shape[1])
    card = DataCard("wide", "wide", 10, shape[1], 8, "", "range")
    tracemalloc.start()
    n_rows = sum(block.dataset.n_samples for block in read_blocks(tmp_path / "large.npy", card))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_rows == shape[0]
    assert peak < 80e6
