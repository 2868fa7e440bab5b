"""Test what the Tab key gives, and the scripts that ask for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aeviz.cli._main import main
from aeviz.core.registry import EMBEDDINGS, ENCODERS


def completed(line, folder):
    """Return what bash is told for the last word of a line, as (type, value)."""
    words = line.split(" ")
    environment = {
        "_AEVIZ_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    program = (
        f"import os, sys; os.environ.update({environment!r}); sys.argv = ['aeviz']\n"
        "from aeviz.cli._main import main\n"
        "try:\n    main()\nfinally:\n"
        "    assert not {'numpy', 'pandas', 'rich'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=folder
    )
    assert done.stderr == ""
    return [tuple(row.split(",", 1)) for row in done.stdout.splitlines()]


def plain(*names):
    return [("plain", name) for name in names]


CASES = {
    "aeviz re": plain("reconstruct", "render", "report"),
    "aeviz report dig": plain("digits", "digits.csv"),
    "aeviz report tab": [("file", "tab")],
    "aeviz report digits --encoder ": plain(*ENCODERS.names()),
    "aeviz report digits --encoder pca,res": plain("pca,residual"),
    "aeviz report digits --embedding ": plain(*EMBEDDINGS.names()),
    "aeviz report digits --on-missing d": plain("drop"),
    "aeviz train digits --encoder va": plain("variational"),
    "aeviz score digits p.npy --metric trust": plain("trustworthiness"),
    "aeviz list for": plain("formats"),
    "aeviz report digits --qui": plain("--quick", "--quiet"),
    "aeviz render rep": [("dir", "rep")],
    "aeviz report --config set": [("file", "set")],
}


@pytest.mark.parametrize("line", CASES)
def test_the_tab_key_gives_names_and_files(line, tmp_path):
    (tmp_path / "digits.csv").touch()
    assert sorted(completed(line, tmp_path)) == sorted(CASES[line])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert f"_AEVIZ_COMPLETE={shell}_complete" in script
    assert 'string split ","' not in script


def test_the_script_of_bash_is_one(capsys):
    assert main(["completion", "bash"]) == 0
    subprocess.run(["bash", "-n"], input=capsys.readouterr().out, text=True, check=True)


def test_another_shell_is_refused(capsys):
    assert main(["completion", "tcsh"]) == 2
    assert "must be one of bash, zsh, fish; got 'tcsh'" in capsys.readouterr().err
