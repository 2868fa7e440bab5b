#!/usr/bin/env python
"""Make what tests/test_versions.py reads: a run and a model as version 0.1.0 writes them.

It is kept as it was made, so that later versions are held to reading it. Only the version that
it is named after may make it anew, and only while nothing of that version is in use:

    scripts/make_first_version_fixture.py

In the folder stand the run of a few digits, without its report and its figures; a model of a
table with named columns, text among them; the sources of new samples; and ``expected.npz``,
what that version made of these: codes, and coordinates in the run's embeddings.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_iris

import aeviz
from aeviz import Model, load_dataset, run_report, train_model
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import ENCODERS
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.pipeline.sources import load
from aeviz.settings import Settings

VERSION = "0.1.0"
HOME = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / f"version_{VERSION}"
N_NEW = 20
MAX_BYTES = 400_000
DRAWN = ("report.html", "figures")


def main() -> None:
    """Write the folder anew."""
    if aeviz.__version__ != VERSION:
        raise AevizError(f"version {VERSION} makes this fixture; this is {aeviz.__version__}")
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    # Sources are named as in the tests, without the folder in which they lie here.
    os.chdir(HOME)
    expected = {**digits(), **flowers()}
    np.savez_compressed("expected.npz", **expected)
    size = sum(path.stat().st_size for path in HOME.rglob("*") if path.is_file())
    print(f"{HOME}: {size:,} bytes")
    if size > MAX_BYTES:
        raise AevizError(f"the fixture must take {MAX_BYTES:,} bytes at most, got {size:,}")


def digits() -> dict[str, np.ndarray]:
    """Write the run and new digits, and return their codes and coordinates."""
    data = load_dataset("digits")
    rows = np.random.default_rng(0).permutation(data.n_samples)
    new = rows[-N_NEW:]
    np.savez_compressed("new.npz", X=data.X[new].astype(np.uint8).reshape(-1, 8, 8), y=data.y[new])
    run = run_report(
        "digits",
        sample=64,
        out="run",
        encoder=["regularized", "pca"],
        embedding=["tsne", "umap"],
        code_size=6,
        epochs=40,
        params={"regularized": {"hidden_sizes": [12]}},
    )
    transformer = OutOfSampleTransformer(run)
    new_digits = load(Settings(source="new.npz"), is_to_fit=False)
    result = transformer.transform(new_digits)
    found = {
        name: result.table[[f"{name}_x", f"{name}_y"]].to_numpy() for name in result.embeddings
    }
    for kind in run.encoders:
        encoder = ENCODERS.get(kind).load(run.encoder_path(kind))
        found[f"{kind}_code"] = encoder.transform(run.scaling.transform(new_digits.X))
    for name in DRAWN:
        path = run.path / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return found


def flowers() -> dict[str, np.ndarray]:
    """Write the model and its table, and return codes and reconstructions of that."""
    iris = load_iris()
    table = pd.DataFrame(iris.data, columns=["sepal length", "sepal width", "length", "width"])
    table["size"] = np.where(iris.data[:, 2] > 3, "large", "small")
    table["species"] = iris.target_names[iris.target]
    table = table.iloc[::3]
    table.to_csv("table.csv", index=False)
    params = {"variational": {"hidden_sizes": [8]}}
    train_model("table.csv", "variational", label="species", out="model", epochs=40, params=params)
    model = Model.load("model")
    settings = Settings(source="table.csv", label=("species",))
    dataset = load(settings, is_to_fit=False, plan=model.card.data.plan)
    return {"model_code": model.encode(dataset), "model_back": model.reconstruct(dataset)}


if __name__ == "__main__":
    main()
