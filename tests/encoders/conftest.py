"""Share small encoders and data that they learn in seconds."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aeviz.core.registry import ENCODERS

# A row of any length is an image of one line.
LINE = (1, -1, 1)
QUICK = {
    "epochs": 3,
    "hidden_sizes": (16,),
    "filters": (4,),
    "image_shape": LINE,
    "random_state": 0,
}

# Until its first change for the better.
LONGER = {"residual": {"epochs": 12, "hidden_sizes": (128,), "learning_rate": 1e-3}}

# The others are tested with the slow tests: they compile what these do, and something more.
EVERYDAY = ("deep", "identity", "pca", "variational")


def every_kind() -> list:
    """Return all kinds as parameters of a test, but few of them for everyday."""
    names = ENCODERS.names()
    return [n if n in EVERYDAY else pytest.param(n, marks=pytest.mark.slow) for n in names]


def quick(kind: str, **changes):
    """Return an unfitted encoder of a kind, small enough for a test."""
    cls = ENCODERS.get(kind)
    accepted = inspect.signature(cls).parameters
    wanted = {**QUICK, **LONGER.get(kind, {}), **changes}
    return cls(**{name: value for name, value in wanted.items() if name in accepted})


PROGRAM = """
import json, sys
import numpy as np
from {module} import {name}
for model, data in json.loads(sys.argv[1]).items():
    encoder, X = {name}.load(model), np.load(data)
    code = encoder.transform(X)
    np.save(model + "_code.npy", code)
    np.save(model + "_back.npy", encoder.inverse_transform(code))
    np.save(model + "_again.npy", encoder.fit(X).transform(X))
"""


def load_elsewhere(cls, models, folder):
    """In a new process load models, encode and decode their data, and train them again.

    Parameters
    ----------
    cls : type
        The encoder's class.
    models : dict of str to str
        Folders of models and files of data, in `folder`. Beside them are left
        ``<model>_code.npy``, ``_back.npy``, and ``_again.npy``, the code after training again.
    """
    program = PROGRAM.format(module=cls.__module__, name=cls.__name__)
    command = [sys.executable, "-c", program, json.dumps(models)]
    subprocess.run(command, check=True, cwd=folder)


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
