"""Kill commands at any moment, and have the next call end as if nothing had been.

Two ways: from outside, after a random time, from the start of the process on; and from inside,
right before or right after a rename, where what is written takes its place.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from aeviz.core.atomic_files import is_leftover, read_json

SMALL = ["--sample", "120", "--epochs", "1", "-q"]
CONFIG = 'source = "digits"\n[params.tsne]\nn_iter = 50\nperplexity = 10\n'
N_KILLS = 7
MAX_STARTS = 14


def aeviz(*words):
    return [sys.executable, "-W", "ignore", "-m", "aeviz", *map(str, words)]


def finish(command):
    """Run a command to its end, and return the seconds that it took."""
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def kill_again_and_again(command, *, seconds, seed):
    """Start a command and kill it after a random time, several times; return how often it hit.

    As far as it comes it goes on with the next time, so a part of what it takes is enough.
    """
    draw = random.Random(seed)
    n_killed = 0
    for _ in range(MAX_STARTS):
        if n_killed == N_KILLS:
            break
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            assert process.wait(draw.uniform(0.0, seconds)) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            n_killed += process.wait() == -signal.SIGKILL
    return n_killed


def nothing_is_left_over(folder: Path):
    assert not [path for path in folder.rglob("*") if is_leftover(path) or path.name == ".held"]


def same_run(found, expected):
    ours, theirs = read_json(found / "scores.json"), read_json(expected / "scores.json")
    assert len(ours["rows"]) > 50
    assert ours == theirs
    tables = [pd.read_parquet(path / "embeddings.parquet") for path in (found, expected)]
    assert_frame_equal(*tables, check_exact=True)
    nothing_is_left_over(found)


def same_benchmark(found, expected):
    ours, theirs = (_without_seconds(read_json(p / "benchmark.json")) for p in (found, expected))
    assert len(ours["rows"]) > 50
    for name in ("rows", "comparisons", "summary"):
        assert ours[name] == theirs[name], name
    nothing_is_left_over(found)


def _without_seconds(info):
    for row in (*info["rows"], *info["summary"], *info["comparisons"]):
        for name in [name for name in row if "seconds" in name]:
            del row[name]
    return info


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_text(CONFIG)
    return path


@pytest.mark.slow
def test_killed_at_random_moments_all_commands_end_as_if_uninterrupted(
    tmp_path, config, record_property
):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    counts = {}

    def kill(name, command, seconds):
        counts[name] = kill_again_and_again(command(killed), seconds=seconds, seed=len(counts))
        assert counts[name] == N_KILLS
        finish(command(killed))

    def report(folder):
        members = ["--encoder", "pca", "--encoder", "simple", "--embedding", "tsne"]
        return aeviz("report", "--config", config, *members, *SMALL, "-o", folder / "run")

    seconds = finish(report(whole))
    kill("report", report, 0.5 * seconds)
    same_run(killed / "run", whole / "run")

    def transform(folder):
        out = folder / "places.parquet"
        return aeviz(
            "transform", whole / "run", "digits", "--embedding", "pca_tsne", "-q", "-o", out
        )

    kill("transform", transform, finish(transform(whole)))
    assert_frame_equal(
        *(pd.read_parquet(folder / "places.parquet") for folder in (whole, killed)),
        check_exact=True,
    )

    def benchmark(folder):
        members = ["--encoder", "simple", "--embedding", "pca", "--seeds", "2"]
        return aeviz("benchmark", "digits", *members, *SMALL, "-o", folder / "benchmark")

    kill("benchmark", benchmark, 0.5 * finish(benchmark(whole)))
    same_benchmark(killed / "benchmark", whole / "benchmark")
    nothing_is_left_over(killed)
    n_kills = sum(counts.values())
    assert n_kills >= 20
    listed = ", ".join(f"{name} {n}" for name, n in counts.items())
    record_property("counted", f"killed at random moments: {n_kills} processes ({listed})")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked, which this system lacks")
def test_killed_at_renames_all_commands_end_as_if_uninterrupted(tmp_path, record_property):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    members = ["--encoder", "pca", "--embedding", "pca", *SMALL]
    commands = {
        "report": lambda out: ["report", "digits", *members, "-o", out / "run"],
        "transform": lambda out: [
            *("transform", whole / "run", "digits", "--sample", "60", "-q"),
            *("-o", out / "places.parquet"),
        ],
        "benchmark": lambda out: [
            *("benchmark", "digits", *members, "--embedding", "tsne", "--seeds", "2"),
            *("-o", out / "benchmark"),
        ],
    }
    counts = {}
    for name, words in commands.items():
        finish(aeviz(*words(whole)))
        script = [
            sys.executable,
            "-W",
            "ignore",
            str(Path(__file__).with_name("_killed_command.py")),
        ]
        done = subprocess.run(
            [*map(str, [*script, *words(killed)])], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        counts[name] = done.stdout.count("killed ")
    same_run(killed / "run", whole / "run")
    same_benchmark(killed / "benchmark", whole / "benchmark")
    assert_frame_equal(
        *(pd.read_parquet(folder / "places.parquet") for folder in (whole, killed)),
        check_exact=True,
    )
    nothing_is_left_over(killed)
    assert counts["report"] >= 10
    assert counts["benchmark"] >= 10
    listed = ", ".join(f"{name} {n}" for name, n in counts.items())
    record_property("counted", f"killed at renames: {sum(counts.values())} processes ({listed})")
