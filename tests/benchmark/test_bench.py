"""Test that the study of verdicts runs and prints what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_verdicts.py"


@pytest.mark.slow
def test_bench_prints_json():
    done = subprocess.run(
        [sys.executable, SCRIPT, "--repeats", "40"], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    of_five = [row for row in found["report_power"] if row["n_seeds"] == 5]
    assert len(of_five) == 2
    assert all(row["power_3_sd"] > 0.8 and row["null"] < 0.2 for row in of_five)
    assert {row["n_seeds"] for row in found["benchmark"]} == {3, 5, 10}
    for row in found["benchmark"]:
        assert abs(row["power_1.4_sd"] - row["power_1.4_sd_welch"]) < 0.15
