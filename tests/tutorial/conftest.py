"""Make a tutorial of a few hundred small digits, whole but for the length of its trainings."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from scipy.ndimage import zoom
from sklearn.datasets import load_digits

from aeviz.tutorial._images import Images
from aeviz.tutorial.running import run_tutorial_on
from tests.test_pipeline import Listener

N_TRAIN, N_TEST = 300, 100
SCALE = 0.01


@pytest.fixture(scope="session")
def images():
    """Give scikit-learn's digits as images of 28 × 28 pixels."""
    data = load_digits()
    X = zoom(data.images[: N_TRAIN + N_TEST] / 16, (1, 3.5, 3.5), order=1)
    X = np.clip(X, 0, 1).reshape(len(X), -1).astype(np.float32)
    y = data.target[: len(X)]
    return Images("digits", X[:N_TRAIN], y[:N_TRAIN], X[N_TRAIN:], y[N_TRAIN:])


@pytest.fixture(scope="session")
def finished(images, tmp_path_factory):
    """Give a finished tutorial and what it said."""
    listener = Listener()
    out = tmp_path_factory.mktemp("tutorials") / "tiny"
    return run_tutorial_on(images, out, epochs_scale=SCALE, progress=listener), listener


@pytest.fixture
def copied(finished, tmp_path):
    """Give a copy of the tutorial's folder that a test may spoil."""
    shutil.copytree(finished[0].path, tmp_path / "tutorial")
    return tmp_path / "tutorial"
