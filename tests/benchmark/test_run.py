"""Test what a benchmark leaves, what it keeps, and what it does where time or a run fails."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError, run_benchmark
from aeviz.benchmark._budget import Budget
from aeviz.benchmark._execution import Execution
from aeviz.benchmark._plan import Job, Plan
from aeviz.benchmark._section_scores import out_of_sample, scores
from aeviz.benchmark.folder import Benchmark
from aeviz.benchmark.run import _write
from aeviz.benchmark.settings import BenchmarkSettings
from aeviz.core.registry import METRICS
from aeviz.page.wording import fixed
from tests._listener import Listener
from tests._runs import digits
from tests.report.test_page import Page

# Without networks: t-SNE of few samples is what depends on a seed here.
SMALL = {
    "encoder": ("pca",),
    "embedding": ("pca", "tsne"),
    "code_size": 4,
    "params": {"tsne": {"n_iter": 20}},
}
RUNS = ["few: pca 4", "few: pca 4 pca", "few: identity", "few: identity pca"]


def tsne(encoder: str, *seeds: int) -> list[str]:
    """Return the names of an encoder's t-SNE runs."""
    return [f"few: {encoder} tsne seed {seed}" for seed in seeds]


FIRST_SEED = [*RUNS[:2], *tsne("pca 4", 0), *RUNS[2:], *tsne("identity", 0)]
SECOND_SEED = [*tsne("pca 4", 1), *tsne("identity", 1)]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Give a file of 120 digits with labels."""
    few = digits(120)
    path = tmp_path_factory.mktemp("data") / "few.npz"
    np.savez(path, X=few.X.reshape(-1, 8, 8).astype(np.uint8), y=few.y)
    return path


@pytest.fixture(scope="module")
def finished(source, tmp_path_factory):
    """Give a finished benchmark of two seeds, and what it said."""
    listener = Listener()
    out = tmp_path_factory.mktemp("benchmarks") / "few"
    return run_benchmark(source, out=out, seeds=2, progress=listener, **SMALL), listener


@pytest.fixture
def copied(finished, tmp_path):
    """Give a copy of the folder that a test may change."""
    shutil.copytree(finished[0].path, tmp_path / "few")
    return tmp_path / "few"


def done_again(source, out, **changes):
    """Return the runs that another benchmark does in a folder, up to the page."""
    sources = source if isinstance(source, list) else [source]
    settings = BenchmarkSettings.of(sources, **{"seeds": 2, **SMALL, **changes})
    plan, listener = Plan(settings), Listener()
    sizes = {name: int(one.prepared.is_train.sum()) for name, one in plan.sources.items()}
    execution = Execution(plan, Benchmark(out), listener, budget=Budget(None, sizes))
    execution.execute()
    assert (execution.left_out, execution.failed) == ([], {})
    _write(Benchmark(out), plan, execution)
    return listener.done


def test_pca_and_the_data_are_always_there_and_a_seed_of_all_comes_first(finished):
    benchmark, listener = finished
    assert listener.done == [*FIRST_SEED, *SECOND_SEED, "report"]
    assert benchmark.info["n_runs"] == 8
    assert benchmark.info["settings"]["encoder"] == ["pca", "identity"]


def test_it_leaves_what_it_promises(finished):
    benchmark, _ = finished
    info = json.loads((benchmark.path / "benchmark.json").read_text())
    assert info["schema"] == 1
    for name in ("settings", "versions", "device", "threads", "created", "datasets"):
        assert info[name], name
    assert (info["left_out"], info["failed"]) == ([], [])
    table = pd.read_csv(benchmark.path / "benchmark.csv")
    assert len(table) == len(info["rows"])
    assert list(table) == list(info["rows"][0])
    assert (table["seconds"] >= 0).all()
    names = {path.name for path in benchmark.path.iterdir()}
    assert names == {"benchmark.json", "benchmark.csv", "report.html", "figures", "cache"}
    assert not list(benchmark.path.rglob("*partial*"))


def test_test_samples_are_scored_separately(finished):
    rows = finished[0].rows
    of_each = rows.groupby("split")["n_evaluated"].unique()
    assert of_each["test"].tolist() == [24]
    assert of_each["train"].tolist() == [96]
    by_split = rows[rows["metric"] == "trustworthiness"].groupby("split").size()
    assert by_split["test"] == by_split["train"]


def test_what_no_seed_changes_is_run_once_and_says_so(finished):
    benchmark, _ = finished
    summary = benchmark.summary
    is_random = summary["embedding"] == "tsne"
    assert summary["is_random"].tolist() == is_random.tolist()
    assert set(summary[is_random]["n_seeds"]) == {2}
    assert set(summary[~is_random]["n_seeds"]) == {1}
    assert summary[is_random]["low"].notna().all()
    assert summary[~is_random]["low"].isna().all()
    assert benchmark.rows[benchmark.rows["embedding"] != "tsne"]["seed"].isna().all()


def test_mean_of_seeds_is_that_of_the_rows(finished):
    benchmark, _ = finished
    chosen = {"encoder": "identity", "embedding": "tsne", "metric": "stress", "split": "test"}
    rows, means = benchmark.rows, benchmark.summary
    for name, value in chosen.items():
        rows, means = rows[rows[name] == value], means[means[name] == value]
    assert len(rows) == 2
    (mean,) = means["value"]
    assert mean == pytest.approx(rows["value"].mean())


def test_raw_data_meet_pca_under_the_same_embedding(finished):
    table = finished[0].comparisons
    assert set(zip(table["encoder"], table["embedding"], strict=True)) == {("identity", "tsne")}
    assert set(table["verdict"]) <= {"better", "worse", "same", "none"}
    assert set(table["n_seeds"]) == {2}


def test_scores_of_labels_in_the_data_stand_beside(finished):
    rows = finished[0].rows
    of_data = rows[(rows["encoder"] == "identity") & (rows["stage"] == "data-to-code")]
    assert {"knn_accuracy", "silhouette"} <= set(of_data["metric"])
    assert "trustworthiness" not in set(of_data["metric"])


def test_page_tells_what_was_done(finished):
    benchmark, _ = finished
    page = Page(benchmark.report_path.read_text(encoding="utf-8"))
    ids = [attributes["id"] for attributes in page.all("section")]
    assert ids == ["overview", "differences", "costs", "out_of_sample", "scores", "methods"]
    assert "8 of 8 runs were made" in page.text
    assert "no seed" in page.text
    assert "2 seeds" in page.text
    assert (benchmark.figures_path / "cost_few_knn_accuracy.png").is_file()


def test_the_same_command_makes_nothing_again(source, copied):
    assert done_again(source, copied) == []


@pytest.mark.slow
def test_more_seeds_and_other_members_make_only_what_is_missing(source, copied):
    assert done_again(source, copied, seeds=3) == [*tsne("pca 4", 2), *tsne("identity", 2)]
    more = done_again(source, copied, code_size=[4, 6], seeds=1)
    # The data as they are meet another PCA, with the scores that they have.
    assert more == ["few: pca 6", "few: pca 6 pca", *tsne("pca 6", 0)]
    made = copied / "cache" / "made"
    assert len([path for path in made.iterdir() if path.is_dir()]) == 12
    assert done_again(source, copied, sample=100)
    assert done_again(source, copied) == []


def test_a_changed_parameter_makes_its_own_again(source, copied):
    again = done_again(source, copied, params={"tsne": {"n_iter": 21}})
    assert again == [*tsne("pca 4", 0), *tsne("identity", 0), *SECOND_SEED]


def test_equal_data_under_another_name_are_known(source, copied, tmp_path):
    shutil.copy(source, tmp_path / "many.npz")
    assert done_again(tmp_path / "many.npz", copied) == []
    both = [tmp_path / "many.npz", source]
    assert done_again(both, copied) == []
    assert len(Benchmark(copied).info["datasets"]) == 2


@pytest.mark.slow
def test_scores_are_the_same_elsewhere(source, finished, tmp_path):
    again = run_benchmark(source, out=tmp_path / "again", seeds=2, **SMALL)
    columns = [name for name in again.rows if name != "seconds"]
    pd.testing.assert_frame_equal(again.rows[columns], finished[0].rows[columns])


def test_a_stopped_benchmark_goes_on(source, tmp_path):
    stopped = Listener(stop_at=SECOND_SEED[0])
    with pytest.raises(KeyboardInterrupt):
        run_benchmark(source, out=tmp_path / "out", seeds=2, progress=stopped, **SMALL)
    assert stopped.done == FIRST_SEED
    # What a process leaves that is killed while it writes.
    made = tmp_path / "out" / "cache" / "made"
    (made / ".abc.partial-1").mkdir()
    assert done_again(source, tmp_path / "out") == SECOND_SEED


@pytest.mark.slow
def test_a_killed_benchmark_goes_on(source, tmp_path):
    out = tmp_path / "out"
    words = ["benchmark", str(source), "-o", str(out), "--code-size", "4", "--encoder", "pca"]
    command = [sys.executable, "-m", "aeviz", *words, "--embedding", "tsne", "--seeds", "30", "-q"]
    process = subprocess.Popen(command)
    scores = out / "cache" / "scores"
    end = time.monotonic() + 120
    while time.monotonic() < end and len(list(scores.glob("[!.]*.json"))) < 3:
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    n_stood = len(list(scores.glob("[!.]*.json")))
    assert 3 <= n_stood < 62
    given = {"embedding": ("tsne",), "params": {}, "seeds": 3}
    assert len(done_again(source, out, **given)) <= 8 - n_stood


def test_a_failed_run_costs_no_other(source, tmp_path):
    params = {"tsne": {"perplexity": 0.5}}
    benchmark = run_benchmark(source, out=tmp_path / "out", seeds=1, **{**SMALL, "params": params})
    failed = benchmark.info["failed"]
    assert [one["title"] for one in failed] == [*tsne("pca 4", 0), *tsne("identity", 0)]
    assert "perplexity must be in [1, inf), got 0.5" in failed[0]["error"]
    assert set(benchmark.rows["embedding"].dropna()) == {"pca"}
    assert "ended with an error" in benchmark.report_path.read_text(encoding="utf-8")


def test_one_seed_shows_no_difference(source, copied):
    benchmark = run_benchmark(source, out=copied, seeds=1, **SMALL)
    assert set(benchmark.comparisons["verdict"]) <= {"none", "same"}
    assert benchmark.comparisons["low"].isna().all()
    text = Page(benchmark.report_path.read_text(encoding="utf-8")).text
    assert "one seed, no interval" in text


def test_page_has_the_labels_value_in_the_data_beside_that_of_each_picture(finished):
    """It stood beside codes only, so k-NN accuracies of pictures had nothing to be read by."""
    benchmark, _ = finished
    summary = benchmark.summary.set_index(["encoder", "stage", "split", "metric"])["value"]
    expected = {
        name: fixed(summary["identity", "data-to-code", name, "knn_accuracy"], 3)
        for name in ("test", "train")
    }
    for table in scores(benchmark).blocks:
        column = [cell.text for cell in table.columns].index("Original data")
        (row,) = [cells for cells in table.rows if cells[0].text == "k-NN accuracy"]
        name = "test" if "test samples" in table.title else "train"
        assert row[column].text == expected[name], table.title
        assert not row[column].is_best
    ((table,),) = [one.first for one in out_of_sample(benchmark).blocks]
    (of_data,) = [row for row in table.rows if row[0].text == "Original data"]
    assert of_data[-1].text == expected["test"]
    assert of_data[-1].note == f"together {expected['train']}"


def test_page_says_which_scores_look_at_fewer_samples(finished):
    """Of 2,000 evaluated samples 1,000 are ranked, and the page said 2,000 of all scores."""
    benchmark = Benchmark(finished[0].path)
    looked_at = benchmark.summary["n_evaluated"].where(benchmark.summary["metric"] != "auc_rnx", 7)
    benchmark.summary["n_evaluated"] = looked_at
    for table in scores(benchmark).blocks:
        notes = {cells[0].text: cells[0].note for cells in table.rows}
        assert notes["Area under R_NX"] == "↑ higher is better, 7 samples"
        assert notes["Trustworthiness"] == "↑ higher is better"


def test_tables_of_the_first_version_are_read_with_names_of_today(finished, copied):
    benchmark = finished[0]
    info = json.loads((copied / "benchmark.json").read_text())
    metrics = {now: former for former, now in METRICS.aliases.items()}
    for row in (row for part in ("rows", "summary", "comparisons") for row in info[part]):
        row["placing"] = {"test": "placed", "train": "together"}[row.pop("split")]
        row["metric"] = metrics.get(row["metric"], row["metric"])
        del row["k"]
    (copied / "benchmark.json").write_text(json.dumps(info))
    former = Benchmark(copied)
    for part in ("rows", "summary", "comparisons"):
        expected = getattr(benchmark, part)
        found = getattr(former, part)[list(expected)]
        pd.testing.assert_frame_equal(found.drop(columns="k"), expected.drop(columns="k"))


# -- the budget --------------------------------------------------------------------------------


class Clock:
    """Tell the time that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def job(dataset="a", encoder="deep", embedding=None, seed=0):
    return Job(dataset, encoder, 8, embedding, seed)


