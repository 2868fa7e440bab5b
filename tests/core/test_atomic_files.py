"""Test that files and folders appear whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from aeviz.core.atomic_files import atomic_file, atomic_folder, read_json, sweep, write_json


def test_file_appears_whole(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    with atomic_file(path) as partial:
        partial.write_text("new")
        assert not path.exists()
        assert partial.suffix == ".txt"
    assert path.read_text() == "new"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_interrupted_file_leaves_the_former(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("former")
    with pytest.raises(KeyboardInterrupt), atomic_file(path) as partial:
        partial.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "former"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_interrupted_folder_leaves_the_former(tmp_path):
    path = tmp_path / "folder"
    with atomic_folder(path) as partial:
        (partial / "x").write_text("former")
    with pytest.raises(KeyboardInterrupt), atomic_folder(path) as partial:
        (partial / "x").write_text("half")
        raise KeyboardInterrupt
    assert (path / "x").read_text() == "former"
    with atomic_folder(path) as partial:
        (partial / "y").write_text("new")
    assert [p.name for p in path.iterdir()] == ["y"]
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_json_refuses_nan_and_keeps_the_former(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"a": "ü", "b": 1.5})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert read_json(path) == {"a": "ü", "b": 1.5}


def gone_pid():
    """Return the number of a process that was and is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_killed_processes_left_is_removed_by_the_next_write(tmp_path):
    pid, path = gone_pid(), tmp_path / "a.txt"
    beside = [f".a.partial-{pid}.txt", f".b.partial-{pid}.txt", f".a.partial-{os.getppid()}.txt"]
    for name in beside:
        (tmp_path / name).write_text("half")
    (tmp_path / f".a.txt.former-{pid}").mkdir()
    with atomic_file(path) as partial:
        partial.write_text("new")
    # What is of another file, or of a process that goes on, stays.
    assert {p.name for p in tmp_path.iterdir()} == {"a.txt", f".a.txt.former-{pid}", *beside[1:]}
    sweep(tmp_path)
    assert not (tmp_path / beside[1]).exists()
    assert (tmp_path / beside[2]).exists()


def test_a_killed_process_of_the_same_number_does_not_stand_in_the_way(tmp_path):
    """In a container the next process often has the number of the one that was killed."""
    for name in ("partial", "former"):
        left = tmp_path / f".folder.{name}-{os.getpid()}"
        left.mkdir()
        (left / "x").write_text("half")
    (tmp_path / "folder").mkdir()
    with atomic_folder(tmp_path / "folder") as partial:
        (partial / "y").write_text("new")
    assert [p.name for p in tmp_path.rglob("*")] == ["folder", "y"]


def test_sweeping_goes_through_all_folders_below(tmp_path):
    pid = gone_pid()
    left = [tmp_path / f".a.former-{pid}" / "deep", tmp_path / "b" / f".c.partial-{pid}"]
    for path in left:
        path.mkdir(parents=True)
    (tmp_path / ".held").write_text("kept")
    sweep(tmp_path)
    assert {p.name for p in tmp_path.rglob("*")} == {"b", ".held"}
