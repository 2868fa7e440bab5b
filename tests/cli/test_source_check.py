"""Test what is said of slips in names, and that nothing that could be right is refused."""

from __future__ import annotations

import gzip
import re

import pandas as pd
import pytest

from aeviz.cli._source_check import check_folder, check_source
from aeviz.core.exceptions import AevizError

TABLE = "id;Species;body mass (g)\n1;x;2\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Give a folder with a table, as the current one."""
    (tmp_path / "penguins.csv").write_text(TABLE)
    (tmp_path / "notes.docx").write_text("x")
    with gzip.open(tmp_path / "packed.tsv.gz", "wt") as file:
        file.write("a\tb\n1\t2\n")
    (tmp_path / "wide.csv").write_text("größe,b\n1,2\n", encoding="utf-16")
    pd.DataFrame({"id": [1], "Species": ["x"]}).to_parquet(tmp_path / "penguins.parquet")
    (tmp_path / "damaged.parquet").write_text("PAR1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


SLIPS = {
    "data set": ("Digit", {}, r"^Digit does not exist; .* did you mean 'digits'\?$"),
    "file": ("pengiuns.csv", {}, r"did you mean 'penguins\.csv'\?$"),
    "nothing like it": ("zzzz", {}, r"aeviz list datasets and aeviz list formats"),
    "folder": ("no/such.csv", {}, r"^no/such\.csv does not exist"),
    "suffix": ("notes.docx", {}, r"^notes\.docx ends in \.docx, .*accepted: .*\.csv, .*\.npz"),
    "label": (
        "penguins.csv",
        {"label": ("Spezies",)},
        r"^column 'Spezies' is not in penguins\.csv; its columns are 'id', 'Species', "
        r"'body mass \(g\)'; did you mean 'Species'\?$",
    ),
    "label of Parquet": ("penguins.parquet", {"label": ("species",)}, r"did you mean 'Species'\?$"),
    "case": ("penguins.csv", {"label": ("species",)}, r"did you mean 'Species'\?$"),
    "group": ("penguins.csv", {"group": "island"}, r"^column 'island' is not in"),
    "packed": ("packed.tsv.gz", {"drop": ("c",)}, r"its columns are 'a', 'b'"),
    "labels": ("penguins.csv", {"labels": "penguin.csv"}, r"did you mean 'penguins\.csv'\?$"),
}


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_is_told_with_what_was_meant(case, here):
    source, options, message = SLIPS[case]
    with pytest.raises((AevizError, FileNotFoundError)) as caught:
        check_source(source, options)
    assert re.search(message, str(caught.value)), str(caught.value)


RIGHT = {
    "data set": ("Fashion-MNIST", {}),
    "column": ("penguins.csv", {"label": ("Species",), "drop": ("id", "body mass (g)")}),
    "name of a column without one": ("penguins.csv", {"drop": ("column 3", "Unnamed: 0")}),
    "second column of a name": ("penguins.csv", {"drop": ("id.1", "id_2")}),
    "name that is not ASCII": ("penguins.csv", {"label": ("größe",)}),
    "other line of names": ("penguins.csv", {"label": ("x",), "header": "none"}),
    "UTF-16": ("wide.csv", {"label": ("b",)}),
    "column of Parquet": ("penguins.parquet", {"label": ("Species",), "id": "id"}),
    "damaged Parquet": ("damaged.parquet", {"label": ("Species",)}),
    "standard input": ("-", {"label": ("a",)}),
    "too long a name": ("x" * 5_000, {}),
    "none": ("", {}),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_may_be_right_is_left_to_the_readers(case, here):
    check_source(*RIGHT[case])


def test_damaged_text_is_left_to_the_readers(here):
    (here / "cut.csv.gz").write_bytes(gzip.compress(b"a,b\n" * 900)[:20])
    check_source("cut.csv.gz", {"label": ("c",)})


def test_a_missing_folder_is_told(here):
    (here / "penguins").mkdir()
    check_folder("penguins", "run")
    with pytest.raises(FileNotFoundError, match=r"^penguin does not .* of a run; did you mean"):
        check_folder("penguin", "run")
