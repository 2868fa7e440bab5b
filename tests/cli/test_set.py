"""Test ``--set`` of ``report`` and ``benchmark``: parameters of single members."""

from __future__ import annotations

import json
import re

import pytest

from aeviz.cli._main import main

SMALL = ["digits", "--sample", "60", "--encoder", "regularized", "--epochs", "1", "-q"]
PLAIN = ["--embedding", "pca", "--embedding", "tsne"]
OWN = ["--set", "regularized.shift=0", "--set", "regularized.hidden_sizes=[8, 4]"]


def test_a_report_takes_parameters_of_members(tmp_path, capfd, eager):
    """Only a settings file could give them."""
    out = tmp_path / "run"
    own = [*OWN, "--set", "tsne.perplexity=5"]
    words = ["report", *SMALL, "--encoder", "pca", *PLAIN, *own, "-o", str(out)]
    assert main(words) == 0, capfd.readouterr().err
    params = json.loads((out / "encoders/regularized/params.json").read_text())["params"]
    assert (params["shift"], params["hidden_sizes"]) == (0, [8, 4])
    settings = json.loads((out / "run.json").read_text())["settings"]
    assert settings["params"]["tsne"] == {"perplexity": 5}
    page = " ".join((out / "report.html").read_text().split())
    # It said that the loss is the sum of reconstruction error and Kullback-Leibler divergence.
    assert "is the sum of" not in page
    told = "0.03 × Kullback-Leibler divergence of the code from a standard normal prior, in nats"
    # With the training, in the settings, and in the methods to paste.
    assert page.count(f"cross-entropy, summed over features + {told}") == 3
    assert "64 → 8 → 4 → 32 and back, " in page
    assert "linear: the first principal components and back" in page


@pytest.mark.slow
def test_a_benchmark_takes_parameters_of_members(tmp_path, capfd, eager):
    out = tmp_path / "bench"
    words = ["benchmark", *SMALL, "--embedding", "pca", "--seeds", "1", *OWN, "-o", str(out)]
    assert main(words) == 0, capfd.readouterr().err
    settings = json.loads((out / "benchmark.json").read_text())["settings"]
    assert settings["params"]["regularized"] == {"shift": 0, "hidden_sizes": [8, 4]}


SLIPS = {
    "no member": ("shift=0", r"--set must be MEMBER\.NAME=VALUE, for example .*got 'shift=0'"),
    "no value": ("regularized.shift", r"--set must be MEMBER\.NAME=VALUE"),
    "no such member": (
        "other.shift=0",
        r"one of .*regularized, .*tsne, which are used; got 'other\.shift=0'",
    ),
    "no such parameter": (
        "regularized.shifts=0",
        r"params\.regularized has the unknown key 'shifts'; accepted: .*shift",
    ),
    "no such parameter of an embedding": (
        "tsne.perplexities=9",
        r"params\.tsne has the unknown key 'perplexities'; accepted: .*perplexity",
    ),
}


@pytest.mark.parametrize("command", ["report", "benchmark"])
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_names_what_there_is(command, slip, tmp_path, capfd):
    word, message = SLIPS[slip]
    words = [command, *SMALL, "--encoder", "pca", *PLAIN, "--set", word]
    assert main([*words, "-o", str(tmp_path / "out")]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert re.search(message, line), line
    assert not (tmp_path / "out").exists()
