"""Share what every test may need: a fixed seed, quiet native libraries, real data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "datasets"


@pytest.fixture
def shared_data():
    """Give a function from a file's name to its path, which skips where the file is missing."""

    def path_of(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.is_file():
            pytest.skip(f"needs the real data set {name} in ../shared/datasets")
        return path

    return path_of
