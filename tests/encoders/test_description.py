"""Test that encoders name their losses with the weights that they are trained with."""

from __future__ import annotations

import re

import pytest
from numpy.testing import assert_allclose

from aeviz.core.registry import ENCODERS
from tests.encoders.conftest import quick

KL = r"([\d.]+) × Kullback-Leibler divergence"


@pytest.mark.parametrize("changes", [{}, {"beta": 0.5}], ids=["default", "own"])
@pytest.mark.parametrize("scale", [1, 20], ids=["unit", "other"])
def test_the_weight_told_is_the_one_of_the_training(changes, scale, digits, eager):
    """The page said that the loss is the plain sum of both, where one counts for 0.03."""
    X = scale * digits[:100]
    encoder = quick("regularized", epochs=1, **changes).fit(X)
    (weight,) = re.findall(KL, encoder.loss_text())
    assert float(weight) == changes.get("beta", 0.03 if scale == 1 else 0.01)
    loss, error, kl = (encoder.history_[name][0] for name in ("loss", "reconstruction", "kl"))
    assert_allclose(loss, error + float(weight) * kl, rtol=1e-4)


def test_the_penalty_told_is_the_one_of_the_training(digits, eager):
    encoder = quick("sparse", epochs=1, l1=0.01, hidden_sizes=()).fit(digits[:100])
    assert "+ 0.64 (0.01 × 64 features) × sum of the code's absolute values" in encoder.loss_text()
    penalty = encoder.encoder_.layers[-1].l1
    assert penalty == 0.64


def test_shifts_are_told_where_there_are_images(digits, eager):
    shown = quick("regularized", epochs=1, image_shape=(8, 8, 1), shift=0.1).fit(digits[:60])
    assert "images are shifted by up to 10 % of their sides" in shown.loss_text()
    table = quick("regularized", epochs=1, image_shape=None).fit(digits[:60])
    assert "shifted" not in table.loss_text()
    assert "1.75 %" in ENCODERS.get("regularized")().loss_text()
    assert "shifted" not in ENCODERS.get("regularized")(shift=0).loss_text()


def test_defaults_name_the_weights_for_both_kinds_of_data():
    text = ENCODERS.get("regularized")().loss_text()
    assert re.findall(KL, text) == ["0.03", "0.01"]
    assert re.findall(KL, ENCODERS.get("regularized")(loss="gaussian").loss_text()) == ["0.01"]
    assert "rises from 0 over the first 7 epochs" in (
        ENCODERS.get("variational")(warmup_epochs=7).loss_text()
    )


def test_noise_is_told_with_its_strength():
    noisy = ENCODERS.get("denoising")(noise=["masking", "salt_and_pepper"], strength=0.25)
    assert "with masking or salt and pepper noise of strength 0.25" in noisy.loss_text()


def test_layers_are_told_with_their_sizes(digits, eager):
    dense = quick("variational", epochs=1, hidden_sizes=(16, 9)).fit(digits[:60])
    assert dense.architecture_text().startswith("64 → 16 → 9 → 2 and back, ")
    weights = sum(w.size for w in dense.autoencoder_.get_weights()) - 1  # the share of beta
    assert f"{weights:,} weights" in dense.architecture_text()
    images = quick("convolutional", epochs=1, image_shape=(8, 8, 1), code_size=3).fit(digits[:60])
    assert "64 → 4 filters of 3 × 3 → 16 → 3 and back" in images.architecture_text()
