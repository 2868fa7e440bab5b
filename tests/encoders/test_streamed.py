"""Test fitting and encoding of data that stay on disk, and what Ctrl-C leaves."""

from __future__ import annotations

import keras
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

from aeviz import (
    AevizError,
    DeepAutoencoder,
    VariationalAutoencoder,
    load_dataset,
    open_stream,
)
from tests.encoders.conftest import quick

# Of the 450 KB of the digits, a window holds a quarter of this.
BUDGET = 200_000


@pytest.fixture(scope="module")
def sources(digits, tmp_path_factory):
    """Give the digits as a .npy file, as Parquet in row groups and as a memory-mapped array."""
    folder = tmp_path_factory.mktemp("digits")
    np.save(folder / "digits.npy", digits)
    frame = pd.DataFrame(digits, columns=[f"pixel {i}" for i in range(64)])
    frame.to_parquet(folder / "digits.parquet", row_group_size=250, index=False)
    return {
        "npy": open_stream(folder / "digits.npy"),
        "parquet": open_stream(folder / "digits.parquet"),
        "memmap": np.load(folder / "digits.npy", mmap_mode="r"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["npy", "parquet", "memmap"])
def test_streamed_training_is_as_good_as_resident(digits, sources, kind):
    """Measured before and after: both lose far less than the untrained network."""
    options = {"epochs": 15, "hidden_sizes": (32,), "learning_rate": 0.01}
    resident = quick("deep", **options).fit(digits)
    streamed = quick("deep", **options, memory_budget=BUDGET).fit(sources[kind])
    first, best = streamed.history_["val_loss"][0], min(streamed.history_["val_loss"])
    assert best < 0.8 * first
    assert_allclose(best, min(resident.history_["val_loss"]), rtol=0.05)
    assert streamed.n_features_in_ == 64
    assert streamed.loss_ == resident.loss_ == "bernoulli"


@pytest.mark.slow
def test_streams_are_standardised_as_arrays_are(digits, tmp_path):
    X = (1000 + 50 * digits).astype(np.float32)
    np.save(tmp_path / "X.npy", X)
    streamed = quick("deep", memory_budget=BUDGET).fit(open_stream(tmp_path / "X.npy"))
    resident = quick("deep").fit(X)
    assert streamed.loss_ == "gaussian"
    assert_allclose(streamed.scaling_.mean, resident.scaling_.mean, rtol=1e-6)
    assert_allclose(streamed.scaling_.scale, resident.scaling_.scale, rtol=1e-6)
    assert_allclose(streamed.scaling_.mean, X.mean(axis=0, dtype=np.float64), rtol=1e-6)


@pytest.mark.slow
def test_codes_are_the_same_to_the_last_bit_from_memory_and_from_disk(digits, sources, tmp_path):
    encoder = quick("deep", memory_budget=BUDGET).fit(digits[:400])
    code = encoder.set_params(memory_budget=2**30).transform(digits)
    encoder.set_params(memory_budget=BUDGET)
    for source in sources.values():
        assert_array_equal(encoder.transform(source), code)
    encoder.transform_to(tmp_path / "code.npy", sources["npy"])
    assert_array_equal(np.load(tmp_path / "code.npy"), code)
    encoder.inverse_transform_to(tmp_path / "back.npy", tmp_path / "code.npy")
    assert_array_equal(np.load(tmp_path / "back.npy"), encoder.inverse_transform(code))
    assert [path.name for path in tmp_path.iterdir()].count("back.npy") == 1


@pytest.mark.slow
def test_an_array_beyond_the_budget_is_read_in_windows(digits):
    weights = np.ones(len(digits))
    small, large = (
        quick("deep", memory_budget=budget).fit(digits, sample_weight=weights)
        for budget in (BUDGET, 2**30)
    )
    assert not np.array_equal(small.transform(digits[:5]), large.transform(digits[:5]))
    assert_allclose(small.history_["loss"][-1], large.history_["loss"][-1], rtol=0.1)


@pytest.mark.slow
def test_a_folder_of_images_is_learnt(digits, tmp_path):
    for i, pixels in enumerate(digits[:60]):
        image = Image.fromarray((pixels.reshape(8, 8) * 255).astype(np.uint8))
        image.save(tmp_path / f"{i:03}.png")
    options = {"memory_budget": 2**30, "random_state": 0}
    streamed = quick("variational", **options).fit(open_stream(tmp_path, scale_pixels=True))
    assert streamed.loss_ == "bernoulli"
    assert streamed.transform(open_stream(tmp_path, scale_pixels=True)).shape == (60, 2)
    # The same pixels by either way have the same units, so that loss="auto" chooses the same.
    images = load_dataset(tmp_path)
    resident = quick("variational", **options).fit(images.X)
    streamed = quick("variational", **options).fit(open_stream(tmp_path))
    assert streamed.loss_ == resident.loss_ == "gaussian"
    assert_allclose(streamed.scaling_.mean, resident.scaling_.mean, rtol=1e-6)
    assert_allclose(streamed.scaling_.scale, resident.scaling_.scale, rtol=1e-6)


def test_wrong_widths_are_told(digits, sources, tmp_path):
    encoder = quick("deep", memory_budget=BUDGET).fit(digits[:200, :60])
    with pytest.raises(ValueError, match="X has 64 features, but DeepAutoencoder is expecting 60"):
        encoder.transform(sources["npy"])
    with pytest.raises(ValueError, match="X has 64 features"):
        encoder.transform_to(tmp_path / "code.npy", sources["npy"])
    with pytest.raises(ValueError, match=r"codes must have the shape \(n_samples, 30\), got"):
        encoder.inverse_transform_to(tmp_path / "back.npy", sources["npy"])
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="memory_budget must be at least 1, got 0"):
        quick("deep", memory_budget=0).fit(digits)


