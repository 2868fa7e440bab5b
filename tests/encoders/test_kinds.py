"""Test what is special to single encoders."""

from __future__ import annotations

import json
import zipfile

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import norm
from sklearn.decomposition import PCA

from aeviz import AevizError, DeepAutoencoder, VariationalAutoencoder
from aeviz.core.registry import ENCODERS
from aeviz.encoders._artifacts import outliers, reconstruct
from aeviz.encoders.networks.layers import GaussianSample
from aeviz.encoders.pca import PCAEncoder
from tests.encoders.conftest import quick


def test_pca_is_scikit_learns(digits):
    encoder = PCAEncoder(code_size=5, random_state=0).fit(digits)
    expected = PCA(5, random_state=0).fit(digits)
    assert_allclose(
        np.abs(encoder.transform(digits)), np.abs(expected.transform(digits)), atol=1e-4
    )


def test_kl_and_draw_follow_the_formula():
    """Mean 1, log-variance log 4: KL = −½ (1 + log 4 − 1 − 4) = 2 − log 2 for each dimension."""
    layer = GaussianSample(beta=0.5, seed=3)
    mean = np.ones((20_000, 2), np.float32)
    log_var = np.full((20_000, 2), np.log(4.0), np.float32)
    z = keras.ops.convert_to_numpy(layer([mean, log_var], training=True))
    expected = 2 * (2 - np.log(2))
    assert_allclose(float(layer.losses[0]), 0.5 * expected, rtol=1e-5)
    assert_allclose(keras.ops.convert_to_numpy(layer.kl), expected, rtol=1e-5)
    assert_allclose(z.mean(), 1.0, atol=0.05)
    assert_allclose(z.std(), 2.0, atol=0.05)
    assert_array_equal(keras.ops.convert_to_numpy(layer([mean, log_var], training=False)), mean)


@pytest.mark.slow
def test_variational_loss_is_its_parts(digits):
    encoder = quick("variational", beta=0.25, epochs=4).fit(digits[:300])
    history = {name: np.array(values) for name, values in encoder.history_.items()}
    for prefix in ("", "val_"):
        parts = history[f"{prefix}reconstruction"] + 0.25 * history[f"{prefix}kl"]
        assert_allclose(history[f"{prefix}loss"], parts, rtol=1e-4)


@pytest.mark.slow
def test_variational_generates(digits):
    encoder = quick("variational").fit(digits[:300])
    drawn = encoder.sample(7, random_state=1)
    assert drawn.shape == (7, 64)
    assert_array_equal(drawn, encoder.sample(7, random_state=1))
    assert not np.array_equal(drawn, encoder.sample(7, random_state=2))
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    grid = encoder.manifold(n=5, probability=(0.1, 0.9))
    assert grid["X"].shape == (5, 5, 64)
    assert_allclose(grid["axis"], norm.ppf([0.1, 0.3, 0.5, 0.7, 0.9]), atol=1e-6)
    corner = np.array([[grid["axis"][-1], grid["axis"][-1]]])
    assert_allclose(grid["X"][0, -1], encoder.decode(corner)[0], rtol=1e-5, atol=1e-6)


def test_best_epoch_is_the_one_kept(digits):
    encoder = quick("deep", epochs=60, learning_rate=0.05, patience=5).fit(digits[:200])
    losses = encoder.history_["val_loss"]
    assert encoder.best_epoch_ == int(np.argmin(losses))
    assert len(losses) <= encoder.best_epoch_ + 1 + 5


def test_loss_follows_the_data(digits):
    assert quick("deep").fit(digits[:100]).loss_ == "bernoulli"
    assert quick("deep").fit(digits[:100] * 2 - 1).loss_ == "gaussian"
    with pytest.raises(ValueError, match=r"loss='bernoulli' needs data in \[0, 1\], got values in"):
        quick("deep", loss="bernoulli").fit(digits[:100] * 2)


def test_cross_entropy_of_artifacts_is_the_training_loss(digits):
    """The loss of history_ is summed over 64 pixels; the artifact is the mean per pixel."""
    encoder = quick("deep", epochs=10, validation_fraction=0.5).fit(digits[:400])
    code = encoder.transform(digits[:400])
    is_train = np.zeros(400, bool)
    shown = np.arange(10)
    kept = reconstruct(encoder, digits[:400], code, is_train=is_train, shown=shown)
    per_sample = encoder.autoencoder_.evaluate(digits[:400], digits[:400], verbose=0) / 64
    assert_allclose(kept["sample_cross_entropy"].mean(), per_sample, rtol=1e-4)
    assert_allclose(kept["feature_error"].mean(), kept["sample_error"].mean(), rtol=1e-6)
    assert_allclose(kept["sample_error"].mean(), -encoder.score(digits[:400]), rtol=1e-5)


