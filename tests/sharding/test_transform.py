"""Test that a job does what is missing, whatever is damaged, changed, killed or interrupted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pandas as pd
import psutil
import pytest

from aeviz.cli._main import main
from aeviz.core.exceptions import AevizError
from aeviz.core.progress import Silent
from aeviz.sharding._shard_transformer import ShardTransformer
from aeviz.sharding._shards import find_shards, sha256_of
from aeviz.sharding.engines.local import transform_locally
from aeviz.sharding.transform import ShardOptions, transform_shards

FAST = ShardOptions(embeddings=["pca_pca"], n_workers=2)


def outputs(out):
    """Return the outputs of a folder and when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (out / "places").iterdir()}


def manifest(out):
    return json.loads((out / "manifest.json").read_text())


@pytest.mark.slow
def test_a_job_does_what_is_missing_damaged_or_changed(images, shards, tmp_path):
    out = tmp_path / "out"
    found = transform_shards(images.run.path, shards, out, FAST)
    assert (len(found.done), found.n_kept, found.failed, found.n_samples) == (3, 0, {}, 450)
    assert found.samples_per_second > 0
    assert found.peak_memory_bytes > 1e8
    first = outputs(out)
    assert set(first) == {"part-0.parquet", "part-1.parquet", "part-2.parquet"}
    for record in manifest(out)["shards"]:
        assert record["sha256"] == sha256_of(out / "places" / record["output"])

    again = transform_shards(images.run.path, shards, out, FAST)
    assert (len(again.done), again.n_kept) == (0, 3)
    assert outputs(out) == first

    damaged = out / "places" / "part-0.parquet"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-9] + b"damage!!!")
    np.save(shards / "part-1.npy", images.new[:20])
    repaired = transform_shards(images.run.path, shards, out, FAST)
    assert {record["shard"]: record["rows"] for record in repaired.done} == {
        "part-0.npy": 150,
        "part-1.npy": 20,
    }
    assert repaired.n_kept == 1
    assert damaged.read_bytes() == whole
    assert outputs(out)["part-2.parquet"] == first["part-2.parquet"]


@pytest.mark.slow
def test_a_failed_shard_is_told_while_the_others_are_there(images, shards, tmp_path, capsys):
    out = tmp_path / "out"
    whole = (shards / "part-1.npy").read_bytes()
    (shards / "part-1.npy").write_bytes(whole[:-100])
    words = ["transform", str(images.run.path), str(shards), "-o", str(out), "--workers", "1"]
    words += ["--embedding", "pca_pca", "-q"]
    assert main(words) == 1
    said = capsys.readouterr()
    assert "part-1.npy failed: " in said.err
    assert "is cut off" in said.err
    assert "shards: 2 transformed, 0 kept from an earlier run, 1 failed" in said.out
    assert set(outputs(out)) == {"part-0.parquet", "part-2.parquet"}
    (failed,) = manifest(out)["failed"]
    assert failed["shard"] == "part-1.npy"
    (shards / "part-1.npy").write_bytes(whole)
    assert main(words) == 0
    assert "shards: 1 transformed, 2 kept" in capsys.readouterr().out
    assert manifest(out)["failed"] == []
    assert len(manifest(out)["shards"]) == 3


@pytest.mark.slow
def test_a_killed_worker_loses_its_shard_alone(images, shards, job):
    killed = []

    def kill_once(_n_rows: int) -> None:
        if not killed:
            (child,) = psutil.Process().children()
            killed.append(child.pid)
            child.send_signal(signal.SIGKILL)

    found = list(transform_locally(find_shards(shards), job(images.run), 1, kill_once))
    assert len(found) == 3
    (lost,) = (outcome for outcome in found if outcome.record is None)
    assert lost.reason == "its worker was ended by signal 9, perhaps because memory ran out"
    processes = {outcome.record["process"] for outcome in found if outcome.record}
    assert processes - set(killed)
    assert not psutil.Process().children()


