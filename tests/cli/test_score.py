"""Test ``aeviz score``: what it prints and writes, and how it refuses."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA

from aeviz import evaluate
from aeviz.cli._main import main
from tests.cli._lines import told


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Give a folder with the iris flowers, their plane, and a plane of the digits."""
    folder = tmp_path_factory.mktemp("score")
    iris = load_iris()
    plane = PCA(2, random_state=0).fit_transform(iris.data)
    table = pd.DataFrame(iris.data, columns=["a", "b", "c", "d"])
    table.assign(kind=iris.target_names[iris.target]).to_csv(folder / "iris.csv", index=False)
    np.save(folder / "X.npy", iris.data)
    np.savez(folder / "X.npz", X=iris.data, y=iris.target)
    np.save(folder / "kinds.npy", iris.target_names[iris.target])
    np.save(folder / "plane.npy", plane)
    np.savez(folder / "plane.npz", X=plane)
    pd.DataFrame(plane, columns=["x", "y"]).to_csv(folder / "plane.csv", index=False)
    pd.DataFrame(
        {"sample_id": range(150), "label": "?", "x": plane[:, 0], "y": plane[:, 1]}
    ).to_csv(folder / "ours.csv", index=False)
    digits = load_digits()
    np.save(folder / "digits.npy", PCA(2, random_state=0).fit_transform(digits.data))
    return folder


