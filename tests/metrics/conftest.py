"""Share spaces that metrics are tried on."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA


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