class _Interrupt(keras.callbacks.Callback):
    """Press Ctrl-C at the end of an epoch."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            raise KeyboardInterrupt


@pytest.mark.slow
def test_ctrl_c_leaves_a_fitted_encoder(digits):
    encoder = quick("deep", epochs=9).set_params(callbacks=[_Interrupt(2)])
    with pytest.raises(KeyboardInterrupt):
        encoder.fit(digits[:300])
    assert len(encoder.history_["loss"]) == 3
    assert encoder.transform(digits[:5]).shape == (5, encoder.code_size_)


def test_ctrl_c_before_the_first_epoch_ends_leaves_it_unfitted(digits):
    class AtOnce(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            raise KeyboardInterrupt

    encoder = quick("deep").set_params(callbacks=[AtOnce()])
    with pytest.raises(KeyboardInterrupt):
        encoder.fit(digits[:300])
    assert not encoder.__sklearn_is_fitted__()


@pytest.mark.slow
def test_a_callback_may_set_the_learning_rate(digits):
    """The cosine of the default is a schedule, which Keras lets no callback change."""
    setter = keras.callbacks.LearningRateScheduler(lambda epoch: 0.01 / (1 + epoch))
    encoder = quick("deep").set_params(callbacks=[setter]).fit(digits[:100])
    assert_allclose(encoder.history_["learning_rate"], [0.01, 0.005, 0.01 / 3], rtol=1e-5)


@pytest.mark.slow
def test_divergence_is_told(digits):
    encoder = DeepAutoencoder(4, learning_rate=1e20, epochs=2, loss="gaussian", random_state=0)
    with pytest.raises(
        AevizError, match="training diverged: the loss of the first epoch is nan; ch"
    ):
        encoder.fit(digits[:200])


@pytest.mark.slow
def test_variational_takes_streams_too(sources):
    encoder = VariationalAutoencoder(
        2, hidden_sizes=(16,), epochs=2, memory_budget=BUDGET, random_state=0
    ).fit(sources["npy"])
    assert encoder.sample(3).shape == (3, 64)
    assert set(encoder.history_) >= {"loss", "kl", "reconstruction", "val_kl"}


@pytest.mark.slow
@pytest.mark.parametrize("learnt_before", [False, True])
def test_an_interrupted_refit_leaves_the_encoder_as_it_was(digits, learnt_before):
    """It once kept the new number of features together with the old network."""

    class AtOnce(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            raise KeyboardInterrupt

    encoder = quick("deep")
    if learnt_before:
        code = encoder.fit(digits[:100]).transform(digits[:5])
    encoder.set_params(callbacks=[AtOnce()])
    with pytest.raises(KeyboardInterrupt):
        encoder.fit(digits[:100, :30])
    if learnt_before:
        assert_array_equal(encoder.transform(digits[:5]), code)
    else:
        assert not hasattr(encoder, "n_features_in_")


@pytest.mark.slow
def test_names_of_columns_are_checked_in_streams(digits, tmp_path):
    """Columns in another order once gave codes of the wrong features, silently."""
    frame = pd.DataFrame(digits[:200, 20:23], columns=["a", "b", "c"])
    frame[["c", "b", "a"]].to_parquet(tmp_path / "turned.parquet", index=False)
    frame.to_parquet(tmp_path / "same.parquet", index=False)
    encoder = quick("deep").fit(frame)
    same = encoder.transform(open_stream(tmp_path / "same.parquet"))
    assert_array_equal(same, encoder.transform(frame))
    with pytest.raises(ValueError, match="column 0 of turned is 'c', expected 'a'"):
        encoder.transform(open_stream(tmp_path / "turned.parquet"))
    assert encoder.score(open_stream(tmp_path / "same.parquet")) == pytest.approx(
        encoder.score(frame), rel=1e-5
    )


@pytest.mark.slow
def test_samples_of_weight_zero_are_not_trained_on(digits):
    weights = np.zeros(300)
    weights[:20] = 1.0
    encoder = quick("deep", epochs=2).fit(digits[:300], sample_weight=weights)
    assert min(encoder.history_["loss"]) > 0
    for bad in (np.nan, -1.0):
        weights[0] = bad
        with pytest.raises(ValueError, match="finite numbers of at least 0"):
            encoder.fit(digits[:300], sample_weight=weights)
