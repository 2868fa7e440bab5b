"""Test the whole chain on 60 samples with PCA, a network of two epochs, and no slow embedding."""

from __future__ import annotations

import json

import pytest

from aeviz import Run, run_report
from aeviz.cli._main import main

OPTIONS = {
    "sample": 60,
    "epochs": 2,
    "encoder": ["pca", "simple"],
    "embedding": ["pca"],
    "seeds": 1,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return run_report("digits", out=tmp_path_factory.mktemp("fast") / "run", **OPTIONS)


def test_everything_that_a_run_leaves_is_there(run):
    for name in ("report.html", "run.json", "scores.json", "embeddings.parquet", "curves.npz"):
        assert (run.path / name).is_file()
    assert {path.name for path in (run.path / "encoders").iterdir()} == {"pca", "simple"}
    table = run.embeddings
    assert len(table) == 60
    for column in ("pca_pca_x", "pca_pca_y", "simple_pca_x", "simple_pca_y"):
        assert table[column].notna().all()


def test_every_pair_has_scores_at_every_stage(run):
    scores = run.scores
    for encoder in ("pca", "simple"):
        stages = set(scores[scores["encoder"] == encoder]["stage"])
        assert {"data-to-code", "code-to-embedding", "data-to-embedding"} <= stages
    inside = scores[scores["metric"] == "trustworthiness"]
    assert inside["value"].between(0, 1).all()


def test_the_page_has_a_card_of_every_method(run):
    text = run.report_path.read_text(encoding="utf-8")
    assert "<title>" in text
    assert "PCA" in text


def test_the_same_command_again_does_no_step(run, capsys):
    before = json.loads(run.info_path.read_text())["steps"]
    words = ["report", "digits", "-o", str(run.path), "--sample", "60", "--epochs", "2"]
    chosen = ["--encoder", "pca", "--encoder", "simple", "--embedding", "pca", "--seeds", "1"]
    assert main([*words, *chosen]) == 0
    after = json.loads(Run(run.path).info_path.read_text())["steps"]
    fitted = [[one for one in steps if one["name"] != "render"] for steps in (before, after)]
    assert fitted[0] == fitted[1]
    assert "report: " in capsys.readouterr().out
