"""Test that a step that does not fit in memory is refused before it begins, and what is said."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from aeviz import AevizError
from aeviz.core.atomic_files import read_json
from aeviz.core.memory import Need, check_need, memory_limit
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.pipeline.memory_estimates import _STEPS, Needs
from aeviz.pipeline.report_forecast import ReportForecast
from aeviz.runs.steps import Step, check_memory, perform
from tests._listener import Listener
from tests.runs.test_steps import Toy

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_needs.py"
GB = 10**9


def refusal(need, available):
    with pytest.raises(AevizError, match="score: needs about") as told:
        check_need("score", need, available=lambda: available)
    return str(told.value)


def test_what_fits_passes():
    check_need("score", Need(GB, 1000, 10), available=lambda: GB + 10_000)
    check_need("score", None, available=lambda: 0)


def test_the_sample_that_is_named_would_fit():
    need = Need(GB / 10, 30_000, 100_000)
    told = refusal(need, GB)
    assert "needs about 3.1 GB of memory, and 1.0 GB are available; sample=26000 would" in told
    n_samples = int(re.findall(r"sample=(\d+)", told)[0])
    check_need("score", Need(GB / 10, 30_000, n_samples), available=lambda: GB)


def test_where_no_sample_would_fit_something_else_is_named():
    assert "sample=" not in refusal(Need(2 * GB, 1000, 10), GB)
    assert "allow this process more" in refusal(Need(2 * GB, 1000, 10), GB)
    assert "batch_size=64 would help" in refusal(
        Need(2 * GB, 1, 10, "batch_size=64 would help"), GB
    )


def test_options_are_named_where_they_are_what_counts():
    deep = ENCODERS.get("deep")
    images = ENCODERS.get("convolutional")
    denoising = partial(ENCODERS.get("denoising"), network="dense")
    wide = Needs(1000, 60_000).encoding(denoising())
    assert "hidden_sizes in params.denoising" in wide.helps
    assert wide.n_bytes > 2 * Needs(1000, 60_000).encoding(denoising(hidden_sizes=(64,))).n_bytes
    # Other networks see wide tables as their principal coordinates.
    assert Needs(1000, 60_000).encoding(deep()).n_bytes < wide.n_bytes
    assert Needs(1000, 64).encoding(deep()).helps == ""
    large = images(image_shape=(200, 300, 1))
    assert "image_size=122 would help" in Needs(1000, 60_000).encoding(large).helps
    large.set_params(batch_size=2048)
    assert "batch_size=1024 would help" in Needs(1000, 60_000).encoding(large).helps


@pytest.mark.parametrize("kind", ENCODERS.names())
def test_every_encoder_has_a_need(kind):
    encoder = ENCODERS.get(kind)()
    few, many = (Needs(n, 64).encoding(encoder).n_bytes for n in (1000, 100_000))
    assert 0 < few < many


def test_parameters_that_make_no_sense_are_left_to_fitting():
    usual = Needs(1000, 64).encoding(ENCODERS.get("deep")()).n_bytes
    for sizes in (5, "wide", [-3], [None]):
        odd = ENCODERS.get("deep")(hidden_sizes=sizes, batch_size="many", memory_budget=None)
        assert Needs(1000, 64).encoding(odd).n_bytes == usual
    for shape in ((8, 8, -1), (8,), "square"):
        odd = ENCODERS.get("convolutional")(image_shape=shape, batch_size=-1)
        assert Needs(1000, 64).encoding(odd).n_bytes > 0
    odd = EMBEDDINGS.get("tsne")(perplexity="high")
    assert Needs(1000, 64).embedding(odd).n_bytes > 0


@pytest.mark.parametrize("name", EMBEDDINGS.names())
def test_every_embedding_has_a_need(name):
    method = EMBEDDINGS.get(name)()
    needs = Needs(1000, 640)
    of_data, of_code = needs.embedding(method), needs.embedding(method, ENCODERS.get("pca")(8))
    assert 0 < of_code.n_bytes < of_data.n_bytes
    assert Needs(9000, 640).embedding(method).n_bytes > of_data.n_bytes


def test_no_wolf_is_cried_over_mnist():
    """All of its report takes 3.4 GB at the peak, of which a step adds the less part."""
    needs = Needs(70_000, 784)
    of_all = [
        *(needs.encoding(ENCODERS.get(kind)()) for kind in ENCODERS.names()),
        *(needs.embedding(EMBEDDINGS.get(name)()) for name in EMBEDDINGS.names()),
        *map(needs.step, _STEPS),
        *(needs.scoring(11), needs.rendering(6)),
    ]
    assert max(need.n_bytes for need in of_all) < 2.3 * GB


def test_wide_tables_need_less_than_4_gb():
    """They were refused, or killed, when the widths of networks grew with the features."""
    for shape in ((100, 20_000), (300, 33_538)):
        needs = Needs(*shape)
        of_all = [needs.encoding(ENCODERS.get(kind)()) for kind in ("residual", "variational")]
        assert max(need.n_bytes for need in [*of_all, needs.rendering(6)]) < 2.5 * GB


def test_a_step_that_does_not_fit_is_not_begun_and_finished_ones_stay(tmp_path):
    folder, listener, made = Toy(tmp_path), Listener(), []

    def step(name, n_bytes):
        return Step([name], lambda: made.append(name), tmp_path, lambda: Need(n_bytes, 0, 1))

    folder.begin({})
    steps = {"small": step("small", 10), "large": step("large", 1e18)}
    with pytest.raises(AevizError, match=r"large: needs about 1,000,000,000\.0 GB"):
        check_memory(steps, folder=folder)
    assert perform("small", steps["small"], folder=folder, progress=listener)
    with pytest.raises(AevizError, match="large: needs about"):
        perform("large", steps["large"], folder=folder, progress=listener)
    assert (made, listener.done) == (["small"], ["small"])
    assert not perform("small", step("small", 1e18), folder=folder, progress=listener)
    check_memory({"small": step("small", 1e18)}, folder=folder)


def test_what_a_step_loads_stays_for_those_after_it(tmp_path):
    def step(name, n_bytes, **libraries):
        need = Need(n_bytes + sum(libraries.values()), 0, 1, libraries=libraries)
        return Step([name], lambda: None, tmp_path, lambda: need)

    # 70 + 5, then the two networks share what is loaded once: 70 + 20, and 70 + 30 + 3.
    steps = {
        "encode": step("encode", 5, keras=70),
        "embed": step("embed", 20, keras=70),
        "score": step("score", 3, scoring=30),
    }
    assert check_memory(steps) == 103
    assert Need(75, 0, 1, libraries={"keras": 70}).after({"scoring": 30}).n_bytes == 105
    with memory_limit(100), pytest.raises(AevizError, match="score: needs about 103 bytes"):
        check_memory(steps)


def test_machines_are_named_by_what_is_left_of_them():
    gb = 10**9
    assert ReportForecast(round(3.5 * gb), 30).machine_gb == 4
    assert ReportForecast(round(3.7 * gb), 30).machine_gb == 8
    assert ReportForecast(5000 * gb, 30).machine_gb is None
    words = ReportForecast(round(3.5 * gb), 100).memory_words
    assert words == "about 3.5 GB at most; a machine of 4 GB is enough"
    assert ReportForecast(5000 * gb, 30).memory_words == "about 5,000.0 GB at most"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (50, "less than a minute"),
        (65, "about 1 minute on"),
        (170, "about 3 minutes"),
        (3 * 3600, "about 3 hours"),
    ],
)
def test_the_time_is_told_in_words(seconds, words):
    assert ReportForecast(1, seconds).time_words.startswith(words)


def limited(n_bytes, *words):
    """Run a command that may use so many bytes of addresses."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))

    command = [sys.executable, "-W", "ignore", "-m", "aeviz", *map(str, words), "-q"]
    return subprocess.run(command, preexec_fn=limit, capture_output=True, text=True)


