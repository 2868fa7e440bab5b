"""Test that the benchmarks of training run and print what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def run(script, *options):
    command = [sys.executable, SCRIPTS / script, *map(str, options)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.slow
def test_bench_training_prints_json_of_equal_contestants(tmp_path):
    images = np.random.default_rng(0).integers(0, 255, (600, 28, 28)).astype(np.uint8)
    np.savez(tmp_path / "few.npz", x_train=images)
    found = run("bench_training.py", "--data", tmp_path / "few.npz", "--rounds", 1, "--epochs", 1)
    assert found["matmul_gflops"] > 0
    assert len(found["models"]) == 2
    for model in found["models"]:
        assert model["engine_gflops"] > 0
        assert model["ratio"] > 0
        assert model["output_difference"] < 1e-5
        assert model["loss_difference"] < 1e-3


@pytest.mark.slow
def test_memory_does_not_follow_the_size_of_the_data(tmp_path):
    """500 MB through a budget of 40 MB take less than half of that beside what TensorFlow takes."""
    found = run(
        "bench_memory.py", "--gigabytes", 0.5, "--memory-budget", 40_000_000, "--folder", tmp_path
    )
    assert found["agrees"]
    assert found["loss"][1] < found["loss"][0]
    assert found["peak_bytes"] - found["baseline_bytes"] < found["array_bytes"] / 2
    assert not list(tmp_path.iterdir())
