"""Test that new samples are kept with a finished run, and nothing of the run changes."""

from __future__ import annotations

import json
import logging
import shutil

import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError, Run, add_samples, load_dataset, run_report
from aeviz.cli._main import main
from aeviz.core.memory import Need
from aeviz.pipeline.add_samples import _folder_name
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.runs.new_samples import Added
from aeviz.runs.steps import StepRecord
from tests._listener import Listener
from tests._runs import add_to, digits, make_run, table

SMALL = {"encoder": ["pca"], "embedding": ["tsne"]}
PAIRS = (("pca", "tsne"), ("identity", "pca"))


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Give a folder with three files of digits: fitted, new and more."""
    folder = tmp_path_factory.mktemp("digits")
    found = load_dataset("digits")
    for name, rows in (("old", slice(0, 150)), ("new", slice(150, 180)), ("more", slice(180, 200))):
        X = found.X[rows].reshape(-1, 8, 8)
        np.savez(folder / f"{name}.npz", X=X, y=found.y[rows].astype(int))
    return folder


@pytest.fixture(scope="module")
def finished(sources, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "old"
    return run_report(sources / "old.npz", out=out, **SMALL)


@pytest.fixture
def run(finished, tmp_path):
    return Run(shutil.copytree(finished.path, tmp_path / "run"))


def steps(run):
    return [one["name"] for one in json.loads(run.info_path.read_text())["steps"]]


@pytest.mark.slow
def test_new_samples_are_a_step_of_the_run_and_nothing_else_changes(run, sources, capsys):
    kept = ("embeddings.parquet", "scores.json", "embeddings/pca_tsne/points.npy")
    before = [(run.path / name).read_bytes() for name in kept]
    words = ["add", str(run.path), str(sources / "new.npz"), str(sources / "more.npz")]
    assert main(words) == 0
    assert [(run.path / name).read_bytes() for name in kept] == before
    assert "more: 20 new samples in 2 embeddings" in capsys.readouterr().out
    assert steps(run)[-3:] == ["add new", "add more", "render"]
    more, new = Added.all(run)
    assert (more.name, len(more.table), new.name, len(new.table)) == ("more", 20, "new", 30)
    result = OutOfSampleTransformer(run).transform(
        load_dataset(str(sources / "new.npz"), is_to_fit=False)
    )
    pd.testing.assert_frame_equal(new.table, result.table, check_dtype=False)
    assert new.code("pca").shape == (30, np.asarray(run.code("pca")).shape[1])
    page = run.report_path.read_text()
    assert "New samples" in page
    # They are taken away with their folder.
    shutil.rmtree(run.added_path / "new")
    shutil.rmtree(run.added_path / "more")
    assert main(["render", str(run.path), "-q"]) == 0
    assert "that came after the run" not in run.report_path.read_text()


@pytest.mark.slow
def test_the_same_source_again_takes_its_own_place(run, sources, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    path = folder / "new.npz"
    shutil.copy(sources / "new.npz", path)
    for _ in range(2):
        listener = Listener()
        add_samples(run, path, draws_report=False, progress=listener)
    assert listener.kept == ["add new"]
    # Another way of reading and other content are done again; another source stands beside.
    listener = Listener()
    add_samples(run, path, sample=20, draws_report=False, progress=listener)
    assert listener.done == ["load", "add new"]
    assert [(one.name, len(one.table)) for one in Added.all(run)] == [("new", 20)]
    np.savez(path, **{**np.load(sources / "more.npz")})
    add_samples(run, path, draws_report=False)
    add_samples(run, sources / "new.npz", draws_report=False)
    assert [(one.name, len(one.table)) for one in Added.all(run)] == [("new", 20), ("new-2", 30)]
    add_samples(run, load_dataset(str(sources / "more.npz")).X, draws_report=False)
    assert len(Added.all(run)) == 3


@pytest.mark.slow
def test_a_run_that_is_fitted_anew_places_them_anew_or_drops_them(run, sources, tmp_path, caplog):
    path = tmp_path / "new.npz"
    shutil.copy(sources / "new.npz", path)
    add_samples(run, path, draws_report=False)
    add_samples(run, load_dataset(str(sources / "more.npz")).X, draws_report=False)
    former = {one.name: one.table for one in Added.all(run)}
    listener = Listener()
    run_report(sources / "old.npz", out=run.path, progress=listener, **SMALL)
    assert {f"add {name}" for name in former} <= set(listener.kept)
    assert listener.done == ["render"]

    changed = {**SMALL, "params": {"tsne": {"perplexity": 5}}}
    with caplog.at_level(logging.WARNING, logger="aeviz"):
        run_report(sources / "old.npz", out=run.path, **changed)
    (new,) = Added.all(Run(run.path))
    assert new.name == "new"
    assert (new.table["pca_tsne_x"] != former["new"]["pca_tsne_x"]).any()
    result = OutOfSampleTransformer(Run(run.path)).transform(
        load_dataset(str(path), is_to_fit=False)
    )
    np.testing.assert_array_equal(new.table["pca_tsne_x"], result.table["pca_tsne_x"])
    (message,) = [one.getMessage() for one in caplog.records if "dropped" in one.getMessage()]
    assert message.endswith("they cannot be transformed again: they were given in memory")
    assert [name for name in steps(run) if name.startswith("add ")] == ["add new"]

    path.unlink()
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="aeviz"):
        run_report(sources / "old.npz", out=run.path, **SMALL)
    assert Added.all(Run(run.path)) == []
    assert "there is no file" in caplog.text


@pytest.mark.slow
def test_tables_bring_their_texts_and_labels(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(120, 3)), columns=list("abc")).assign(
        kind=np.where(rng.random(120) > 0.5, "x", "y"),
        name=[f"the very long name of number {i}" for i in range(120)],
        secret=[f"something about somebody, case {i}" for i in range(120)],
    )
    frame[:90].to_csv(tmp_path / "old.csv", index=False)
    # Other columns, in another order, and one category only.
    frame[90:].assign(kind="x")[["secret", "name", "c", "kind", "b", "a"]].to_csv(
        tmp_path / "new.csv", index=False
    )
    run = run_report(
        tmp_path / "old.csv", out=tmp_path / "run", label="kind", drop=["secret"], **SMALL
    )
    assert list(run.annotations) == ["name"]
    assert run.annotations["name"][0] == "the very long name of number 0"
    add_samples(run, tmp_path / "new.csv", label="kind", draws_report=False)
    (one,) = Added.all(run)
    assert list(one.annotations) == ["name"]
    assert one.annotations["name"].iloc[-1].endswith("119")
    assert one.info["label_kind"] == "classes"
    assert {row["n"] for row in one.info["agreement"]} == {30}
    (tmp_path / "bad.csv").write_text("a,b\n" + "1,2\n" * 12)
    before = sorted(path.name for path in run.added_path.iterdir())
    with pytest.raises(AevizError, match=r"bad\.csv lacks 'c'"):
        add_samples(run, tmp_path / "bad.csv")
    assert sorted(path.name for path in run.added_path.iterdir()) == before


# -- what cannot be ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere"], "nowhere does not exist; expected the folder of a run"),
        ([], "NEWDATA... is missing; usage: aeviz add RUN NEWDATA..."),
        (["run", "--epochs", "3"], "there is no option --epochs"),
        (["run", "-o", "there"], "there is no option -o"),
        (["run", "--force"], "there is no option --force"),
        (["unfinished"], "unfinished is an unfinished run: it has no data/data.json"),
        (["run", "--label", "kind"], "--label names a column of a table"),
    ],
)
def test_what_cannot_be_is_one_line(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    np.save("new.npy", np.zeros((12, 9)))
    if "--label" in words:
        make_run(tmp_path / "run", table(40), pairs=PAIRS)
    if words == ["unfinished"]:
        Run("unfinished").path.mkdir()
        Run("unfinished").begin({})
    assert main(["add", *words, "new.npy", "-q"]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert told in lines[0]


def test_settings_that_make_a_run_are_refused(tmp_path):
    with pytest.raises(
        AevizError, match=r"transformed by a run as it is, and epochs would change it"
    ):
        add_samples(tmp_path, "digits", epochs=3)


def test_the_samples_of_the_run_itself_are_no_new_ones(sources, finished):
    """They agreed with themselves."""
    with pytest.raises(AevizError, match=r"old holds the run's own samples; accepted: others"):
        add_samples(finished, sources / "old.npz")


def test_what_does_not_fit_in_memory_is_told_before_it_is_placed(tmp_path, monkeypatch):
    """Only `aeviz transform` asked how much memory there is."""
    run = make_run(tmp_path / "run", digits(60), pairs=PAIRS)
    few, many = (OutOfSampleTransformer(run).need(digits(n)).n_bytes for n in (10, 200))
    assert 0 < few < many
    monkeypatch.setattr(OutOfSampleTransformer, "need", lambda *_, **__: Need(1e18, 0, 1))
    with pytest.raises(AevizError, match=r"add digits: needs about .* of memory"):
        add_samples(run, "digits", sample=20, draws_report=False)
    assert not run.added_path.exists()


def test_a_run_that_cannot_be_written_is_told_as_such(tmp_path):
    """It was told as --out, which beside --add is refused."""
    run = make_run(tmp_path / "run", digits(60), pairs=PAIRS)
    (run.path / ".held").mkdir()  # stands in for a disk that is read-only
    with pytest.raises(
        AevizError, match=r"^the run must be a folder that can be written; .*run ca"
    ):
        add_samples(run, "digits", sample=20, draws_report=False)


def test_every_source_has_a_folder_of_its_own(tmp_path):
    fitted = digits(60)
    run = make_run(tmp_path / "run", fitted, pairs=PAIRS)
    assert _folder_name(run, "../a b", {"source": "x"}) == "a-b"
    assert _folder_name(run, "…", {"source": "x"}) == "samples"
    add_to(run, fitted, digits(12), "a")
    assert _folder_name(run, "other", {"source": "a"}) == "a"
    assert _folder_name(run, "a", {"source": "b"}) == "a-2"
    # What is being written, or was left by a process that was killed, is nothing yet.
    shutil.copytree(run.added_path / "a", run.added_path / ".b.partial-1")
    assert [one.name for one in Added.all(run)] == ["a"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", r"added\.json is damaged: it is not valid JSON .*; delete the folder .*a, and add"),
        ("[]", r"added\.json is damaged: its schema is None, expected 1"),
        ('{"schema": 9}', r"a later version of aeviz.*or delete the folder .*a, and add the sam"),
    ],
)
def test_damaged_and_later_ones_are_told(content, told, tmp_path):
    """They ended in a traceback of JSON, or of a key that was not there."""
    fitted = digits(60)
    run = make_run(tmp_path / "run", fitted, pairs=PAIRS)
    add_to(run, fitted, digits(12), "a")
    (run.added_path / "a" / "added.json").write_text(content)
    with pytest.raises(AevizError, match=told):
        Added.all(run)


def test_what_was_placed_before_a_run_was_fitted_anew_is_not_shown(tmp_path):
    """A run that was interrupted while it is fitted anew has old places beside new maps."""
    fitted = digits(60)
    run = make_run(tmp_path / "run", fitted, pairs=PAIRS)
    run.record(StepRecord("embed pca tsne", "one key", 1.0, 1))
    add_to(run, fitted, digits(12), "a")
    assert len(Added.all(run)) == 1
    run.record(StepRecord("embed pca tsne", "another key", 1.0, 1))
    assert Added.all(run) == []
    assert len(Added.kept(run)) == 1
    assert _folder_name(run, "a", {"source": "a"}) == "a"
