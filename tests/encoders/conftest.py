"""Share small encoders and data that they learn in seconds."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aeviz.registry import ENCODERS

QUICK = {"epochs": 3, "hidden_sizes": (16,), "random_state": 0}


def quick(kind: str, **changes):
    """Return an unfitted encoder of a kind, small enough for a test."""
    cls = ENCODERS.get(kind)
    accepted = inspect.signature(cls).parameters
    wanted = {**QUICK, **changes}
    return cls(**{name: value for name, value in wanted.items() if name in accepted})


@pytest.fixture(scope="session")
def digits():
    """Give the digits in [0, 1], shape (1797, 64), float32."""
    return (load_digits().data / 16).astype(np.float32)


@pytest.fixture
def eager():
    """Run Keras without graphs: for tiny trainings compilation is most of the time."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
