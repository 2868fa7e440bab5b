"""Test that the benchmark of the engine runs and prints what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_metrics.py"


@pytest.mark.slow
def test_bench_prints_json(tmp_path, rng):
    images = rng.integers(0, 255, (400, 6, 6)).astype(np.uint8)
    np.savez(tmp_path / "few.npz", x_train=images[:300], x_test=images[300:])
    options = ["--data", tmp_path / "few.npz", "--size", "200", "--repeat", "1"]
    done = subprocess.run(
        [sys.executable, SCRIPT, *options, "--anchors", "150", "--full", "--spaces"],
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert found["ratio"] > 0
    assert found["agreement"] < 1e-3
    assert found["full_n_samples"] == 400
    assert found["full_peak_bytes"] > 0
    assert set(found["sampled_intervals"]) == {"trustworthiness", "continuity"}
    assert found["spaces_seconds"] >= 0
