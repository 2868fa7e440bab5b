"""Share what every test may need: a fixed seed, quiet native libraries, real data."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "datasets"


def pytest_terminal_summary(terminalreporter):
    """Print what tests counted, which they tell by ``record_property("counted", words)``."""
    reports = [one for several in terminalreporter.stats.values() for one in several]
    told = [pair for one in reports for pair in getattr(one, "user_properties", ())]
    # A test reports several times: of its setup, its call and its end.
    words = dict.fromkeys(value for name, value in told if name == "counted")
    if words:
        terminalreporter.section("counted")
    for line in words:
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _loudness_stays():
    """Undo what a command that a test calls by itself does to the log, for ``-q`` silences it."""
    log = logging.getLogger("aeviz")
    handlers, level = log.handlers, log.level
    yield
    log.handlers = handlers
    log.setLevel(level)


@pytest.fixture
def shared_data():
    """Give a function from a file's name to its path, which skips where the file is missing."""

    def path_of(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.is_file():
            pytest.skip(f"needs the real data set {name} in ../shared/datasets")
        return path

    return path_of


@pytest.fixture(scope="session")
def wine():
    """Give the standardised wine data, a plane of them and the classes; no distances are equal."""
    X, y = load_wine(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return X, PCA(2, random_state=0).fit_transform(X), y


@pytest.fixture
def rng():
    """Give seeded random numbers."""
    return np.random.default_rng(0)