def test_expectations_come_from_what_is_most_alike():
    budget = Budget(None, {"a": 100, "b": 300})
    assert budget.expected(job()) is None
    budget.note(job(), 4.0)
    budget.note(job(encoder="pca", embedding="tsne"), 7.0)
    assert budget.expected(job(seed=5)) == 4.0
    assert budget.expected(job(encoder="simple")) is None
    assert budget.expected(job(encoder="simple", embedding="tsne")) == 7.0
    assert budget.expected(job(dataset="b")) == 12.0


def test_nothing_is_started_that_does_not_fit():
    clock = Clock()
    budget = Budget(1.0, {"a": 100}, clock=clock)
    budget.note(job(), 40.0)
    assert budget.allows(job(seed=1))
    clock.now = 30.0
    assert not budget.allows(job(seed=1))
    assert budget.allows(job(encoder="unknown"))
    clock.now = 60.0
    assert not budget.allows(job(encoder="unknown"))


def test_what_has_no_time_is_left_out_and_gone_on_with(source, tmp_path):
    """The clock stands still until the first seed is done, and is then beyond the budget."""
    clock = Clock()

    class Stepping(Listener):
        def finish(self, name, seconds):
            super().finish(name, seconds)
            clock.now = 30.0 if name == FIRST_SEED[-1] else clock.now

    settings = BenchmarkSettings.of([source], out=str(tmp_path / "out"), seeds=2, **SMALL)
    plan, folder = Plan(settings), Benchmark(tmp_path / "out")
    folder.path.mkdir()
    folder.write(rows=[], summary=[], comparisons=[])
    listener = Stepping()
    execution = Execution(plan, folder, listener, budget=Budget(0.5, {"few": 96}, clock=clock))
    execution.execute()
    assert listener.done == FIRST_SEED
    assert [one.title for one in execution.left_out] == SECOND_SEED
    _write(folder, plan, execution)
    assert len(folder.info["left_out"]) == 2
    assert done_again(source, tmp_path / "out") == SECOND_SEED
    assert Benchmark(tmp_path / "out").info["left_out"] == []


