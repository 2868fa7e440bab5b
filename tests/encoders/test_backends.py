"""Run the encoders on Keras's other backends, each in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

CONTRACT = Path(__file__).with_name("test_contract.py")

# Trains resident and streamed, resumes from nothing, encodes and decodes, with a convolution.
PROGRAM = """
import keras, numpy as np
from aeviz import DeepAutoencoder, VariationalAutoencoder
from aeviz.core.environment import device
from aeviz.encoders.networks.patch_conv import PatchConv2D

X = np.random.default_rng(0).uniform(size=(300, 12)).astype(np.float32)
for cls in (DeepAutoencoder, VariationalAutoencoder):
    for budget in (2**30, 4 * X.size // 2):
        encoder = cls(2, hidden_sizes=(8,), epochs=3, memory_budget=budget, random_state=0)
        code = encoder.fit(X).transform(X)
        assert code.shape == (300, 2) and np.isfinite(code).all()
        assert np.array_equal(encoder.transform(X[7:8]), code[7:8])
        losses = encoder.history_["val_loss"]
        assert losses[-1] < losses[0], losses
        assert encoder.inverse_transform(code).shape == X.shape
images = np.random.default_rng(1).normal(size=(2, 7, 6, 3)).astype(np.float32)
layer = PatchConv2D(4, up_size=2)
layer.build(images.shape)
outputs = []
for layer.arithmetic in ("patches", "keras"):
    outputs.append(keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(images))))
np.testing.assert_allclose(*outputs, rtol=1e-4, atol=1e-5)
print(keras.backend.backend(), "|", device())
"""


def run(backend, command):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"needs the package {backend}")
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_networks_run_unchanged(backend):
    out = run(backend, [sys.executable, "-c", PROGRAM])
    name, words = out.strip().splitlines()[-1].split(" | ")
    assert name == backend
    assert words.endswith(f"({backend})")


@pytest.mark.slow
def test_encoders_keep_their_contract_under_jax():
    # Loading in a new process differs in nothing but the seconds that importing takes.
    words = ["-q", "-p", "no:cacheprovider", "-k", "not new_process", CONTRACT]
    out = run("jax", [sys.executable, "-m", "pytest", *words])
    assert " passed" in out
