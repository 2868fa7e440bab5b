"""Test what `aeviz tutorial` says of a slip, and the table that it ends with."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from aeviz.cli._main import main
from aeviz.cli.tutorial import _print_summary
from aeviz.tutorial.chapters.base import KINDS, Results
from aeviz.tutorial.folder import TutorialFolder
from tests.cli._lines import told

ROOT = Path(__file__).resolve().parents[2]

CASES = {
    "scale of zero": (["--epochs-scale", "0"], r"--epochs-scale must be .* above 0[,;] got 0"),
    "negative scale": (["--epochs-scale", "-1"], r"--epochs-scale .* above 0[,;] got -1"),
    "no number": (["--epochs-scale", "nan"], r"--epochs-scale .* above 0[,;] got nan"),
    "text": (["--epochs-scale", "half"], r"half"),
    "negative seed": (["--seed", "-1"], r"--seed must be .* at least 0[,;] got -1"),
    "no folder": (["--data-dir", "nowhere"], r"data folder must be an existing folder"),
    "no data": ([], r"mnist is not in .*keras.*datasets \(a file mnist\.npz .*data.dir"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_clear_line(case, tmp_path, capfd, monkeypatch):
    words, message = CASES[case]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    # Whatever would be downloaded is refused on this very machine.
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert main(["tutorial", "--out", "out", *words]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    # Keras's own notice of a download goes where the command line, run by itself, hides it.
    lines = [line for line in told(err) if not line.startswith("Downloading data from")]
    (line,) = lines
    assert line.startswith("aeviz: ")
    assert re.search(message, line), line
    assert not (tmp_path / "out").exists()


def test_final_table(tmp_path, capsys):
    numbers = {
        "published": {"epochs": 5, "test": 0.1234, "seconds": 1.0},
        "ours": {"epochs": 3, "test": 0.0987, "seconds": 1.0},
    }
    folder = TutorialFolder(tmp_path)
    folder.begin({})
    folder.save_results("overview", Results({"models": dict.fromkeys(KINDS, numbers)}))
    _print_summary(folder)
    lines = capsys.readouterr().out.splitlines()
    (simple,) = [line for line in lines if line.startswith("simple")]
    assert simple.split()[1:7] == ["5", "of", "50", "0.1022", "0.1234", "0.0987"]
    assert "not comparable" in simple
    assert [line.split()[0] for line in lines[2:-1]] == list(KINDS)
    assert lines[-1] == f"report: {(tmp_path / 'report.html').as_uri()}"


def test_script_is_there_and_sound():
    script = ROOT / "scripts" / "tutorial"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
