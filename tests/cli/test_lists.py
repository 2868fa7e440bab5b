"""Test lists with commas, the common parameters of embeddings, and a report's last lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aeviz.cli._main import COMMANDS, main
from aeviz.cli._printing import print_data_notes, print_page
from tests.cli._lines import told


def parsed(*words):
    return COMMANDS.get(words[0]).make_context(words[0], list(words[1:])).params


def test_lists_take_commas_and_repetition_alike():
    commas = parsed("report", "x.csv", "--encoder", "deep,pca", "--label", 'a, "b, cm"')
    repeated = parsed("report", "x.csv", "--encoder", "deep", "--encoder", "pca", "--label", "a,")
    assert commas["encoder"] == repeated["encoder"] == ("deep", "pca")
    assert commas["label"] == ("a", "b, cm")
    assert repeated["label"] == ("a",)
    score = parsed("score", "a", "b", "--metric", "stress,pearson", "--column", "x,y")
    assert (score["metrics"], score["columns"]) == (("stress", "pearson"), ("x", "y"))


REFUSED = {
    "of no embedding": (
        ["--embedding", "pca", "--min-dist", "0.3"],
        "--min-dist is a parameter of parametric_umap and umap, and the embeddings are pca; "
        "leave it out, or choose another embedding",
    ),
    "twice": (
        ["--perplexity", "9", "--set", "tsne.perplexity=8"],
        "--perplexity and --set tsne.perplexity=8 say it twice; leave one out",
    ),
    "too small": (
        ["--n-neighbors", "1"],
        "--n-neighbors must be a whole number of at least 2; got 1",
    ),
    "no number": (
        ["--perplexity", "many"],
        "--perplexity must be a number of at least 1; got 'many'",
    ),
    "choice": (
        ["--on-missing", "imput"],
        "--on-missing must be one of impute, drop, error; got 'imput'; did you mean 'impute'?",
    ),
    "option": (
        ["--n-neighbours", "5"],
        "there is no option --n-neighbours; did you mean '--n-neighbors'?",
    ),
    "strange option": (["--zzz"], "there is no option --zzz; aeviz report --help lists them"),
    "value is missing": (
        ["--label"],
        "--label is given without a value; aeviz report --help explains it",
    ),
    "second source": (
        ["iris"],
        "got unexpected extra argument (iris); aeviz report --help explains it",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_slip_is_told_in_a_line(case, capfd):
    words, message = REFUSED[case]
    assert main(["report", "digits", *words]) == 2
    assert told(capfd.readouterr().err) == [f"aeviz: {message}"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["train", "digits"],
            "--encoder is missing; usage: aeviz train --encoder NAME --out MODEL",
        ),
        (["encode", "m"], "SOURCE is missing; usage: aeviz encode MODEL SOURCE --out FILE"),
        (["repotr"], "command must be one of 16 names; got 'repotr'; did you mean 'report'"),
        (
            ["score", "digits", "x.npy", "--metric", "stress,trustworthines_k30"],
            "--metric must be one of 29 names; got 'trustworthines_k30'; did you mean 'trustworth",
        ),
        (["completion"], "SHELL is missing; usage: aeviz completion SHELL"),
        (["list", "metric"], "KIND must be one of encoders,"),
    ],
)
def test_what_is_missing_is_told_with_the_usage(words, message, capfd):
    assert main(words) == 2
    (line,) = told(capfd.readouterr().err)
    assert line.startswith(f"aeviz: {message}")


def test_a_report_ends_with_the_verdict_the_data_and_a_link(tmp_path, monkeypatch, capfd):
    """The path was relative, and nothing was said of what had been done to the data."""
    table = "".join(f"s{i},{i % 7},{i * i % 11},{'' if i == 3 else i % 5}\n" for i in range(60))
    (tmp_path / "t.csv").write_text("id,a,b,c\n" + table)
    opener = tmp_path / "opener"
    opener.write_text(f"#!/bin/sh\necho $1 > {tmp_path}/opened\n")
    opener.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(opener))
    monkeypatch.chdir(tmp_path)
    words = ["t.csv", "--encoder", "pca", "--embedding", "pca", "--open", "--quick"]
    words += ["--on-missing", "impute", "--title", "My <first> map", "-o", "my run"]
    assert main(["report", *words]) == 0
    out, err = capfd.readouterr()
    page = tmp_path / "my run" / "report.html"
    assert re.fullmatch(r"\d+ steps done in .*", told(err)[-1])
    lines = out.splitlines()
    assert lines[-1] == f"report: {page.as_uri()}"
    assert "my%20run" in lines[-1]
    assert "1 missing value" in out
    assert "This run has no autoencoder, so it cannot say whether an autoencoder" in out
    assert (tmp_path / "opened").read_text().strip() == page.as_uri()
    html = " ".join(page.read_text().split())
    for text in ("<title>My &lt;first&gt; map", "Quick first page", "This is a quick first page"):
        assert text in html
    settings = json.loads((page.parent / "run.json").read_text())["settings"]
    assert (settings["sample"], settings["epochs"], settings["seeds"]) == (2000, 20, 1)
    rows = json.loads((page.parent / "scores.json").read_text())["rows"]
    metrics = {row["metric"] for row in rows}
    assert "trustworthiness" in metrics
    assert not metrics & {"nonmetric_stress", "gmm_ari", "svm_accuracy", "lcmc"}
    assert {row["k"] for row in rows} <= {10, None}


def test_of_many_notes_a_handful_is_printed(capsys):
    print_data_notes([f"Note {i}." for i in range(15)])
    out = capsys.readouterr().out
    assert "\n  Note 11.\n  and 3 more notes on the page\n" in out
    assert "Note 12" not in out


def test_a_link_is_absolute(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    print_page("report", Path("a b.html"))
    assert capsys.readouterr().out == f"report: {tmp_path.as_uri()}/a%20b.html\n"
