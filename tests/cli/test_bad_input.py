"""Test that every slip a user can make ends in one clear line, exit code 2 and nothing written."""

from __future__ import annotations

import re

import numpy as np
import pytest

from aeviz.cli._main import main
from tests.cli._lines import told

RNG = np.random.default_rng(0)
GOOD = RNG.uniform(size=(40, 6))
STOP = ("--on-missing", "error")


def save(path, **arrays):
    """Write an npz file and return its name."""
    np.savez(path, **arrays)
    return str(path)


def with_hole(value):
    X = GOOD.copy()
    X[3:5, 2] = value
    return X


def text_file(path, text):
    path.write_text(text)
    return str(path)


def pickled(path):
    np.savez(path, X=np.array([{"a": 1}, None], dtype=object))
    return str(path)


def labels_of_another_length(folder):
    np.save(folder / "X.npy", GOOD)
    np.save(folder / "y.npy", np.arange(39))
    return [str(folder / "X.npy"), "--labels-file", str(folder / "y.npy")]


def table(folder, text):
    return text_file(folder / "t.csv", text)


ROWS = "\n".join(f"{a:.3f},{b:.3f},{'xy'[i % 2]}" for i, (a, b, *_) in enumerate(GOOD))

CASES = {
    "missing file": (lambda d: [str(d / "no.npz")], r"no\.npz"),
    "unknown name": (lambda d: ["digit"], r"digits"),
    "empty file": (lambda d: [text_file(d / "a.npz", "")], r"empty"),
    "not an npz": (lambda d: [text_file(d / "a.npz", "hello")], r"a\.npz"),
    "unknown suffix": (lambda d: [text_file(d / "a.xyz", "hello")], r"\.csv, .*\.npy, \.npz"),
    "pickled arrays": (lambda d: [pickled(d / "a.npz")], r"pickle|object"),
    "NaN": (lambda d: [save(d / "a.npz", X=with_hole(np.nan)), *STOP], r"2.*--on-missing"),
    "infinite": (lambda d: [save(d / "a.npz", X=with_hole(np.inf)), *STOP], r"2.*--on-missing"),
    "one sample": (lambda d: [save(d / "a.npz", X=GOOD[:1])], r"sample"),
    "one feature": (lambda d: [save(d / "a.npz", X=GOOD[:, :1])], r"feature"),
    "identical rows": (lambda d: [save(d / "a.npz", X=np.ones((30, 4)))], r"identical|same"),
    "labels of another length": (labels_of_another_length, r"39.*40|40.*39"),
    "y of another length": (lambda d: [save(d / "a.npz", X=GOOD, y=np.arange(7))], r"7.*40|40.*7"),
    "no such column": (
        lambda d: [table(d, f"a,b,c\n{ROWS}"), "--label", "klass"],
        r"klass.*'a', 'b', 'c'",
    ),
    "text column": (
        lambda d: [table(d, f"a,b,c\n{ROWS}"), "--drop", "a,c"],
        r"has 1 feature; .* left out are 'a' \(in drop\), 'c' \(in drop\)",
    ),
    "dropped column that is none": (
        lambda d: [table(d, f"a,b,c\n{ROWS}"), "--drop", "k"],
        r"column 'k' is not in .*'a', 'b', 'c'",
    ),
    "columns of an array": (
        lambda d: [save(d / "a.npz", X=GOOD), "--columns", "a,b"],
        r"--columns names columns of a table, .* leave it out \(got 'a', 'b'\)",
    ),
    "key of a table": (
        lambda d: [table(d, f"a,b,c\n{ROWS}"), "--key", "X"],
        r"--key names a part of a file of several data sets",
    ),
    "size of no images": (
        lambda d: ["digits", "--image-size", "16"],
        r"--image-size is the size of images from a folder, and digits is none",
    ),
    "code size": (
        lambda d: [save(d / "a.npz", X=GOOD), "--code-size", "7"],
        r"--code-size must be in 1\.\.6 .*got 7",
    ),
    "code too narrow to draw": (
        lambda d: ["digits", "--encoder", "simple", "--embedding", "pca", "--code-size", "1"],
        r"the pca embedding .* at least 2 numbers; the code size of the simple encoder is 1",
    ),
    "unknown option": (lambda d: ["digits", "--epoch", "3"], r"--epoch"),
    "wrong number": (lambda d: ["digits", "--epochs", "many"], r"many"),
    "negative epochs": (lambda d: ["digits", "--epochs", "-1"], r"--epochs .*at least 1, got -1"),
    "unknown encoder": (lambda d: ["digits", "--encoder", "x"], r"one of .*deep, .*got 'x'"),
    "missing config": (lambda d: ["--config", str(d / "no.toml")], r"no\.toml"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_clear_line(case, tmp_path, capfd, monkeypatch):
    make, message = CASES[case]
    data = tmp_path / "data"
    data.mkdir()
    words = make(data)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert main(["report", *words]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    lines = told(err)
    assert len(lines) == 1, err
    assert lines[0].startswith("aeviz: ")
    assert "Traceback" not in err
    assert re.search(message, lines[0]), lines[0]
    assert list(here.iterdir()) == []


def test_output_folder_that_cannot_be_written(tmp_path, capfd):
    source = save(tmp_path / "a.npz", X=GOOD)
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        assert main(["report", source, "--out", str(out)]) == 2
        (err,) = told(capfd.readouterr().err)
        assert "--out must be a folder that can be written" in err


def test_output_folder_that_holds_something_else(tmp_path, capfd):
    source = save(tmp_path / "a.npz", X=GOOD)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "precious.txt").write_text("mine")
    assert main(["report", source, "--out", str(tmp_path / "out")]) == 2
    assert "--force writes into it all the same" in capfd.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["precious.txt"]


def test_debug_shows_where_an_error_came_from(tmp_path):
    with pytest.raises(FileNotFoundError):
        main(["report", str(tmp_path / "no.npz"), "--debug"])


@pytest.mark.parametrize("words", [["render"], ["render", "nowhere"], ["nonsense"], ["list", "x"]])
def test_other_commands_tell_too(words, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    (err,) = told(capfd.readouterr().err)
    assert err.startswith("aeviz: ")