def scored(files, capfd, *words):
    """Return what is printed for some words, their paths taken in the folder."""
    paths = [
        str(files / w) if re.search(r"\.(csv|tsv|parquet|npy|npz|json)$", w) else w for w in words
    ]
    assert main(["score", *paths, "-q"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


def values(text):
    """Return the printed values by metric, and neighbourhood size where one is printed."""
    found = re.finditer(r"^(\w+(?: +\d+)?) +(-?\d+\.\d+) +(?:\S+ \.\. |none)", text, re.M)
    return {" ".join(one[1].split()): float(one[2]) for one in found}


@pytest.mark.parametrize("plane", ["plane.npy", "plane.npz", "plane.csv", "ours.csv"])
@pytest.mark.parametrize(
    "data", [["iris.csv", "--label", "kind"], ["X.npy", "--labels-file", "kinds.npy"], ["X.npz"]]
)
def test_every_format_gives_the_scores_of_evaluate(files, capfd, data, plane):
    text = scored(files, capfd, data[0], plane, *data[1:])
    iris = load_iris()
    expected = evaluate(iris.data, np.load(files / "plane.npy"), iris.target)
    names = expected["metric"] + (" " + expected["k"].astype("string")).fillna("")
    expected = expected.set_index(names)
    printed = values(text)
    assert list(printed) == list(names)
    for name, value in printed.items():
        assert value == pytest.approx(expected.loc[name, "value"], abs=6e-5)
    assert "150 samples, 150 evaluated; from 4 numbers to 2" in text
    line = next(line for line in text.splitlines() if line.startswith("knn_accuracy"))
    assert line.split()[-2:] == ["higher", f"{expected.loc['knn_accuracy 10', 'baseline']:.4f}"]
    assert re.search(r"^stress .* lower *$", text, re.M)
    left_out = "columns that are no coordinates: sample_id, label\n"
    assert (left_out in text) == (plane == "ours.csv")


def test_bundled_names_and_choices(files, capfd):
    words = ["--metric", "stress", "--metric", "silhouette", "--n-evaluated", "100", "--seed", "3"]
    text = scored(files, capfd, "digits", "digits.npy", *words, "--k", "5")
    digits = load_digits()
    expected = evaluate(
        digits.data,
        np.load(files / "digits.npy"),
        digits.target,
        metrics=["stress", "silhouette"],
        n_neighbors=5,
        n_evaluated=100,
        random_state=3,
    )
    assert list(values(text)) == ["stress", "silhouette"]
    assert values(text)["stress"] == pytest.approx(expected["value"][0], abs=6e-5)
    assert "1,797 samples, 100 evaluated; from 64 numbers to 2" in text


def test_metrics_of_a_named_size_can_be_chosen_and_have_a_direction(files, capfd):
    """`--metric` refused them, and the table left their direction empty."""
    text = scored(files, capfd, "X.npy", "plane.npy", "--metric", "trustworthiness_k30")
    expected = evaluate(
        load_iris().data, np.load(files / "plane.npy"), metrics=["trustworthiness_k30"]
    )
    printed = values(text)
    assert list(printed) == ["trustworthiness 30"]
    assert printed["trustworthiness 30"] == pytest.approx(expected["value"][0], abs=6e-5)
    assert re.search(r"^trustworthiness +30 .* higher *$", text, re.M)


def test_columns_can_be_chosen(files, capfd):
    text = scored(files, capfd, "X.npy", "ours.csv", "--column", "y", "--metric", "stress")
    assert "from 4 numbers to 1" in text
    expected = evaluate(load_iris().data, np.load(files / "plane.npy")[:, 1:], metrics=["stress"])
    assert values(text)["stress"] == pytest.approx(expected["value"][0], abs=6e-5)
    assert "in the data" not in text


def test_ids_are_no_features_and_no_coordinates(files, capfd, tmp_path):
    """An Id of 1 to 150 was a feature, and outweighed the others."""
    iris, plane = load_iris(), np.load(files / "plane.npy")
    table = pd.DataFrame(iris.data, columns=list("abcd"))
    table.insert(0, "Id", range(1, 151))
    table.assign(note="x").to_csv(tmp_path / "iris.csv", index=False)
    points = pd.DataFrame({"id": range(150), "x": plane[:, 0], "y": plane[:, 1]})
    points.to_csv(tmp_path / "points.csv", index=False)
    words = [str(tmp_path / "iris.csv"), str(tmp_path / "points.csv"), "--drop", "note"]
    text = scored(files, capfd, *words, "--metric", "stress")
    assert "from 4 numbers to 2" in text
    assert "'Id' left out, as ids." in text
    assert "columns that are no coordinates: id\n" in text
    expected = evaluate(iris.data, plane, metrics=["stress"])["value"][0]
    assert values(text)["stress"] == pytest.approx(expected, abs=6e-5)


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """Give a folder with a table of cells, and their plane in that order and in another."""
    folder = tmp_path_factory.mktemp("cells")
    rng = np.random.default_rng(0)
    y = np.arange(120) % 4
    X = rng.normal(size=(120, 6)) + np.eye(4, 6)[y] * 6
    ids = [f"cell_{i:03d}" for i in range(120)]
    table = pd.DataFrame(X, columns=list("abcdef"))
    table.insert(0, "cell_id", ids)
    table.assign(type=np.array(list("wxyz"))[y]).to_csv(folder / "data.csv", index=False)
    np.save(folder / "X.npy", X)
    plane = pd.DataFrame(PCA(2, random_state=0).fit_transform(X), columns=["x", "y"])
    plane.insert(0, "cell_id", ids)
    plane.to_csv(folder / "same.csv", index=False)
    other = plane.sample(frac=1, random_state=1)
    other.to_csv(folder / "other.csv", index=False)
    other.to_csv(folder / "other.tsv", index=False, sep="\t")
    other.set_index("cell_id").to_parquet(folder / "other.parquet")
    other.rename(columns={"cell_id": "Barcode"}).to_csv(folder / "named.csv", index=False)
    numbered = other.assign(sample_id=other.index).drop(columns="cell_id")
    numbered.to_csv(folder / "numbered.csv", index=False)
    other.drop(columns="cell_id").to_csv(folder / "no_ids.csv", index=False)
    labels = table[["cell_id"]].assign(type=np.array(list("wxyz"))[y], age=y / 3)
    labels.sample(frac=1, random_state=2).to_csv(folder / "labels.csv", index=False)
    return folder


METRICS_OF_CELLS = ["--metric", "trustworthiness", "--metric", "knn_accuracy"]


@pytest.mark.parametrize("name", ["other.csv", "other.tsv", "other.parquet", "named.csv"])
def test_rows_are_matched_by_ids(cells, capfd, name):
    """Rows in another order were scored by place: knn_accuracy 0.2 in place of 1."""
    data = str(cells / "data.csv")
    expected = values(scored(cells, capfd, data, "same.csv", "--label", "type", *METRICS_OF_CELLS))
    assert expected["knn_accuracy 10"] > 0.9
    path = str(cells / name)
    text = scored(cells, capfd, data, path, "--label", "type", *METRICS_OF_CELLS)
    assert values(text) == expected
    assert f"The rows of {path} were matched by the ids of {data}." in text
    chosen = scored(
        cells,
        capfd,
        data,
        path,
        "--label",
        "type",
        "--column",
        "x",
        "--column",
        "y",
        *METRICS_OF_CELLS,
    )
    assert values(chosen) == expected


def test_numbers_of_rows_are_followed_where_the_data_have_no_ids(cells, capfd):
    expected = values(scored(cells, capfd, "X.npy", "same.csv", "--metric", "stress"))
    text = scored(cells, capfd, "X.npy", "numbered.csv", "--metric", "stress")
    assert values(text) == expected
    assert "are the numbers of rows in another order" in text


def test_rows_without_ids_are_taken_in_their_order_and_that_is_said(cells, capfd):
    text = scored(cells, capfd, "data.csv", "no_ids.csv", "--label", "type", *METRICS_OF_CELLS)
    assert values(text)["knn_accuracy 10"] < 0.6
    assert "paired by place with the rows of" in text
    assert "paired by place" not in scored(cells, capfd, "X.npy", "X.npy", "--metric", "stress")


def test_labels_of_a_table_are_matched_too(cells, capfd):
    expected = values(
        scored(cells, capfd, "data.csv", "same.csv", "--label", "type", *METRICS_OF_CELLS)
    )
    table = pd.read_csv(cells / "data.csv").drop(columns="type")
    table.to_csv(cells / "bare.csv", index=False)
    words = ["--labels-file", str(cells / "labels.csv"), "--label", "type", *METRICS_OF_CELLS]
    assert values(scored(cells, capfd, "bare.csv", "other.csv", *words)) == expected


def test_reconstructions_are_scored_too(files, capfd):
    text = scored(files, capfd, "X.npy", "X.npy", "--metric", "reconstruction_error")
    assert values(text) == {"reconstruction_error": 0.0}


def test_files_hold_what_is_printed(files, capfd, tmp_path):
    for suffix in ("csv", "json"):
        out = tmp_path / "new" / f"scores.{suffix}"
        text = scored(files, capfd, "X.npz", "plane.npy", "-o", str(out))
        assert text.endswith(f"scores: {out}\n")
    table = pd.read_csv(tmp_path / "new" / "scores.csv")
    assert list(table.columns)[:5] == ["metric", "k", "value", "low", "high"]
    content = json.loads((tmp_path / "new" / "scores.json").read_text())
    assert content["schema"] == 2
    assert (content["n_samples"], content["n_components"], content["seed"]) == (150, 2, 0)
    pd.testing.assert_frame_equal(pd.DataFrame(content["rows"]), table, rtol=1e-12)


def test_progress_goes_to_stderr(files, capfd):
    assert main(["score", str(files / "X.npy"), str(files / "plane.npy")]) == 0
    assert "2 steps done in" in capfd.readouterr().err


def saved(path, values):
    np.save(path, values)
    return str(path)


def written(path, text):
    path.write_text(text)
    return str(path)


PLANE = np.random.default_rng(0).normal(size=(150, 2))
HOLED = np.where(np.arange(300).reshape(150, 2) == 7, np.nan, PLANE)
CASES = {
    "other number of rows": (
        lambda d: ["X.npy", saved(d / "e.npy", PLANE[:149])],
        r"X\.npy has 150 rows and .*e\.npy 149; accepted: the same samples in the same order",
    ),
    "NaN": (lambda d: ["X.npy", saved(d / "e.npy", HOLED)], r"e\.npy holds 1 NaN or infinite"),
    "NaN in the data": (
        lambda d: [saved(d / "x.npy", HOLED), "plane.npy"],
        r"x\.npy holds 1 NaN or infinite values; accepted: finite numbers$",
    ),
    "text array": (
        lambda d: ["X.npy", saved(d / "e.npy", PLANE.astype(str))],
        r"e\.npy holds .*; accepted: real numbers",
    ),
    "text column": (
        lambda d: ["X.npy", written(d / "e.csv", "x,y\n" + "1,a\n" * 150)],
        r"e\.csv has a column that holds text: 'y' \(for example 'a'\); accepted: numbers$",
    ),
    "only names": (
        lambda d: ["X.npy", written(d / "e.csv", "sample_id,label\n" + "1,2\n" * 150)],
        r"e\.csv has the columns sample_id, label only, .*--column NAME",
    ),
    "no such column": (
        lambda d: ["X.npy", "plane.csv", "--column", "z"],
        r"column 'z' is not in .*plane\.csv; its columns are 'x', 'y'",
    ),
    "column named twice": (
        lambda d: ["X.npy", "plane.csv", "--column", "x", "--column", "x"],
        r"--column must name each column once; got 'x' 2 times",
    ),
    "unknown metric of a size": (
        lambda d: ["X.npy", "plane.npy", "--metric", "stress_k30"],
        r"metric must be one of .*; got 'stress_k30'",
    ),
    "size of a metric": (
        lambda d: ["X.npy", "plane.npy", "--metric", "continuity_k75"],
        r"continuity_k75 must be in 1\.\.74 .*, got 75",
    ),
    "column of an array": (
        lambda d: ["X.npy", "plane.npy", "--column", "x"],
        r"--column names columns of a table, and .*plane\.npy has no named columns",
    ),
    "other ids": (
        lambda d: [
            written(d / "a.csv", "id,p,q\n" + "".join(f"s{i},{i},{i * i}\n" for i in range(20))),
            written(d / "b.csv", "id,x,y\n" + "".join(f"s{i},{i},1\n" for i in range(2, 22))),
        ],
        r"2 ids only in .*a\.csv \(such as 's0' and 's1'\) and 2 ids only in .*b\.csv \(such as",
    ),
    "missing data": (lambda d: ["no.npy", "plane.npy"], r"no\.npy does not exist"),
    "missing embedding": (lambda d: ["X.npy", str(d / "no.csv")], r"no\.csv does not exist"),
    "name for an embedding": (lambda d: ["X.npy", "digits"], r"no file .*digits"),
    "empty embedding": (lambda d: ["X.npy", written(d / "e.csv", "")], r"e\.csv is empty"),
    "unknown suffix": (lambda d: ["X.npy", written(d / "e.xyz", "1")], r"\.csv, .*\.npy, \.npz"),
    "text data": (lambda d: ["iris.csv", "plane.npy"], r"'kind' .*--label NAME"),
    "other number of labels": (
        lambda d: ["X.npy", "plane.npy", "--labels-file", saved(d / "y.npy", np.arange(9))],
        r"9 labels for 150 samples",
    ),
    "unknown metric": (
        lambda d: ["X.npy", "plane.npy", "--metric", "trust"],
        r"metric must be one of .*, continuity, .*; got 'trust'",
    ),
    "label metric without labels": (
        lambda d: ["X.npy", "plane.npy", "--metric", "knn_accuracy"],
        r"knn_accuracy needs labels of at least two classes among .*, got fewer or none",
    ),
    "too many neighbours": (
        lambda d: ["X.npy", "plane.npy", "--k", "75"],
        r"n_neighbors must be in 1\.\.74 .*, got 75",
    ),
    "too many evaluated": (
        lambda d: ["X.npy", "plane.npy", "--n-evaluated", "151"],
        r"n_evaluated must be in 1\.\.150 .*, got 151",
    ),
    "no number": (lambda d: ["X.npy", "plane.npy", "--k", "few"], r"few"),
    "output": (
        lambda d: ["X.npy", "plane.npy", "-o", str(d / "s.txt")],
        r"--out must end in one of \.csv, \.json; got '\.txt'",
    ),
    "one argument": (lambda d: ["X.npy"], r"EMBEDDING"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_clear_line(case, files, tmp_path, capfd, monkeypatch):
    make, message = CASES[case]
    words = make(tmp_path)
    before = sorted(tmp_path.iterdir())
    monkeypatch.chdir(files)
    assert main(["score", *words, "-q"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    lines = told(err)
    assert len(lines) == 1, err
    assert lines[0].startswith("aeviz: ")
    assert re.search(message, lines[0]), lines[0]
    assert sorted(tmp_path.iterdir()) == before


def test_samples_without_a_label_are_in_no_score_of_labels(files, capfd, tmp_path):
    kinds = np.load(files / "kinds.npy").astype(object)
    frame = pd.read_csv(files / "iris.csv").assign(
        kind=np.where(np.arange(150) % 5 == 0, "", kinds)
    )
    frame.to_csv(tmp_path / "gaps.csv", index=False)
    words = ["--label", "kind", "--metric", "knn_accuracy,trustworthiness", "-o"]
    out = tmp_path / "scores.csv"
    paths = [str(tmp_path / "gaps.csv"), str(files / "plane.npy")]
    assert main(["score", *paths, *words, str(out), "-q"]) == 0
    table = pd.read_csv(out).set_index("metric")
    assert table.loc["knn_accuracy", "n_evaluated"] == 120
    assert table.loc["trustworthiness", "n_evaluated"] == 150
    capfd.readouterr()


def test_the_data_may_be_read_with_options(files, capfd):
    """Ids could not be named, nor a text table told how it is written."""
    table = pd.read_csv(files / "iris.csv").assign(plant=np.arange(150) * 7 % 150 + 0.5)
    plane = pd.read_csv(files / "plane.csv").assign(plant=table["plant"])
    plane[::-1].to_csv(files / "turned.csv", index=False)
    table.to_csv(files / "marks.csv", index=False, sep="!", decimal=",")
    options = ["--id", "plant", "--delimiter", "!", "--decimal", "comma"]
    words = ["marks.csv", "turned.csv", "--label", "kind", "--metric", "knn_accuracy"]
    expected = scored(files, capfd, "iris.csv", "plane.csv", *words[2:])
    assert values(scored(files, capfd, *words, *options)) == values(expected)
