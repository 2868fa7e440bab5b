"""Share small models that commands are applied to."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from sklearn.datasets import load_iris

from aeviz import train_model


@pytest.fixture(scope="package")
def eager():
    """Run Keras without graphs: for tiny trainings compilation is most of the time."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="package")
def models(tmp_path_factory, eager):
    """Give the folders of a PCA of digits, a small variational model, and a PCA of a table."""
    folder = tmp_path_factory.mktemp("models")
    iris = load_iris()
    table = pd.DataFrame(iris.data, columns=["a", "b", "c", "d"])
    table.assign(kind=iris.target_names[iris.target]).to_csv(folder / "iris.csv", index=False)
    small = {"epochs": 2, "params": {"variational": {"hidden_sizes": [8]}}}
    train_model("digits", "pca", code_size=5, out=folder / "pca")
    train_model("digits", "variational", sample=200, out=folder / "plane", **small)
    train_model(folder / "iris.csv", "pca", code_size=2, label="kind", out=folder / "table")
    names = ("pca", "plane", "table", "iris.csv")
    return SimpleNamespace(**{name.split(".")[0]: str(folder / name) for name in names})
