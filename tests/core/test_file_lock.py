"""Test that two processes do not write into one folder, and that a killed one holds nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from aeviz.core.exceptions import AevizError
from aeviz.core.file_lock import LOCK, FolderLock
from aeviz.pipeline.make_report import run_report

HOLDER = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from aeviz.core.file_lock import FolderLock\n"
    "lock = FolderLock(Path(sys.argv[1]))\n"
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
        FolderLock(tmp_path)
    with pytest.raises(AevizError, match=f"process {holder.pid}"):
        run_report("digits", out=tmp_path, sample=60, encoder=["pca"], embedding=["pca"])
    assert (tmp_path / LOCK).is_file()


def test_a_killed_process_holds_nothing(holder, tmp_path):
    holder.kill()
    holder.wait()
    lock = FolderLock(tmp_path)
    assert (tmp_path / LOCK).read_text() == str(os.getpid())
    lock.release()
    assert not (tmp_path / LOCK).exists()


def test_a_process_may_take_it_twice(tmp_path):
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    second.release()
    assert (tmp_path / LOCK).exists()
    first.release()
    assert not (tmp_path / LOCK).exists()


@pytest.mark.parametrize("content", ["", "{", '{"pid": 1, "began": 1.0}'])
def test_a_file_that_was_left_behind_holds_nothing(tmp_path, content):
    (tmp_path / LOCK).write_text(content)
    FolderLock(tmp_path).release()


def test_a_run_lets_go_of_its_folder(tmp_path):
    run_report("digits", out=tmp_path, sample=60, encoder=["pca"], embedding=["pca"])
    assert not (tmp_path / LOCK).exists()
