"""Give the samples that the tests of embeddings share."""

from typing import NamedTuple

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA


def run_eagerly(is_eager: bool) -> None:
    """Have TensorFlow run functions line by line, or compile them again."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(is_eager)


@pytest.fixture
def eager():
    """Run Keras without graphs: for tiny trainings compilation is most of the time."""
    run_eagerly(True)
    yield
    run_eagerly(False)


class Digits(NamedTuple):
    """Samples and labels to fit, and others held out."""

    X: np.ndarray
    y: np.ndarray
    X_new: np.ndarray
    y_new: np.ndarray


@pytest.fixture(scope="session")
def digits() -> Digits:
    """Return 600 digits in 32 dimensions to fit and 200 held out, float32."""
    X, y = load_digits(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(X))[:800]
    X = PCA(32, random_state=0).fit_transform(X[rows] / 16.0).astype(np.float32)
    y = y[rows]
    return Digits(X[:600], y[:600], X[600:], y[600:])
