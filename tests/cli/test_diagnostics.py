"""Test that a bug report says what works, and that a broken part is told and ends nothing."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from aeviz.cli import doctor


@pytest.fixture
def three_parts(monkeypatch):
    """Give a part that works, one that raises and one that crashes its process."""
    trials = {
        "sound": ("print('version 1')", False),
        "broken": ("raise ImportError('no such library')", True),
        "crashing": ("import os; os.abort()", True),
    }
    monkeypatch.setattr(doctor, "_TRIALS", trials)


def diagnosed():
    """Return what the command prints as JSON, and its exit code."""
    result = CliRunner().invoke(doctor.command, ["--json"])
    return json.loads(result.output), result.exit_code


def test_every_part_is_told(three_parts):
    found, code = diagnosed()
    told = {part["name"]: (part["works"], part["told"]) for part in found["parts"]}
    assert told["sound"] == (True, "version 1")
    assert told["broken"] == (False, "ImportError: no such library")
    assert not told["crashing"][0]
    assert code == 0
    assert found["facts"]["numpy"]
    assert "GB" in found["facts"]["memory"]


def test_command_prints_it_and_ends_with_1_where_a_needed_part_is_broken(three_parts, monkeypatch):
    result = CliRunner().invoke(doctor.command, [])
    assert result.exit_code == 0
    assert "sound" in result.output
    assert "missing" in result.output
    found, _ = diagnosed()
    assert [part["name"] for part in found["parts"]] == ["sound", "broken", "crashing"]
    monkeypatch.setitem(doctor._TRIALS, "broken", ("raise SystemExit(3)", False))
    result = CliRunner().invoke(doctor.command, [])
    assert result.exit_code == 1
    assert "BROKEN" in result.output


@pytest.mark.slow
def test_everything_works_here():
    found, _ = diagnosed()
    assert [part["told"] for part in found["parts"] if not part["works"]] == []


def test_every_extra_is_a_part_that_reports_go_without():
    """ONNX was told to be missing where only onnxruntime was, and of Ray and polars nothing."""
    optional = [program for program, is_optional in doctor._TRIALS.values() if is_optional]
    for module in ("onnx", "onnxruntime", "polars", "ray", "tensorboard"):
        assert (
            sum(f"import {module};" in one or f"import {module}," in one for one in optional) == 1
        )
