"""Test ``aeviz inspect``: it shows what a report would do, and trains and writes nothing."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import numpy as np
import pytest

from aeviz import load_dataset
from aeviz.cli._main import main
from aeviz.core.memory import memory_limit
from aeviz.settings import PreparationOptions, ReadingOptions
from tests.cli._lines import told

N = 24
COLUMNS = {
    "PassengerId": [str(i + 1) for i in range(N)],
    "age": [str(20 + i % 7) for i in range(N)],
    "fare": [f"{i * 1.5:.2f}" for i in range(N)],
    "port": ["S", "C", "Q"] * 8,
    "name": [f"Passenger with the number {i}" for i in range(N)],
    "boarded": [f"1912-04-{i + 1:02d}" for i in range(N)],
    "ship": ["Titanic"] * N,
    "survived": ["yes", "no"] * 12,
}


@pytest.fixture
def passengers(tmp_path, monkeypatch):
    """Give a table of all kinds of columns, in the current folder."""
    monkeypatch.chdir(tmp_path)
    rows = [COLUMNS.keys(), *zip(*COLUMNS.values(), strict=True)]
    (tmp_path / "t.csv").write_text("\n".join(map(";".join, rows)))
    return tmp_path


MEMORY = "about SIZE at most; a machine of N GB"


def printed(capfd, *words):
    assert main(["inspect", *words]) == 0
    out, err = capfd.readouterr()
    assert told(err) == []
    return out


EXPECTED = """\
t.csv: csv
  samples         24
  features        4
  missing         none
  labels          2 classes
  further label   fare: continuous, from 0 to 34.5
  split           a fifth held out at random, in proportion from every class
  scaling         every feature to mean 0 and variance 1 over the training samples
  memory          about SIZE at most; a machine of N GB is enough
  time            about N minutes on 2 cores (by what runs of other shapes took; networks may stop earlier)
8 columns:
  PassengerId  id                      kept aside as the samples' ids (unique whole numbers, named like ids)
  age          number                  a feature
  fare         number                  label (to colour by)
  port         category, 3 values      3 features, one per value: C, Q, S
  name         text, 24 values         no feature, shown with its sample (text of 24 values; encoded are 20 or fewer that repeat)
  boarded      date                    no feature, shown with its sample (a date; columns takes it as days)
  ship         constant                left out: one value only
  survived     category                label
