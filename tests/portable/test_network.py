"""Hold decoders written as plain layers to what the encoders themselves decode."""

from __future__ import annotations

import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_wine

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import ENCODERS
from aeviz.encoders.identity import IdentityEncoder
from aeviz.encoders.networks.layers import BatchStandardisation
from aeviz.encoders.networks.patch_conv import PatchConv2D
from aeviz.encoders.pca import PCAEncoder
from aeviz.portable.from_keras import plain_layers
from aeviz.portable.network import Portable, portable_decoder
from aeviz.portable.run_numpy import ACTIVATIONS as PLAIN_ACTIVATIONS
from aeviz.portable.run_numpy import NotPortableError
from tests.encoders.conftest import quick
from tests.encoders.test_image_kinds import SHAPES, blots, image_encoder

DECODING = [name for name in ENCODERS.names() if ENCODERS.get(name).can_decode]
KINDS = [
    name if name in ("pca", "variational") else pytest.param(name, marks=pytest.mark.slow)
    for name in DECODING
]
# One list of layers a case, behind an image of 4 x 3 pixels and 2 channels.
IMAGE_LAYERS = {
    "convolution": lambda: [layers.Conv2D(3, (3, 2), padding="same", activation="relu")],
    "strides": lambda: [layers.Conv2D(3, 3, strides=2, padding="same", use_bias=False)],
    "dilation": lambda: [layers.Conv2D(3, 2, dilation_rate=2, padding="same")],
    "valid": lambda: [layers.Conv2D(3, 3, padding="valid")],
    "transposed": lambda: [layers.Conv2DTranspose(3, 3, strides=2, padding="same")],
    "transposed valid": lambda: [layers.Conv2DTranspose(3, (4, 3), strides=(3, 2))],
    "transposed even": lambda: [layers.Conv2DTranspose(3, 4, strides=2, padding="same")],
    "transposed small": lambda: [layers.Conv2DTranspose(3, 1, strides=2, padding="same")],
    "patches up": lambda: [PatchConv2D(3, 3, up_size=2, activation="elu")],
    "patches up three": lambda: [PatchConv2D(3, 2, up_size=3)],
    "patches strides": lambda: [PatchConv2D(3, 5, strides=2)],
    "nearest": lambda: [layers.UpSampling2D((2, 3))],
    "bilinear": lambda: [layers.UpSampling2D((2, 3), interpolation="bilinear")],
    "cropping": lambda: [layers.Cropping2D(((1, 0), (0, 1)))],
    "padding": lambda: [layers.ZeroPadding2D(((1, 0), (2, 1)))],
    "normalisation": lambda: [layers.BatchNormalization(), layers.ReLU()],
    "softmax": lambda: [layers.Softmax()],
    "nothing": lambda: [layers.Dropout(0.5), layers.GaussianNoise(1.0), layers.Flatten()],
    "slopes": lambda: [layers.LeakyReLU(0.1), layers.ELU(0.7), layers.Rescaling(2.0, -1.0)],
    "dense": lambda: [layers.Flatten(), layers.Dense(5), BatchStandardisation()],
}
ACTIVATIONS = [*PLAIN_ACTIVATIONS, "elu", "leaky_relu", "softmax", "linear"]


def shaken(model):
    """Give all weights of a model, moments included, values that are not their start."""
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(0.2, 0.9, w.shape) - 0.3 * (w.ndim > 1) for w in model.weights])
    return model


def decoder_of(parts):
    """Return a functional decoder from a code of 24 numbers."""
    x = code = keras.Input((24,))
    for layer in (layers.Reshape((4, 3, 2)), *parts):
        x = layer(x)
    return shaken(keras.Model(code, layers.Flatten()(x)))


def assert_equal_to_keras(decoder):
    codes = np.random.default_rng(1).normal(size=(3, 24)).astype(np.float32)
    expected = keras.ops.convert_to_numpy(decoder(codes, training=False))
    assert_allclose(Portable(24, *plain_layers(decoder)).run(codes), expected, 1e-4, 1e-5)


@pytest.mark.parametrize("case", IMAGE_LAYERS)
def test_a_layer_is_that_of_keras(case):
    assert_equal_to_keras(decoder_of(IMAGE_LAYERS[case]()))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_that_of_keras(name):
    assert_equal_to_keras(decoder_of([layers.Conv2D(3, 2, activation=name)]))
    assert_equal_to_keras(decoder_of([layers.Activation(name)]))


@pytest.mark.parametrize("kind", KINDS)
def test_digits_and_tables_decode_alike(kind, digits, tmp_path):
    changes = {"image_shape": (8, 8, 1), "epochs": 2}
    encoder = quick(kind, **changes).fit(digits[:200])
    assert_decodes_alike(encoder, digits[:50])
    encoder.save(tmp_path / kind)
    assert_decodes_alike(ENCODERS.get(kind).load(tmp_path / kind), digits[:50])
    if kind == "convolutional":
        return
    # Units of thousands: standardised by the encoder, which the portable decoder undoes.
    wine = load_wine().data.astype(np.float32)
    changes = {"network": "dense", "epochs": 2}
    assert_decodes_alike(quick(kind, **changes).fit(wine), wine, unit=wine.std(axis=0))


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "kind", ["convolutional", "denoising", "regularized", "residual", "variational"]
)
def test_images_of_every_shape_decode_alike(kind, shape):
    X = blots(shape, 40)
    assert_decodes_alike(image_encoder(kind, shape, epochs=1).fit(X), X)


