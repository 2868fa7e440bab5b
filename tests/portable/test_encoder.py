"""Hold encoders written as plain layers to what the encoders themselves give."""

from __future__ import annotations

import numpy as np
import pytest
from keras import layers
from sklearn.datasets import load_wine

from aeviz.core.registry import ENCODERS
from aeviz.portable.network import portable_encoder
from aeviz.portable.run_numpy import NotPortableError, run_layers
from tests.encoders.conftest import quick


def difference(encoder, X):
    return np.abs(run_layers(*portable_encoder(encoder), X) - encoder.transform(X)).max()


@pytest.fixture(scope="module")
def wine():
    """Give samples in units of thousands, which the encoder standardises, and the encoder."""
    X = load_wine().data.astype(np.float32)
    return X, quick("variational", epochs=2).fit(X)


@pytest.mark.parametrize("kind", ["identity", "pca"])
def test_what_is_no_network_encodes_alike(kind, digits):
    """The networks are held to this by `tests.exports.test_onnx`, a kind each."""
    assert difference(ENCODERS.get(kind)().fit(digits[:200]), digits[:50]) < 1e-4


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
