"""Test the encoder that starts as PCA: what it starts from, and that it is not behind PCA."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits

from aeviz import PCAEncoder, ResidualAutoencoder, open_stream
from aeviz.portable.network import portable_decoder


def mixed(n_samples, n_features, seed=0):
    """Return correlated samples far from zero, shape (n_samples, n_features)."""
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(n_features, n_features)) / np.sqrt(n_features)
    mixing *= 0.9 ** np.arange(n_features)[:, None]
    return (rng.normal(size=(n_samples, n_features)) @ mixing + 3.0).astype(np.float32)


def error(encoder, X):
    return float(np.square(encoder.inverse_transform(encoder.transform(X)) - X).mean())


def curve(n_samples, seed):
    """Return points of a curved surface of two dimensions in ten."""
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(-2, 2, (2, n_samples))
    bent = [a, b, a * b, np.sin(2 * a), np.cos(2 * b), a**2, b**2, np.sin(a + b), a - b, a * a * b]
    return np.stack(bent, axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("X", "parameters"),
    [
        (mixed(200, 12), {"code_size": 5}),
        (mixed(30, 90), {"code_size": 6}),  # more features than samples
        (mixed(200, 64), {"code_size": 6, "image_shape": (8, 8, 1), "network": "convolutional"}),
    ],
    ids=["table", "wide table", "images"],
)
def test_no_epochs_give_pca(X, parameters, tmp_path):
    pca = PCAEncoder(parameters["code_size"]).fit(X)
    encoder = ResidualAutoencoder(**parameters, epochs=0, random_state=0).fit(X)
    code, size = encoder.transform(X), np.abs(X).max()
    assert_array_equal(code, pca.transform(X))
    assert_allclose(
        super(ResidualAutoencoder, encoder)._encode(X) * encoder._scale, code, atol=2e-5 * size
    )
    back = pca.inverse_transform(pca.transform(X))
    assert_allclose(encoder.inverse_transform(code), back, atol=2e-5 * size)
    assert encoder.best_epoch_ == 0
    assert [len(values) for values in encoder.history_.values()] == [1] * len(encoder.history_)
    assert_allclose(portable_decoder(encoder).run(code), back, atol=5e-5 * size)
    encoder.save(tmp_path)
    assert_array_equal(ResidualAutoencoder.load(tmp_path).transform(X), code)


def test_no_epochs_on_a_stream_give_nearly_pca(tmp_path):
    X = mixed(3000, 40)
    np.save(tmp_path / "X.npy", X)
    pca = PCAEncoder(8).fit(X)
    with open_stream(tmp_path / "X.npy") as stream:
        encoder = ResidualAutoencoder(8, epochs=0, random_state=0).fit(stream)
    assert error(encoder, X) < 1.001 * error(pca, X)
    assert_allclose(np.abs(encoder.transform(X)[:, 0]), np.abs(pca.transform(X)[:, 0]), atol=1e-2)


@pytest.mark.slow
def test_a_curved_surface_is_reconstructed_better_than_by_pca():
    X, unseen = curve(600, 0), curve(400, 1)
    pca = PCAEncoder(3).fit(X)
    encoder = ResidualAutoencoder(3, epochs=40, random_state=0).fit(X)
    assert encoder.best_epoch_ > 0
    assert error(encoder, unseen) < 0.5 * error(pca, unseen)
    # The first entry of the history is before training, which is PCA.
    losses = encoder.history_["val_reconstruction"]
    assert losses[encoder.best_epoch_] == min(losses) < 0.5 * losses[0]


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(60, 20), (80, 200)], ids=["few samples", "wide table"])
def test_noise_teaches_nothing_and_is_left_to_pca(shape):
    rng = np.random.default_rng(0)
    X, unseen = (rng.normal(size=shape).astype(np.float32) for _ in range(2))
    pca = PCAEncoder(8).fit(X)
    encoder = ResidualAutoencoder(8, random_state=0).fit(X)
    assert error(encoder, unseen) < 1.01 * error(pca, unseen)


@pytest.mark.slow
def test_the_unit_of_all_features_changes_nothing():
    X = load_digits().data[:400].astype(np.float32)
    codes = [
        ResidualAutoencoder(8, epochs=5, random_state=0).fit_transform(X * unit) / unit
        for unit in (1.0, 1024.0, 2.0**-20)
    ]
    assert_allclose(codes[1], codes[0], atol=1e-3)
    assert_allclose(codes[2], codes[0], atol=1e-3)


def test_distances_of_pairs_are_compared_by_the_formula():
    """Three samples on a line, 3 and 4 apart; in the code 1 and 4 apart: gaps of 2, 0 and 2."""
    from aeviz.encoders.networks.residual import PairDistances

    x = np.array([[0.0, 0.0], [0.0, 3.0], [0.0, 7.0]], np.float32)
    code = np.array([[0.0], [1.0], [5.0]], np.float32)
    layer = PairDistances(0.5)
    assert_array_equal(np.asarray(layer([x, code])), code)
    assert_allclose(float(layer.losses[0]), 0.5 * (4 + 0 + 4) / 3, rtol=1e-4)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"shift": 1.5}, r"shift must be .*1.5"),
        ({"distance_weight": -1.0}, r"distance_weight must be .*-1"),
        ({"loss": "bernoulli"}, r"loss must be .*bernoulli"),
        ({"epochs": -1}, r"epochs must be .*-1"),
    ],
)
def test_bad_parameters_are_refused_in_one_line(parameters, message):
    with pytest.raises(ValueError, match=message):
        ResidualAutoencoder(2, **parameters).fit(mixed(20, 4))


def test_decoders_of_colour_images_are_small_enough_for_a_page():
    X = np.random.default_rng(0).random((12, 32 * 32 * 3), dtype=np.float32)
    encoder = ResidualAutoencoder(8, image_shape=(32, 32, 3), epochs=0, random_state=0).fit(X)
    assert encoder.decoder_.count_params() < 1_200_000


def test_wide_tables_get_a_bounded_network():
    X = np.random.default_rng(0).random((40, 20_000), dtype=np.float32)
    encoder = ResidualAutoencoder(8, epochs=0, random_state=0).fit(X)
    assert encoder.encoder_.count_params() < 40 * 20_000 + 100_000
