"""Test whole runs as a user starts them: in a process of their own, from a wheel, on real data."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

ROOT = Path(__file__).resolve().parents[1]
AEVIZ = [sys.executable, "-m", "aeviz"]


def run(*words: str | Path, **options) -> subprocess.CompletedProcess:
    """Run the command line and return what it printed."""
    command = [*AEVIZ, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Give a file of 300 digits."""
    digits = load_digits()
    path = tmp_path_factory.mktemp("data") / "few.npz"
    np.savez(path, X=digits.images[:300].astype(np.uint8), y=digits.target[:300])
    return path


@pytest.mark.slow
def test_same_command_gives_the_same_scores_in_another_process(few, tmp_path):
    for out in "ab":
        words = ["--epochs", "2", "--embedding", "tsne", "--seeds", "2"]
        done = run("report", few, "-o", tmp_path / out, *words)
        assert done.returncode == 0, done.stderr
    first, second = ((tmp_path / out / "scores.json").read_bytes() for out in "ab")
    assert first == second


@pytest.mark.slow
def test_digits_end_to_end(tmp_path):
    """A whole run of digits: progress on stderr, table and path on stdout, good scores."""
    done = run("report", "digits", "--seeds", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "reports" / "digits"
    assert done.stdout.strip().endswith(f"report: {(folder / 'report.html').as_uri()}")
    assert "Does the residual autoencoder beat PCA here? " in done.stdout
    assert "trustworthiness" in done.stdout
    first, *lines, last = done.stderr.splitlines()
    assert first == "reading digits"
    assert not [line for line in lines if not line.startswith("[")]
    assert re.fullmatch(r"\d+ steps done in .*", last)
    rows = json.loads((folder / "scores.json").read_text())["rows"]
    value = {
        (r["encoder"], r["embedding"], r["stage"], r["metric"]): r["value"]
        for r in rows
        if r["k"] in (None, 10)
    }
    assert value["residual", "tsne", "data-to-embedding", "knn_accuracy"] > 0.96
    assert value["residual", "umap", "data-to-embedding", "trustworthiness"] > 0.97
    assert value["residual", None, "data-to-code", "knn_accuracy"] > 0.95
    assert value["variational", "latent", "data-to-embedding", "knn_accuracy"] > 0.65

    again = run("render", folder)
    assert again.returncode == 0
    assert again.stdout.strip() == f"report: {(folder / 'report.html').as_uri()}"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["usps.npz", "pendigits.npz", "mnist.npz"])
def test_real_data_make_reports(shared_data, tmp_path, name):
    source = shared_data(name)
    words = ["--sample", "1000", "--epochs", "3", "--seeds", "1"]
    done = run("report", source, "-o", tmp_path / "run", *words)
    assert done.returncode == 0, done.stderr
    card = json.loads((tmp_path / "run" / "data" / "data.json").read_text())
    assert card["n_samples"] == 1000
    assert (card["image_shape"] is None) == (name == "pendigits.npz")
    assert (tmp_path / "run" / "report.html").stat().st_size > 200_000


def finished_steps(folder):
    """Return the names of the finished steps of a run, which may not have begun."""
    path = folder / "run.json"
    if not path.exists():
        return []
    return [step["name"] for step in json.loads(path.read_text()).get("steps", [])]


@pytest.mark.slow
def test_ctrl_c_keeps_finished_steps(few, tmp_path):
    command = [*AEVIZ, "report", str(few), "-o", str(tmp_path / "run"), "--epochs", "5000"]
    command += ["--encoder", "pca", "--encoder", "deep", "--embedding", "pca"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and len(finished_steps(tmp_path / "run")) < 2:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)
    assert process.returncode == 130, rest
    assert "interrupted; finished steps are kept" in rest
    assert "Traceback" not in rest
    assert finished_steps(tmp_path / "run") == ["prepare", "encode pca"]
    assert not list((tmp_path / "run").rglob("*partial*"))


@pytest.mark.slow
def test_wheel_holds_everything_that_a_report_needs(few, tmp_path):
    """The wheel is built, put where nothing else of the project is, and run from there."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        needed = ("templates/report.html", "templates/report.css", "static/report.js")
        assert {f"aeviz/page/{name}" for name in needed} <= names
        foreign = ("tests/", "scripts/", "aeviz/report/web/")
        assert not [name for name in names if name.startswith(foreign)]
        archive.extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    code = "import aeviz; print(aeviz.__file__)"
    where = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert str(tmp_path / "site") in where.stdout
    words = ["report", few, "-o", tmp_path / "run", "--encoder", "pca", "--embedding", "pca"]
    done = run(*words, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "report.html").is_file()