@pytest.mark.slow
def test_commands_under_a_limit_say_what_they_need(tmp_path):
    small = ["digits", "--sample", "300", "--epochs", "1"]
    report = ["report", *small, "--encoder", "deep", "--embedding", "pca", "-o", tmp_path / "run"]
    done = limited(1_800_000_000, *report)
    assert done.returncode == 2
    assert re.fullmatch(
        r"aeviz: encode deep: needs about 2\.\d GB of memory, and \d+\.\d MB are available; .*\n",
        done.stderr,
    )
    done = limited(1_800_000_000, "train", *small, "--encoder", "deep", "-o", tmp_path / "model")
    assert (done.returncode, done.stderr[:33]) == (2, "aeviz: train deep: needs about 2.")
    members = ["--encoder", "deep", "--embedding", "pca", "--seeds", "1"]
    done = limited(1_800_000_000, "benchmark", *small, *members, "-o", tmp_path / "bench")
    assert done.returncode == 0
    failed = read_json(tmp_path / "bench" / "benchmark.json")["failed"]
    assert {row["encoder"] for row in failed} == {"deep"}
    assert "fitting: needs about" in failed[0]["error"]


@pytest.mark.slow
def test_estimates_lie_above_what_steps_take():
    options = ["--samples", "600", "--features", "200", "--epochs", "1"]
    members = ["--encoder", "deep", "--embedding", "tsne"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", SCRIPT, *options, *members],
        check=True,
        capture_output=True,
        text=True,
    )
    steps = json.loads(done.stdout)["steps"]
    assert {"encode deep", "embed deep tsne", "score", "render"} <= {one["name"] for one in steps}
    for step in steps:
        assert step["added_bytes"] <= step["needed_bytes"], step
        assert step["needed_bytes"] < 1.5 * GB, step


@pytest.mark.slow
def test_what_inspect_says_lies_above_what_a_report_takes_and_below_twice_that():
    options = ["--shape", "sparse:100x5000", "--epochs", "1", "--embedding", "pca"]
    words = [sys.executable, "-W", "ignore", SCRIPT, *options, "--encoder", "residual"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert found["status"] == 0
    assert 1 <= found["ratio"] <= 2
