"""Test ``aeviz train``: the folder that it leaves, what it says, and what it refuses."""

from __future__ import annotations

import json
import re

import pytest

from aeviz import Model
from aeviz.cli._main import main

PCA = ["train", "digits", "--encoder", "pca", "--sample", "100", "-q"]


def lines_of(capfd):
    out, err = capfd.readouterr()
    return out.strip().splitlines(), err.strip().splitlines()


def test_model_of_a_network_is_written_and_summarised(tmp_path, capfd, eager):
    out = tmp_path / "deep" / "model"
    words = [
        "train",
        "digits",
        "--encoder",
        "denoising",
        "--sample",
        "150",
        "--epochs",
        "2",
        "--code-size",
        "6",
        "-q",
    ]
    own = ["--set", "hidden_sizes=[9]", "--set", "noise=masking", "--set", "network=dense"]
    assert main([*words, *own, "-o", str(out)]) == 0
    printed, err = lines_of(capfd)
    assert err == []
    assert printed[0] == "denoising encoder of digits: 64 features, a code of 6"
    assert re.fullmatch(r"trained on 120 samples in [\d.]+ s, 2 epochs", printed[1])
    assert printed[2] == "on 30 test samples, values in [0, 1]:"
    assert re.fullmatch(r"  cross-entropy: 0\.\d{4} nats per feature", printed[3])
    assert printed[4].startswith("  mean squared error: ")
    assert "once restored" in printed[5]
    assert printed[6] == f"model: {out}"
    assert sorted(path.name for path in out.iterdir()) == ["encoder", "model.json"]
    assert [path.name for path in out.parent.iterdir()] == ["model"]
    content = json.loads((out / "model.json").read_text())
    assert content["schema"] == 1
    assert content["data"]["n_train"] == 120
    assert "with masking noise of strength 0.5 on them" in content["loss"]
    assert content["architecture"].startswith("64 → 9 → 6 and back, ")
    params = Model.load(out).encoder.get_params()
    assert (params["hidden_sizes"], params["noise"]) == ((9,), "masking")


def test_variational_model_tells_the_parts_of_its_bound(tmp_path, capfd, eager):
    words = [
        "train",
        "digits",
        "--encoder",
        "variational",
        "--sample",
        "100",
        "--epochs",
        "1",
        "-q",
    ]
    assert main([*words, "--set", "hidden_sizes=[4]", "-o", str(tmp_path / "m")]) == 0
    text = capfd.readouterr().out
    for name in ("reconstruction", "Kullback-Leibler", "negative ELBO", "active units"):
        assert f"  {name}: " in text


def test_settings_file_serves_and_options_overrule_it(tmp_path, capfd, eager):
    (tmp_path / "s.toml").write_text(
        'source = "digits"\nsample = 100\nencoder = ["deep", "pca"]\ncode_size = 9\n'
        "[params.deep]\nhidden_sizes = [4]\npatience = 3\nepochs = 1\n"
    )
    words = ["train", "--config", str(tmp_path / "s.toml"), "--encoder", "deep", "-q"]
    own = ["--code-size", "3", "--set", "patience=5", "-o", str(tmp_path / "m")]
    assert main([*words, *own]) == 0
    params = Model.load(tmp_path / "m").encoder.get_params()
    assert (params["code_size"], params["patience"], params["hidden_sizes"]) == (3, 5, (4,))


def test_a_model_is_replaced_and_what_else_a_folder_holds_stays(tmp_path, capfd):
    out = tmp_path / "m"
    assert main([*PCA, "--code-size", "2", "-o", str(out)]) == 0
    (out / "codes.csv").write_text("mine")
    assert main([*PCA, "--code-size", "3", "-o", str(out)]) == 0
    assert Model.load(out).card.code_size == 3
    assert (out / "codes.csv").read_text() == "mine"


def test_a_folder_of_something_else_is_refused_and_forced(tmp_path, capfd):
    (tmp_path / "precious.txt").write_text("mine")
    assert main([*PCA, "-o", str(tmp_path)]) == 2
    _, (line,) = lines_of(capfd)
    assert "earlier model" in line
    assert "--force writes into it all the same" in line
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]
    assert main([*PCA, "-o", str(tmp_path), "--force"]) == 0
    assert (tmp_path / "precious.txt").read_text() == "mine"
    assert Model.load(tmp_path).card.kind == "pca"


def test_the_codes_width_is_given_to_every_kind(tmp_path):
    """It was taken as a report's, whose latent plane has two dimensions whatever is asked."""
    words = ["train", "digits", "--encoder", "variational", "--sample", "60", "--epochs", "1", "-q"]
    assert main([*words, "--code-size", "3", "-o", str(tmp_path / "m")]) == 0
    assert Model.load(tmp_path / "m").card.code_size == 3


SLIPS = {
    "no encoder": (["digits", "-o", "m"], r"--encoder"),
    "unknown encoder": (
        ["digits", "--encoder", "x", "-o", "m"],
        r"one of convolutional, .*got 'x'",
    ),
    "no source": (["--encoder", "pca", "-o", "m"], r"no SOURCE given"),
    "no assignment": (["digits", "--encoder", "pca", "-o", "m", "--set", "a"], r"NAME=VALUE.*'a'"),
    "unknown parameter": (
        ["digits", "--encoder", "deep", "-o", "m", "--set", "a=1"],
        r"unknown key 'a'; accepted: activation, ",
    ),
    "wrong value": (
        ["digits", "--encoder", "pca", "-o", "m", "--set", "code_size=many"],
        r"params\.pca: code_size must be an integer.*'many'",
    ),
    "code too wide": (
        ["digits", "--encoder", "pca", "-o", "m", "--code-size", "65"],
        r"--code-size must be in 1\.\.64",
    ),
    "code wider than there are samples": (
        ["digits", "--encoder", "pca", "-o", "m", "--code-size", "30", "--sample", "20"],
        r"--code-size must be in 1\.\.16 \(the training samples, for the pca encoder, of digits\)",
    ),
    "out is a file": (
        ["digits", "--encoder", "pca", "-o", "file"],
        r"--out must be a folder that can be written; file cannot be: file is a file",
    ),
    "out below a file": (["digits", "--encoder", "pca", "-o", "file/m"], r"file is a file"),
    "log within the model": (
        ["digits", "--encoder", "deep", "-o", "m", "--tensorboard", "m/log"],
        r"--tensorboard must be outside the model's folder m, .*got m/log",
    ),
    "nothing to log": (
        ["digits", "--encoder", "pca", "-o", "m", "--tensorboard", "log"],
        r"--tensorboard logs the training of networks",
    ),
}


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_ends_in_one_line_and_nothing_written(case, tmp_path, capfd, monkeypatch):
    words, message = SLIPS[case]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert main(["train", *words, "-q"]) == 2
    printed, err = lines_of(capfd)
    assert printed == []
    assert len(err) == 1
    assert re.search(message, err[0]), err[0]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