class _Killer(Silent):
    """Kill a worker when the first samples are transformed."""

    victim = None

    def update(self, done, total, message=""):
        if self.victim is None:
            self.victim = psutil.Process().children()[0]
            self.victim.kill()


@pytest.mark.slow
def test_the_shard_of_a_killed_worker_is_tried_again(images, shards, tmp_path):
    killer = _Killer()
    found = transform_shards(images.run.path, shards, tmp_path / "out", FAST, progress=killer)
    assert killer.victim is not None
    assert (len(found.done), found.failed) == (3, {})
    assert not list((tmp_path / "out" / "places").glob(".*"))


def test_ctrl_c_says_what_stands(monkeypatch, capsys, tmp_path):
    """It used to be lost where click makes an exception of its own of the interruption."""

    def interrupted(*_args, **_words):
        raise KeyboardInterrupt("2 of 3 shards are done")

    monkeypatch.setattr("aeviz.pipeline.apply.transform_source", interrupted)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    assert main(["transform", "run", "a.csv", "-o", "b.csv", "-q"]) == 130
    assert "aeviz: interrupted; 2 of 3 shards are done" in capsys.readouterr().err


class _Interrupter(Silent):
    """Press Ctrl-C when the first shard is done."""

    def update(self, done, total, message=""):
        if done:
            raise KeyboardInterrupt


@pytest.mark.slow
def test_an_interrupted_job_goes_on(images, shards, tmp_path):
    out = tmp_path / "out"
    one = ShardOptions(embeddings=["pca_pca"], n_workers=1)
    with pytest.raises(KeyboardInterrupt, match="1 of 3 shards are done; the same command"):
        transform_shards(images.run.path, shards, out, one, progress=_Interrupter())
    assert not psutil.Process().children()
    assert manifest(out)["summary"]["n_done"] == 1
    assert len(manifest(out)["shards"]) >= 1
    rest = transform_shards(images.run.path, shards, out, one)
    assert rest.n_kept >= 1
    assert rest.n_kept + len(rest.done) == 3


@pytest.mark.slow
def test_fast_networks_are_fitted_once_and_another_setting_does_all_again(images, shards, tmp_path):
    out = tmp_path / "out"
    words = ["transform", str(images.run.path), str(shards), "-o", str(out), "-q"]
    assert main([*words, "--fast", "--workers", "1"]) == 0
    fitted = (out / "heads" / "pca_tsne.keras").stat().st_mtime_ns
    agreement = json.loads((out / "head.json").read_text())["pictures"]
    assert agreement["pca_tsne"]["n_test"] == 30
    (shards / "part-2.npy").unlink()
    options = ShardOptions(fast=True)
    found = transform_shards(images.run.path, shards, out, options)
    assert (found.n_kept, len(found.done), found.agreement["pca_tsne"].to_json()) == (
        2,
        0,
        agreement["pca_tsne"],
    )
    assert (out / "heads" / "pca_tsne.keras").stat().st_mtime_ns == fitted
    by_network = pd.read_parquet(out / "places" / "part-0.parquet")
    found = transform_shards(images.run.path, shards, out, ShardOptions(n_workers=1))
    assert len(found.done) == 2
    by_descent = pd.read_parquet(out / "places" / "part-0.parquet")
    assert (by_network["pca_tsne_x"] != by_descent["pca_tsne_x"]).any()
    same = by_network.columns.drop(["pca_tsne_x", "pca_tsne_y"])
    pd.testing.assert_frame_equal(by_network[same], by_descent[same], check_exact=True)


