"""Make a tutorial of a few hundred small digits, whole but for the length of its trainings."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from scipy.ndimage import zoom
from sklearn.datasets import load_digits

from aeviz.tutorial._images import Images
from aeviz.tutorial.folder import TutorialFolder
from aeviz.tutorial.run import run_tutorial
from tests._listener import Listener
from tests._once import made_once

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
    """Give a finished tutorial and the steps that it did; all workers of a test run share it."""

    def make(out):
        listener = Listener()
        run_tutorial(out / "tiny", images=images, epochs_scale=SCALE, progress=listener)
        (out / "done.json").write_text(json.dumps(listener.done))

    out = made_once(tmp_path_factory, "tutorial", make)
    return TutorialFolder(out / "tiny"), json.loads((out / "done.json").read_text())


@pytest.fixture
def copied(finished, tmp_path):
    """Give a copy of the tutorial's folder that a test may spoil."""
    shutil.copytree(finished[0].path, tmp_path / "tutorial")
    return tmp_path / "tutorial"
