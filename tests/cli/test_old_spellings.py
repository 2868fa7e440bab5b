"""Test that commands as version 0.1.0 spelt them still work."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz.cli._main import COMMANDS, main
from aeviz.cli._old_spellings import renewed

CALLS = [
    ["score", "X.npy", "E.npy", "--labels", "y.npy", "--n-neighbors", "5"],
    ["transform", "run", "new.npy", "-o", "new.csv", "--picture", "pca_tsne", "--head"],
    ["report", "run", "--add", "a.csv", "--add=b.csv", "--label", "kind"],
    ["report", "X.npy", "--labels=y.npy"],
    *(
        [name, "X.npy", *more, "--labels", "y.npy"]
        for name, more in [
            ("train", ["--encoder", "pca", "-o", "model"]),
            ("benchmark", []),
            ("inspect", []),
        ]
    ),
]


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_former_options_are_understood(words):
    name, *rest = renewed(words)
    COMMANDS.get(name).make_context(name, rest)


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_help_shows_the_new_spellings_only(words, capsys):
    former = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert main([words[0], "--help"]) == 0
    shown = capsys.readouterr().out.split()
    assert not former & {*shown} - {"--label", "--encoder"}


def test_former_options_do_the_same(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    X = np.random.default_rng(0).normal(size=(40, 3))
    np.save("X.npy", X)
    np.save("E.npy", X[:, :2])
    np.save("y.npy", np.arange(40) % 2)
    printed = []
    for words in (["--labels", "y.npy", "--n-neighbors=5"], ["--labels-file=y.npy", "--k", "5"]):
        assert main(["score", "X.npy", "E.npy", "-q", *words]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
