"""Test that files and folders appear whole or not at all."""

from __future__ import annotations

import pytest

from aeviz._files import read_json, whole_file, whole_folder, write_json


def test_file_appears_whole(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    with whole_file(path) as partial:
        partial.write_text("new")
        assert not path.exists()
        assert partial.suffix == ".txt"
    assert path.read_text() == "new"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_interrupted_file_leaves_the_former(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("former")
    with pytest.raises(KeyboardInterrupt), whole_file(path) as partial:
        partial.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "former"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_interrupted_folder_leaves_the_former(tmp_path):
    path = tmp_path / "folder"
    with whole_folder(path) as partial:
        (partial / "x").write_text("former")
    with pytest.raises(KeyboardInterrupt), whole_folder(path) as partial:
        (partial / "x").write_text("half")
        raise KeyboardInterrupt
    assert (path / "x").read_text() == "former"
    with whole_folder(path) as partial:
        (partial / "y").write_text("new")
    assert [p.name for p in path.iterdir()] == ["y"]
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_json_refuses_nan_and_keeps_the_former(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"a": "ü", "b": 1.5})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert read_json(path) == {"a": "ü", "b": 1.5}