def test_no_time_for_anything_is_an_error(source, tmp_path):
    with pytest.raises(AevizError, match="no run could be made: the budget left no time"):
        run_benchmark(source, out=tmp_path / "out", budget=1e-9, **SMALL)


# -- networks ----------------------------------------------------------------------------------


@pytest.fixture
def eager():
    """Run Keras without graphs: for tiny trainings compilation is most of the time."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.slow
def test_networks_of_several_sizes_on_three_data_sets(source, tmp_path, eager):
    tables = [source]
    for number in range(2):
        rng = np.random.default_rng(number)
        y = np.arange(90) % 3
        X = rng.normal(size=(3, 7))[y] * 3 + rng.normal(size=(90, 7))
        table = pd.DataFrame(X, columns=list("abcdefg")).assign(kind=y)
        tables.append(tmp_path / f"table{number}.csv")
        table.to_csv(tables[-1], index=False)
    benchmark = run_benchmark(
        tables,
        out=tmp_path / "out",
        encoder=("variational",),
        embedding=("pca",),
        code_size=(2, 4),
        epochs=1,
        seeds=1,
        label="kind",
    )
    assert benchmark.info["failed"] == []
    assert set(benchmark.comparisons["encoder"]) == {"variational"}
    assert set(benchmark.comparisons["baseline_code_size"]) == {2, 4}
    same = benchmark.comparisons["code_size"] == benchmark.comparisons["baseline_code_size"]
    assert same.all()
    errors = benchmark.summary[benchmark.summary["metric"] == "reconstruction_error"]
    assert set(errors["encoder"]) == {"pca", "variational"}
    page = Page(benchmark.report_path.read_text(encoding="utf-8"))
    ids = {attributes["id"] for attributes in page.all("section")}
    assert {"sizes", "ranks"} <= ids
    assert "Codes of 2 and 4 are counted together; named are those of 4." in page.text
    assert "3 data sets are few: only methods at opposite ends can be told apart" in page.text
