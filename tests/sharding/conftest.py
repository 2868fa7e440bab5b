"""Share a fitted run of images and one of a table, and shards of new samples for each."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits

from aeviz import run_report
from aeviz.sharding._shards import Job

N_FITTED = 300
ROWS_A_SHARD = 150
N_SHARDS = 3


@pytest.fixture(scope="package")
def images(tmp_path_factory):
    """Give a run of 300 digits with a t-SNE and a plane of components, and the other digits."""
    folder = tmp_path_factory.mktemp("images")
    digits = load_digits()
    rows = np.random.default_rng(0).permutation(len(digits.data))
    X = digits.images[rows].astype(np.uint8)
    np.save(folder / "old.npy", X[:N_FITTED])
    np.save(folder / "labels.npy", digits.target[rows[:N_FITTED]])
    run = run_report(
        folder / "old.npy",
        labels=folder / "labels.npy",
        out=folder / "run",
        encoder=["pca"],
        embedding=["tsne", "pca"],
        code_size=8,
    )
    return SimpleNamespace(run=run, new=X[N_FITTED:])


@pytest.fixture
def shards(images, tmp_path):
    """Give a folder of three shards of new digits."""
    folder = tmp_path / "shards"
    folder.mkdir()
    for number in range(N_SHARDS):
        rows = slice(number * ROWS_A_SHARD, (number + 1) * ROWS_A_SHARD)
        np.save(folder / f"part-{number}.npy", images.new[rows])
    return folder


@pytest.fixture(scope="package")
def table(tmp_path_factory):
    """Give a run of a table of numbers and a category with ids, and new rows of such a table."""
    folder = tmp_path_factory.mktemp("table")
    rng = np.random.default_rng(0)
    rows = pd.DataFrame(
        {
            "who": [f"sample {i}" for i in range(400)],
            "size": rng.normal(size=400),
            "color": rng.choice(["red", "green", "blue"], 400),
            "weight": rng.normal(size=400),
            "kind": rng.choice(["a", "b"], 400),
        }
    )
    old, new = rows[:200], rows[200:].reset_index(drop=True)
    old.to_csv(folder / "old.csv", index=False)
    words = {"encoder": ["pca"], "embedding": ["pca"], "label": "kind", "code_size": 2}
    return SimpleNamespace(run=run_report(folder / "old.csv", out=folder / "run", **words), new=new)


@pytest.fixture
def job(tmp_path):
    """Give a function that makes the job of a run, into a folder that is not there yet."""

    def make(run, **changes) -> Job:
        out = tmp_path / "out"
        fields = {"embeddings": None, "label": None, "on_missing": "error", "fast": False}
        return Job(run=str(run.path), out=str(out), key="key", **(fields | changes))

    return make
