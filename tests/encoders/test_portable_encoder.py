"""Hold encoders written as plain layers to what the encoders themselves give."""

from __future__ import annotations

import numpy as np
import pytest
from keras import layers
from sklearn.datasets import load_wine

from aeviz.encoders._portable import NotPortableError
from aeviz.encoders._portable_encoder import portable_encoder
from aeviz.encoders._portable_running import run_layers
from aeviz.registry import ENCODERS

from .conftest import quick

KINDS = [
    name if name in ("identity", "pca") else pytest.param(name, marks=pytest.mark.slow)
    for name in ENCODERS.names()
]


def difference(encoder, X):
    return np.abs(run_layers(*portable_encoder(encoder), X) - encoder.transform(X)).max()


@pytest.fixture(scope="module")
def wine():
    """Give samples in units of thousands, which the encoder standardises, and the encoder."""
    X = load_wine().data.astype(np.float32)
    return X, quick("variational", epochs=2).fit(X)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_encodes_alike(kind, digits):
    encoder = quick(kind, image_shape=(8, 8, 1), epochs=2).fit(digits[:200])
    assert difference(encoder, digits[:50]) < 1e-4


def test_features_of_any_unit_encode_alike(wine):
    X, encoder = wine
    assert difference(encoder, X) < 1e-4


def test_what_has_no_plain_form_is_told(wine):
    _, encoder = wine
    hidden = encoder.encoder_.layers[1]
    activation = hidden.activation
    hidden.activation = layers.Activation("mish").activation
    with pytest.raises(NotPortableError, match="has the activation mish"):
        portable_encoder(encoder)
    hidden.activation = activation
    with pytest.raises(NotPortableError, match="object is no encoder of layers"):
        portable_encoder(object())
