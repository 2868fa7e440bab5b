"""Test what a report makes of a table of all kinds of columns, and of data in memory."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from aeviz import AevizError, run_report, train_model
from aeviz.cli._main import main
from aeviz.report._live_page import live_page
from aeviz.runs.run import Run

N = 60
SMALL = {"encoder": ("pca",), "embedding": ("pca",)}


@pytest.fixture(scope="module")
def people():
    """Give a table with numbers, categories, ids and labels of three kinds."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(N, 4)), columns=list("abcd"))
    return frame.assign(
        town=rng.choice(["Ulm", "Bonn", "Jena"], N),
        kind=np.where(frame["a"] > 0, "high", "low"),
        age=rng.normal(40, 9, N),
        group=np.where(np.arange(N) % 7 == 0, np.nan, np.arange(N) % 4),
        ticket=[f"T{i:03d}" for i in range(N)],
    )


@pytest.fixture(scope="module")
def run(people, tmp_path_factory):
    out = tmp_path_factory.mktemp("sources") / "run"
    return run_report(people, label=["kind", "age", "group"], out=str(out), **SMALL)


def test_a_report_of_a_data_frame(run, people):
    assert run.settings["source"] == "the DataFrame of 60 × 9"
    assert run.data.feature_names == ["a", "b", "c", "d", "town=Bonn", "town=Jena", "town=Ulm"]
    assert run.data.further_labels == ["age", "group"]
    assert run.report_path.is_file()
    table = run.embeddings
    assert table["sample_id"].tolist() == people["ticket"].tolist()
    assert table["label"].tolist() == people["kind"].tolist()
    np.testing.assert_allclose(table["label_age"], people["age"])
    np.testing.assert_allclose(table["label_group"], people["group"])


def test_the_page_colours_by_further_labels(run):
    columns = {column["key"]: column for column in live_page(run).manifest["columns"]}
    assert list(columns)[:4] == ["label", "label age", "label group", "split"]
    assert columns["label age"]["kind"] == "values"
    assert columns["label age"]["group"] == "label"
    assert columns["label age"]["low"] == pytest.approx(run.embeddings["label_age"].min())
    assert columns["label group"]["kind"] == "classes"
    assert len({column["title"] for column in columns.values()}) == len(columns)


def test_the_plan_of_a_run_is_kept(run):
    plan = {column.name: column.use for column in run.data.plan}
    assert plan["ticket"] == "id"
    assert plan["town"] == "feature"
    assert plan["kind"] == plan["age"] == "label"
    assert Run(run.path).data.plan == run.data.plan


def test_another_further_label_redoes_no_fit(run, people, capsys):
    before = {record.name: record.key for record in run.steps}
    again = run_report(people, label=["kind", "age"], drop=["group"], out=str(run.path), **SMALL)
    after = {record.name: record.key for record in again.steps}
    redone = {name for name in after if after[name] != before[name]}
    assert redone == {"prepare", "tabulate", "render"}
    assert "label_group" not in again.embeddings.columns
    run_report(people, label=["kind", "age", "group"], out=str(run.path), **SMALL)


def test_labels_of_an_array_come_with_it(people, tmp_path):
    X = people[list("abcd")].to_numpy()
    labels = people["kind"].to_numpy()
    made = run_report(X, labels=labels, out=str(tmp_path / "run"), **SMALL)
    assert made.embeddings["label"].tolist() == labels.tolist()
    sparse = scipy.sparse.csr_array(np.where(X > 0, X, 0))
    made = run_report(sparse, labels=labels, sample=40, out=str(tmp_path / "sparse"), **SMALL)
    assert made.data.n_samples == 40
    with pytest.raises(AevizError, match="59 labels for 60 samples"):
        run_report(X, labels=labels[1:], out=str(tmp_path / "no"), **SMALL)
    assert not (tmp_path / "no").exists()


def test_a_label_of_very_many_values(people, tmp_path):
    frame = people[list("abcd")].assign(who=[f"person {i % 45}" for i in range(N)])
    made = run_report(frame, label="who", out=str(tmp_path / "run"), **SMALL)
    assert len(made.data.class_names) == 45
    assert made.report_path.is_file()


def test_a_model_of_a_mixed_table_takes_later_tables(people, tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people.to_csv("people.csv", index=False)
    train_model("people.csv", "pca", label="kind", drop="age,group", code_size=3, out="model")
    later = people.iloc[:1, ::-1].drop(columns=["kind", "age"]).assign(town="Kiel")
    later.to_parquet("later.parquet")
    assert main(["encode", "model", "later.parquet", "-o", "codes.csv", "-q"]) == 0
    codes = pd.read_csv("codes.csv")
    assert codes["sample_id"].tolist() == ["T000"]
    assert codes.shape == (1, 4)
