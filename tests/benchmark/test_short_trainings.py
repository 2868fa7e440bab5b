"""Test that a benchmark warns of trainings that ended too early, beside the verdict on them."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz import run_benchmark
from aeviz.benchmark._section_overview import _warning, overview
from aeviz.page.content import Split, Verdicts


def test_warning_counts_the_trainings_of_its_answer():
    found = [
        {"dataset": "a", "encoder": "deep", "seed": 0, "epochs": 5},
        {"dataset": "a", "encoder": "deep", "seed": 1, "epochs": 5},
        {"dataset": "b", "encoder": "deep", "seed": 0, "epochs": 5},
    ]
    info = {"short_trainings": found}
    assert _warning(info, "a", "deep").startswith("2 trainings of it stopped at the limit of 5 ep")
    assert _warning(info, "b", "deep").startswith("1 training of it stopped")
    assert _warning(info, "a", "simple") == ""
    # A benchmark of a former version does not say it.
    assert _warning({}, "a", "deep") == ""


@pytest.mark.slow
def test_trainings_that_end_too_early_are_named_on_the_page(tmp_path):
    source = tmp_path / "rings.npz"
    rng = np.random.default_rng(0)
    codes = np.arange(120) % 3
    X = rng.normal(size=(3, 8))[codes] * 4 + rng.normal(size=(120, 8))
    np.savez(source, X=X, y=codes)
    benchmark = run_benchmark(
        source,
        encoder=("simple",),
        embedding=("pca",),
        epochs=3,
        code_size=3,
        seeds=2,
        out=str(tmp_path / "out"),
    )
    found = benchmark.info["short_trainings"]
    assert [(one["encoder"], one["seed"], one["epochs"]) for one in found] == [
        ("simple", 0, 3),
        ("simple", 1, 3),
    ]
    splits = [block for block in overview(benchmark).blocks if isinstance(block, Split)]
    (answer,) = [one for split in splits for one in split.first if isinstance(one, Verdicts)]
    assert answer.warning.startswith("2 trainings of it stopped at the limit of 3 epochs")