def assert_decodes_alike(encoder, X, *, unit=1.0):
    codes = encoder.transform(X)
    expected = encoder.inverse_transform(codes)
    assert np.abs((portable_decoder(encoder).run(codes) - expected) / unit).max() < 1e-4


@pytest.fixture
def small():
    """Give a fitted linear encoder, its portable decoder and codes."""
    X = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
    encoder = PCAEncoder(code_size=2).fit(X)
    return encoder, portable_decoder(encoder), encoder.transform(X)


def test_units_are_appended(small):
    encoder, portable, codes = small
    shift, scale = np.arange(5.0), np.arange(1.0, 6.0)
    expected = encoder.inverse_transform(codes) * scale + shift
    assert_allclose(portable.in_units(shift, scale).run(codes), expected, rtol=1e-5, atol=1e-5)
    # One number for all features, as data scaled to [0, 1] have.
    expected = encoder.inverse_transform(codes) * 255 + 3
    outputs = portable.in_units(np.array([3.0]), np.array([255.0])).run(codes)
    assert_allclose(outputs, expected, rtol=1e-5, atol=1e-4)


def test_kernels_keep_as_few_digits_as_are_enough(small):
    _, portable, codes = small
    narrow, difference = portable.narrowed(codes)
    assert 0 < difference < 5e-4
    assert np.abs(narrow.run(codes) - portable.run(codes)).max() == difference
    kernel, bias = narrow.weights[0]["kernel"], narrow.weights[0]["bias"]
    assert kernel.dtype == np.float32
    assert_array_equal(bias, portable.weights[0]["bias"])
    # At least eight of the 23 binary digits are zeros.
    assert not np.any(kernel.view(np.uint32) & 0xFF)
    assert_allclose(kernel, portable.weights[0]["kernel"], rtol=2**-9)


def test_larger_codes_need_more_digits_and_some_need_all(small):
    _, portable, codes = small
    zeros = []
    for factor in (1, 30):
        kernel = portable.narrowed(factor * codes)[0].weights[0]["kernel"]
        bits = int(np.bitwise_or.reduce(kernel.view(np.uint32), axis=None))
        zeros.append((bits & -bits).bit_length())
    assert zeros[0] > zeros[1]
    same, difference = portable.narrowed(1e7 * codes)
    assert same is portable
    assert difference == 0


def test_files_give_it_back(small, tmp_path):
    _, portable, codes = small
    written = portable.narrowed(codes / 10)[0].in_units(np.zeros(5), np.ones(5))
    written.write(tmp_path / "decoder")
    read = Portable.read(tmp_path / "decoder")
    assert (read.code_size, read.layers) == (2, written.layers)
    for found, expected in zip(read.weights, written.weights, strict=True):
        assert found.keys() == expected.keys()
        for role, array in found.items():
            assert array.dtype == expected[role].dtype
            assert_array_equal(array, expected[role])


def test_files_of_another_schema_are_told(small, tmp_path):
    small[1].write(tmp_path)
    (tmp_path / "decoder.json").write_text('{"schema": 9}')
    with pytest.raises(AevizError, match=r"has schema 9, and this version, .*, reads 1"):
        Portable.read(tmp_path)
    with pytest.raises(FileNotFoundError):
        Portable.read(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([layers.LayerNormalization(name="odd")], r"layer odd \(LayerNorm.*has no plain form"),
        ([layers.Conv2D(4, 2, groups=2)], "works on groups of channels"),
        ([layers.Conv2D(4, 2, activation="mish")], "has the activation mish"),
        ([layers.ReLU(max_value=3)], "has a largest value or a threshold"),
        ([layers.UpSampling2D(2, interpolation="bicubic")], "interpolates by bicubic"),
        ([layers.Dense(3)], "applied along one axis of several"),
        ([PatchConv2D(3, pool_size=2)], "pools"),
    ],
)
def test_what_has_no_plain_form_is_told(parts, reason):
    with pytest.raises(NotPortableError, match=reason):
        plain_layers(decoder_of(parts))


def test_branches_are_told():
    code = keras.Input((2,))
    x = layers.Dense(3)(code)
    with pytest.raises(NotPortableError, match="plain chain"):
        plain_layers(keras.Model(code, layers.Add()([layers.Dense(3)(x), x])))
    twice = layers.Dense(2)
    with pytest.raises(NotPortableError, match="is applied more than once"):
        plain_layers(keras.Model(code, twice(twice(code))))
    with pytest.raises(NotPortableError, match="IdentityEncoder has no decoder"):
        portable_decoder(IdentityEncoder().fit(np.eye(3)))


def test_a_linear_decoder_loads_no_keras():
    program = (
        "import sys, numpy as np; from aeviz.portable.network import portable_decoder; "
        "from aeviz.encoders.pca import PCAEncoder; "
        "portable_decoder(PCAEncoder(1).fit(np.eye(3))); assert 'keras' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
