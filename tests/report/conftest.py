"""Make small finished runs of several kinds of data to draw reports of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits

from aeviz import Run, run_report

PLAIN = {"encoder": ["pca"], "embedding": ["pca"]}
HOSTILE = [
    "</script><script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=1">',
    "$\\frac{1}$ _under {{ 7*7 }} &amp;",
    "\u202eright to left\u202c",
    "emoji 🦆 漢字",
    "very " + "long " * 38,
]


def table_run(folder, labels: list | np.ndarray | None, n_samples: int = 120, **settings) -> Run:
    """Return a run on a table of numbers with one hostile column name."""
    rng = np.random.default_rng(0)
    names = ["a", "b", "<b>bold</b>", "d", "e" * 300]
    frame = pd.DataFrame(rng.normal(size=(n_samples, 5)), columns=names)
    options = dict(PLAIN)
    if labels is not None:
        frame["label"] = labels
        options["label"] = "label"
    frame.to_csv(folder / "table.csv", index=False)
    return run_report(folder / "table.csv", out=folder / "run", **{**options, **settings})


@pytest.fixture(scope="session")
def image_run(tmp_path_factory):
    """Give a run on images with every kind of section."""
    folder = tmp_path_factory.mktemp("images")
    digits = load_digits()
    np.savez(folder / "few.npz", X=digits.images[:200].astype(np.uint8), y=digits.target[:200])
    settings = {"encoder": ["deep", "pca", "variational"], "embedding": ["pca"], "epochs": 3}
    return run_report(folder / "few.npz", out=folder / "run", **settings)


@pytest.fixture(scope="session")
def latent_table_run(tmp_path_factory):
    """Give a run on a table with a variational autoencoder and 26 classes."""
    labels = [chr(97 + i % 26) for i in range(260)]
    return table_run(
        tmp_path_factory.mktemp("letters"),
        labels,
        n_samples=260,
        encoder=["pca", "variational"],
        epochs=2,
    )


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory):
    """Give a run whose labels and feature names try to break the page."""
    labels = [HOSTILE[i % len(HOSTILE)] for i in range(120)]
    return table_run(tmp_path_factory.mktemp("hostile"), labels)


@pytest.fixture(scope="session")
def crowded_run(tmp_path_factory):
    """Give a run with more classes than a legend can name."""
    labels = [f"class {i % 300}" for i in range(600)]
    return table_run(tmp_path_factory.mktemp("crowded"), labels, n_samples=600)


@pytest.fixture(scope="session")
def continuous_run(tmp_path_factory):
    """Give a run with a continuous label."""
    return table_run(tmp_path_factory.mktemp("continuous"), np.linspace(-2.5, 7.25, 120))


@pytest.fixture(scope="session")
def unlabelled_run(tmp_path_factory):
    """Give a run without labels."""
    return table_run(tmp_path_factory.mktemp("unlabelled"), None)