def test_outliers_are_the_samples_with_the_largest_errors(digits):
    encoder = PCAEncoder(code_size=5, random_state=0).fit(digits)
    code = encoder.transform(digits)
    back = encoder.inverse_transform(code)
    errors = np.square(back - digits).mean(axis=1)
    found = outliers(encoder, code, errors)
    assert len(found["rows"]) == 10
    assert (np.diff(errors[found["rows"]]) <= 0).all()
    assert errors[found["rows"][-1]] >= np.delete(errors, found["rows"]).max()
    assert_allclose(found["X"], back[found["rows"]], atol=1e-5)
    assert len(outliers(encoder, code[:4], errors[:4])["rows"]) == 4


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"batch_size": 2.5}, "batch_size must be an integer at least 1, got 2.5"),
        ({"learning_rate": 0.0}, r"learning_rate must be in \(0, inf\), got 0.0"),
        ({"validation_fraction": 1.0}, r"validation_fraction must be in \[0, 1\), got 1.0"),
        ({"hidden_sizes": (8, 0)}, r"hidden_sizes\[1\] must be at least 1, got 0"),
        ({"loss": "huber"}, "loss must be one of auto, bernoulli, gaussian; got 'huber'"),
        ({"patience": 0}, "patience must be at least 1, got 0"),
    ],
)
def test_wrong_parameters_are_told(digits, parameters, message):
    with pytest.raises((ValueError, TypeError), match=message):
        DeepAutoencoder(**parameters).fit(digits[:50])


def test_loading_never_runs_code_from_the_file(digits, tmp_path):
    """A model whose configuration holds a Lambda layer with code of its own is refused."""
    quick("deep").fit(digits[:100]).save(tmp_path)
    inputs = keras.Input((64,))
    keras.config.disable_interactive_logging()
    hostile = keras.Model(inputs, keras.layers.Lambda(lambda x: x + 1)(inputs))
    hostile.save(tmp_path / "model.keras")
    with pytest.raises(AevizError, match="is not a model that aeviz saved"):
        DeepAutoencoder.load(tmp_path)


def test_damaged_files_are_told(digits, tmp_path):
    encoder = quick("deep").fit(digits[:100])
    encoder.save(tmp_path)
    whole = (tmp_path / "model.keras").read_bytes()
    (tmp_path / "model.keras").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AevizError, match="is not a model that aeviz saved"):
        DeepAutoencoder.load(tmp_path)
    (tmp_path / "params.json").write_text("{")
    with pytest.raises(AevizError, match="is not valid JSON"):
        DeepAutoencoder.load(tmp_path)


def test_saved_files_hold_no_pickle(digits, tmp_path):
    quick("variational").fit(digits[:100]).save(tmp_path)
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        assert not [name for name in archive.namelist() if name.endswith((".pkl", ".pickle"))]
    assert json.loads((tmp_path / "params.json").read_text())["class"] == "VariationalAutoencoder"


def test_hidden_sizes_scale_with_the_data():
    encoder = VariationalAutoencoder(epochs=1, random_state=0)
    encoder.fit(np.random.default_rng(0).uniform(size=(50, 784)))
    widths = [layer.units for layer in encoder.encoder_.layers if hasattr(layer, "units")]
    assert widths == [512, 256, 128, 2, 2]


@pytest.mark.parametrize("kind", [k for k in ENCODERS.names() if ENCODERS.get(k).is_trained])
def test_keras_callbacks_reach_every_network(kind, digits, eager):
    heard = []

    class Listener(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            heard.append((self.model.encoder.name, self.model.decoder.name))

        def on_epoch_end(self, epoch, logs=None):
            heard.append(epoch)
            assert {"loss", "val_loss", "learning_rate"} <= logs.keys()
            self.model.stop_training = epoch == 1

        def on_train_end(self, logs=None):
            heard.append("end")

    logger = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: heard.append(-epoch))
    encoder = quick(kind, epochs=9, callbacks=[Listener(), logger]).fit(digits[:80])
    assert heard == [("encoder", "decoder"), 0, 0, -1, 1, "end"]
    # Before training, where that counts, and after two epochs.
    assert len(encoder.history_["loss"]) == 2 + encoder.starts_fitted
