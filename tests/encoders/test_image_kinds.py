"""Test the encoders that take images: any size and colour, and what they say to a table."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from aeviz import AevizError, open_stream, run_report
from aeviz.core.registry import ENCODERS
from aeviz.encoders.networks.default_sizes import default_filters
from tests.encoders.conftest import load_elsewhere

SHAPES = [(28, 28, 1), (16, 16, 1), (17, 23, 3), (8, 8, 1)]
KINDS = ["convolutional", "denoising", "variational"]


def image_encoder(kind, shape, **changes):
    """Return an unfitted convolutional encoder with the filters that suit the shape."""
    options = {"epochs": 6, "hidden_sizes": (8,), "learning_rate": 1e-3, "random_state": 0}
    options |= changes
    if kind != "convolutional":
        options.setdefault("network", "convolutional")
    return ENCODERS.get(kind)(4, image_shape=shape, **options)


def blots(shape, n_samples=80):
    """Return images of a bright blot somewhere, which a network learns in few steps."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    centres = rng.uniform(0.2, 0.8, (n_samples, 2)) * shape[:2]
    distance = (rows - centres[:, 0, None, None]) ** 2 + (columns - centres[:, 1, None, None]) ** 2
    images = np.exp(-distance / (0.05 * shape[0] * shape[1]))[..., None]
    return (images * rng.uniform(0.5, 1, shape[2])).reshape(n_samples, -1).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_shape_is_trained_saved_loaded_elsewhere_and_trained_again(kind, tmp_path):
    fitted, models = {}, {}
    for shape in SHAPES:
        name = "x".join(map(str, shape))
        X = blots(shape)
        fitted[name] = (image_encoder(kind, shape).fit(X), X)
        # Of the samples trained on: the few held out may be unlike them.
        losses = fitted[name][0].history_["loss"]
        assert min(losses) < 0.95 * losses[0]
        fitted[name][0].save(tmp_path / name)
        np.save(tmp_path / f"{name}.npy", X)
        models[name] = f"{name}.npy"
    load_elsewhere(ENCODERS.get(kind), models, tmp_path)
    for name, (encoder, X) in fitted.items():
        code = encoder.transform(X)
        assert code.shape == (80, 4)
        assert_array_equal(np.load(tmp_path / f"{name}_code.npy"), code)
        assert_array_equal(np.load(tmp_path / f"{name}_again.npy"), code)
        back = np.load(tmp_path / f"{name}_back.npy")
        assert back.shape == X.shape
        assert_array_equal(back, encoder.inverse_transform(code))


@pytest.mark.slow
def test_neighbouring_pixels_are_used():
    """Measured before and after: convolution loses less of blots than of their shuffled pixels."""
    shape = (16, 16, 1)
    X = blots(shape, 600)
    shuffled = X[:, np.random.default_rng(1).permutation(256)]
    options = {"epochs": 12, "filters": (8, 8), "hidden_sizes": (), "learning_rate": 5e-3}
    losses = [
        min(image_encoder("convolutional", shape, **options).fit(data).history_["val_loss"])
        for data in (X, shuffled)
    ]
    assert losses[0] < losses[1] - 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_refused_by_name(kind):
    with pytest.raises(ValueError, match=r"needs images: give image_shape=\(height, width, cha"):
        image_encoder(kind, None).fit(np.zeros((20, 12)))


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((3, 5, 1), r"image_shape must have the product 12 \(n_features\), got \(3, 5, 1\)"),
        ((5, -1, 1), r"must have the product 12 \(n_features\), got \(5, -1, 1\)"),
        ((-1, -1, 1), r"must have the product 12 \(n_features\), got \(-1, -1, 1\)"),
        ((3, 4), "three integers of which one may be -1, got"),
        ((3.0, 4, 1), "three integers of which one may be -1, got"),
        ((0, 4, 3), "three integers of which one may be -1, got"),
        ("343", "three integers of which one may be -1, got"),
    ],
)
def test_shapes_that_do_not_fit_are_told(shape, message):
    with pytest.raises(ValueError, match=message):
        image_encoder("convolutional", shape).fit(np.zeros((20, 12)))


def test_one_size_follows_from_the_others():
    encoder = image_encoder("convolutional", (3, -1, 2), epochs=1).fit(blots((3, 5, 2), 20))
    assert encoder.encoder_.layers[1].target_shape == (3, 5, 2)


@pytest.mark.slow
def test_an_image_folder_tells_its_shape(tmp_path):
    for number, pixels in enumerate(blots((12, 10, 3), 24)):
        image = (255 * pixels.reshape(12, 10, 3)).astype(np.uint8)
        Image.fromarray(image).save(tmp_path / f"{number:02}.png")
    encoder = image_encoder("convolutional", None, epochs=1).fit(open_stream(tmp_path))
    assert encoder.encoder_.layers[1].target_shape == (12, 10, 3)


@pytest.mark.parametrize(
    "options", [{"filters": ()}, {"filters": (4, 0)}, {"kernel_size": 0}, {"network": "deep"}]
)
def test_wrong_networks_are_told(options):
    (name,) = options
    with pytest.raises(ValueError, match=rf"{name}.* must"):
        image_encoder("variational", (4, 4, 1), **options).fit(blots((4, 4, 1), 20))


@pytest.mark.slow
def test_auto_is_dense_for_a_table_and_convolutional_for_images():
    X = blots((4, 4, 1), 20)
    for shape, is_convolutional in ((None, False), ((4, 4, 1), True)):
        encoder = image_encoder("denoising", shape, network="auto", epochs=1).fit(X)
        names = [type(layer).__name__ for layer in encoder.encoder_.layers]
        assert ("PatchConv2D" in names) == is_convolutional


def test_filters_halve_any_image_to_eight():
    for shape in [*SHAPES, (1, 500, 1), (224, 224, 3), (2, 2, 1)]:
        side = max(shape[:2])
        for _ in default_filters(shape):
            side = -(-side // 2)
        assert side <= 8


def test_a_report_gives_images_their_shape_and_refuses_tables(tmp_path):
    table = tmp_path / "table.csv"
    np.savetxt(
        table, np.random.default_rng(0).normal(size=(30, 4)), delimiter=",", header="a,b,c,d"
    )
    with pytest.raises(AevizError, match="convolutional encoder's network takes images only, and"):
        run_report(table, out=tmp_path / "run", encoder=["convolutional"])
    assert not (tmp_path / "run").exists()
