"""Test what `aeviz benchmark` says of a slip, what it prints, and what its help loads."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from aeviz.cli._main import main
from tests._runs import digits
from tests.cli._lines import told

CASES = {
    "no source": ([], r"no SOURCE given; expected bundled names"),
    "no such source": (["nowhere.npz"], r"nowhere\.npz does not exist; expected a file or"),
    "one of two": (["few.npz", "nowhere.npz"], r"nowhere\.npz"),
    "unknown encoder": (["few.npz", "--encoder", "deeper"], r"--encoder must be .* got 'deeper'"),
    "unknown embedding": (["few.npz", "--embedding", "x"], r"--embedding must be .* got 'x'"),
    "no seeds": (["few.npz", "--seeds", "0"], r"--seeds must be .* at least 1[,;] got 0"),
    "no budget": (["few.npz", "--budget", "0"], r"--budget must be .* minutes above 0[,;] got 0"),
    "negative": (["few.npz", "--budget", "-3"], r"--budget must be .* above 0[,;] got -3"),
    "narrow": (["few.npz", "--code-size", "1"], r"--code-size must be at least 2 .* got 1"),
    "no size": (["few.npz", "--code-size", "0"], r"--code-size must be .* at least 1[,;] got 0"),
    "wide": (["few.npz", "--code-size", "65"], r"--code-size must be in 1\.\.64 .* got 65"),
    "no column": (["few.npz", "--label", "kind"], r"label names a column of a table"),
    "folder": (["few.npz", "-o", "."], r"--out must be a new or empty folder .* benchmark"),
    "images": (["table.csv", "--encoder", "convolutional"], r"convolutional .* images only"),
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in a folder with a file of images and a table."""
    few = digits(60)
    np.savez(tmp_path / "few.npz", X=few.X.reshape(-1, 8, 8).astype(np.uint8), y=few.y)
    rows = np.random.default_rng(0).normal(size=(60, 3))
    np.savetxt(tmp_path / "table.csv", rows, delimiter=",", header="a,b,c", comments="")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", CASES)
def test_one_clear_line(case, here, capfd):
    words, message = CASES[case]
    assert main(["benchmark", *words]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    (line,) = told(err)
    assert line.startswith("aeviz: ")
    assert re.search(message, line), line
    assert not (here / "reports").exists()


def test_it_ends_with_verdicts_and_the_page(here, capfd):
    words = ["few.npz", "--encoder", "pca", "--embedding", "pca", "--embedding", "tsne", "-q"]
    assert main(["benchmark", *words, "--seeds", "2", "--code-size", "3"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert "against PCA of the same code size" in lines[0]
    assert re.search(r"few, original data: better in \d+ of \d+ comparisons", lines[1])
    assert lines[-1].endswith("report.html")
    assert (here / "reports" / "benchmark" / "report.html").is_file()


def test_interrupting_it_says_what_is_kept(here, capfd, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("aeviz.benchmark.run.run_benchmark_settings", interrupted)
    assert main(["benchmark", "few.npz"]) == 130
    assert "the same command goes on from there" in capfd.readouterr().err


def test_help_loads_nothing_that_costs():
    program = (
        "import sys\nfrom aeviz.cli._main import main\nmain(['benchmark', '--help'])\n"
        "print({name.split('.')[0] for name in sys.modules} "
        "& {'tensorflow', 'keras', 'umap', 'numba', 'matplotlib', 'pandas', 'sklearn', 'scipy'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "set()"
