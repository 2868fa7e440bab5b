"""Test that two processes do not write into one folder, and that a killed one holds nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from aeviz.core.exceptions import AevizError
from aeviz.core.file_lock import LOCK, hold, let_go
from aeviz.pipeline.make_report import run_report

HOLDER = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from aeviz.core.file_lock import hold\n"
    "hold(Path(sys.argv[1]))\n"
    "print('held', flush=True)\n"
    "time.sleep(60)\n"
)


@pytest.fixture
def holder(tmp_path):
    """Give a process that holds a folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_second_is_told_of_the_first(holder, tmp_path):
    with pytest.raises(AevizError, match=f"is being written by process {holder.pid}; wait"):
        hold(tmp_path)
    with pytest.raises(AevizError, match=f"process {holder.pid}"):
        run_report("digits", out=tmp_path, sample=60, encoder=["pca"], embedding=["pca"])
    let_go(tmp_path)
    assert (tmp_path / LOCK).is_file()


def test_a_killed_process_holds_nothing(holder, tmp_path):
    holder.kill()
    holder.wait()
    hold(tmp_path)
    assert json.loads((tmp_path / LOCK).read_text())["pid"] == os.getpid()
    let_go(tmp_path)
    assert not (tmp_path / LOCK).exists()


def test_a_number_that_came_round_again_holds_nothing(tmp_path):
    (tmp_path / LOCK).write_text(json.dumps({"pid": os.getppid(), "began": 1.0}))
    hold(tmp_path)
    let_go(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}'])
def test_a_damaged_file_holds_nothing(tmp_path, content):
    (tmp_path / LOCK).write_text(content)
    hold(tmp_path)
    hold(tmp_path)
    let_go(tmp_path)


def test_a_run_lets_go_of_its_folder(tmp_path):
    run_report("digits", out=tmp_path, sample=60, encoder=["pca"], embedding=["pca"])
    assert not (tmp_path / LOCK).exists()