class _ActorKiller(Silent):
    """Kill the actor that has transformed the first shard."""

    victim = None

    def __init__(self, out):
        self.records = out / "records"

    def update(self, done, total, message=""):
        if self.victim is None and done:
            record = json.loads(next(self.records.glob("*.json")).read_text())
            self.victim = record["process"]
            os.kill(self.victim, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Ray Data's, of its own settings
def test_ray_gives_the_same_places_though_an_actor_is_killed(images, shards, job, tmp_path):
    if find_spec("ray") is None:
        pytest.skip("needs the package ray, an extra")
    (shards / "part-2.npy").write_bytes(b"damaged")
    killer = _ActorKiller(tmp_path / "ray")
    options = ShardOptions(embeddings=["pca_pca"], engine="ray", n_workers=1)
    found = transform_shards(images.run.path, shards, tmp_path / "ray", options, progress=killer)
    assert killer.victim is not None
    assert set(found.failed) == {"part-2.npy"}
    assert "is not a NumPy array" in found.failed["part-2.npy"]
    assert found.n_samples == 300
    transformer = ShardTransformer(job(images.run, embeddings=["pca_pca"]))
    for shard in find_shards(shards)[:2]:
        transformer.transform(shard, lambda _: None)
        name = f"places/{shard.stem}.parquet"
        assert (tmp_path / "ray" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_a_run_that_no_worker_can_load_is_told(table, tmp_path, job):
    shutil.copytree(table.run.path, tmp_path / "run")
    work = job(table.run)
    (tmp_path / "run" / "scores.json").unlink()
    broken = replace(work, run=str(tmp_path / "run"))
    (tmp_path / "in").mkdir()
    table.new.to_parquet(tmp_path / "in" / "a.parquet")
    with pytest.raises(AevizError, match=r"no worker could load the run: .* unfinished run"):
        list(transform_locally(find_shards(tmp_path / "in"), broken, 1, print))


def test_two_jobs_do_not_write_into_one_folder(table, tmp_path):
    (tmp_path / "in").mkdir()
    table.new.to_parquet(tmp_path / "in" / "a.parquet")
    out = tmp_path / "out"
    out.mkdir()
    program = (
        "import sys, time; from pathlib import Path; from aeviz.core.file_lock import FolderLock\n"
        f"lock = FolderLock(Path({str(out)!r})); print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with pytest.raises(AevizError, match=f"is being written by process {other.pid}"):
            transform_shards(table.run.path, tmp_path / "in", out)
        other.kill()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sample", "20"], "--sample has no meaning for a folder of shards"),
        (["--columns", "size"], "--columns has no meaning for a folder of shards"),
        (["--label", "kind", "--label", "color"], "--label must be given once for shards, got 2"),
        (["--on-missing", "zero"], "--on-missing must be one of impute, drop, error; got 'zero'"),
        (["--workers", "0"], "--workers must be at least 1, got 0"),
        (["--retries", "-1"], "--retries must be at least 0, got -1"),
        (
            ["--embedding", "deep_umap"],
            "--embedding must be one of pca_pca, identity_pca; got 'deep_umap'",
        ),
    ],
)
def test_bad_options_are_told_in_one_line(table, tmp_path, capsys, words, message):
    (tmp_path / "in").mkdir()
    table.new.to_parquet(tmp_path / "in" / "a.parquet")
    out = tmp_path / "out"
    places = ["transform", str(table.run.path), str(tmp_path / "in"), "-o", str(out), "-q"]
    assert main([*places, *words]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize("option", [["--fast"], ["--workers", "2"], ["--engine", "ray"]])
def test_options_of_shards_need_shards(table, tmp_path, capsys, option):
    table.new.to_parquet(tmp_path / "a.parquet")
    words = ["transform", str(table.run.path), str(tmp_path / "a.parquet"), "-q"]
    assert main([*words, "-o", str(tmp_path / "b.parquet"), *option]) == 2
    assert f"{option[0]} is for a folder of shards" in capsys.readouterr().err


def test_outputs_do_not_go_where_shards_are(table, tmp_path):
    table.new.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(AevizError, match=r"out must be another place than .*, which is read"):
        transform_shards(table.run.path, tmp_path, tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").touch()
    with pytest.raises(
        AevizError, match=r"an earlier folder of shard outputs; .* holds something else$"
    ):
        transform_shards(table.run.path, tmp_path, tmp_path / "other")