"""  # noqa: E501 - as it is printed


def test_every_column_has_its_role_and_its_fate(passengers, capfd):
    out = printed(capfd, "t.csv", "--label", "survived", "--label", "fare")
    out = re.sub(r"about [\d.]+ [GM]B at most; a machine of \d+ GB", MEMORY, out)
    out = re.sub(r"(about \d+ minutes?|less than a minute) on", "about N minutes on", out)
    assert out.startswith(EXPECTED)
    assert out.endswith("a report would run\n")
    assert "label takes one as the label" not in out
    assert [path.name for path in passengers.iterdir()] == ["t.csv"]


def test_json_says_the_same(passengers, capfd):
    words = ["t.csv", "--label", "survived", "--columns", "age,port", "--drop", "name,ship"]
    found = json.loads(printed(capfd, *words, "--json"))
    assert (found["schema"], found["format"], found["n_samples"], found["n_features"]) == (
        1,
        "csv",
        24,
        4,
    )
    fates = {column["name"]: column["fate"] for column in found["columns"]}
    assert fates["age"] == "a feature"
    assert fates["name"] == "left out: in drop"
    assert fates["fare"] == "left out: not in columns"
    dataset = load_dataset("t.csv", label="survived", columns=["age", "port"])
    assert dataset.n_features == found["n_features"]
    assert found["stopped"] is None


def test_what_would_stop_a_report_is_told(passengers, capfd):
    X = np.random.default_rng(0).normal(size=(30, 4))
    X[3, 1:3] = np.nan
    np.save("x.npy", X)
    out = printed(capfd, "x.npy", "--on-missing", "error")
    assert "  missing         2 values in 1 row\n" in out
    assert "a report would stop: x.npy has 2 NaN or infinite values in column 1 (1)" in out
    assert "scaling" not in out
    out = printed(capfd, "x.npy", "--on-missing", "drop")
    assert "  1 row with missing values left out.\n" in out
    assert out.endswith("a report would run\n")


def test_images_and_their_split(passengers, capfd):
    X = np.random.default_rng(0).integers(0, 255, (30, 5, 4), dtype=np.uint8)
    y = np.arange(30) % 3
    np.savez("x.npz", x_train=X[:20], y_train=y[:20], x_test=X[20:], y_test=y[20:])
    out = printed(capfd, "x.npz")
    assert "  images          5 × 4 pixels (height × width), grey\n" in out
    assert "  split           the source's own: 20 to train, 10 held out\n" in out
    assert "  labels          3 classes\n" in out
    assert "columns" not in out
    assert printed(capfd, "digits").startswith("digits: bundled\n  samples         1,797\n")


def test_its_help_has_every_option_of_data(capfd):
    out = printed(capfd, "--help")
    for item in (*fields(ReadingOptions), *fields(PreparationOptions)):
        usual = f"--{item.name.replace('_', '-')}"
        assert item.name == "source" or f"  {item.metadata.get('option', usual)} " in out
    assert "--json" in out


def test_what_cannot_be_read_ends_in_one_line(passengers, capfd):
    for words in (["no.csv"], ["t.csv", "--label", "no"], ["t.csv", "--columns", "no"]):
        assert main(["inspect", *words]) == 2
        out, err = capfd.readouterr()
        assert out == ""
        assert len(told(err)) == 1


def test_names_from_a_file_cannot_break_lines(passengers, capfd):
    rows = "".join(f"{i},{i % 3}\n" for i in range(12))
    (passengers / "t.csv").write_text('"a\n\x1b[31mb",c\n' + rows)
    assert "\n  a  [31mb  number  " in printed(capfd, "t.csv")


def counts(n_features=60):
    rng = np.random.default_rng(0)
    return rng.poisson(rng.gamma(0.2, 2.0, n_features), (50, n_features))


def test_raw_counts_are_told_and_what_is_done_to_them(passengers, capfd):
    np.save("x.npy", counts())
    out = printed(capfd, "x.npy")
    assert "  The values look like raw counts: whole numbers up to" in out
    out = printed(capfd, "x.npy", "--transform", "counts", "--top-features", "20")
    assert "raw counts" not in out
    assert "  scaling         every sample to the median total of the training samples (" in out
    assert "  Kept the 20 of 60 features that vary most" in out


def test_what_a_report_refuses_to_prepare_stops_it(passengers, capfd):
    np.save("x.npy", counts() - 1.0)
    out = printed(capfd, "x.npy", "--transform", "log1p")
    assert "a report would stop: transform=log1p takes values of at least 0" in out


def test_it_refuses_what_a_report_would_not_have_the_memory_for(passengers, capfd):
    np.save("x.npy", counts())
    with memory_limit(200 * 10**6):
        out = printed(capfd, "x.npy")
    assert re.search(r"a report would stop: \w+ \w+: needs about .* are available", out)
    assert "  memory " not in out


def test_the_forecast_depends_on_what_is_asked_for(passengers, capfd):
    np.save("x.npy", counts())
    words = ["x.npy", "--json", "--encoder", "deep"]
    short, long = (
        json.loads(printed(capfd, *words, "--epochs", str(epochs)))["forecast"]
        for epochs in (1, 2000)
    )
    assert long["seconds"] > short["seconds"] + 3
    assert short["machine_gb"] in (2, 4, 8, 16)
    without = json.loads(printed(capfd, *words[:2], "--encoder", "pca"))["forecast"]
    assert without["peak_bytes"] <= short["peak_bytes"]
