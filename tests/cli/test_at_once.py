"""Test that help and slips are answered before anything heavy is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"keras", "matplotlib", "numba", "numpy", "pandas", "pyarrow", "rich", "scipy", "sklearn"}
CALLS = {
    "help": ["--help"],
    "help of report": ["report", "--help"],
    "list": ["list"],
    "completion": ["completion", "zsh"],
    "mistyped command": ["reprt"],
    "mistyped option": ["report", "digits", "--epoch", "3"],
    "mistyped data set": ["report", "digts"],
    "mistyped file": ["inspect", "taple.csv"],
    "unknown suffix": ["report", "table.docx"],
    "mistyped label": ["report", "table.csv", "--label", "Spezies"],
    "mistyped column": ["train", "table.csv", "--encoder", "pca", "-o", "m", "--drop", "a,d"],
    "mistyped encoder": ["report", "digits", "--encoder", "depe"],
    "missing file of labels": ["report", "table.csv", "--labels-file", "y.npy"],
    "missing source of a benchmark": ["benchmark", "digits", "no.csv"],
    "missing run": ["transform", "out/no", "table.csv", "-o", "places.csv"],
    "missing model": ["encode", "no", "table.csv", "-o", "codes.csv"],
    "parameter of no embedding": ["report", "digits", "--embedding", "umap", "--perplexity", "9"],
}


def in_own_process(words, folder):
    """Run a command line that prints what it imported, last."""
    program = (
        "import sys\n"
        "from aeviz.cli._main import main\n"
        f"main({words!r})\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=folder
    )


@pytest.mark.parametrize("case", CALLS)
def test_it_is_answered_before_anything_heavy_is_imported(case, tmp_path):
    """A mistyped name took three seconds, in which pandas, Numba and matplotlib were imported."""
    (tmp_path / "table.csv").write_text("a,b,species\n1,2,x\n3,4,y\n")
    (tmp_path / "table.docx").write_text("")
    done = in_own_process(CALLS[case], tmp_path)
    assert not HEAVY & set(done.stdout.split("\n")[-2].split())
    is_slip = "missing" in case or "mistyped" in case or case.startswith(("unknown", "parameter"))
    assert len(done.stderr.splitlines()) == is_slip, done.stderr


def test_what_is_read_is_said_before_pandas_is_imported(tmp_path):
    (tmp_path / "table.csv").write_text("a,b\n" + "1,2\n3,5\n" * 20)
    program = (
        "import sys\n"
        "from aeviz.cli._progress import showing_progress\n"
        "with showing_progress('reading table.csv', quiet=False, verbose=True):\n"
        "    print(*sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == "reading table.csv\n"
    assert not HEAVY & set(done.stdout.split())
