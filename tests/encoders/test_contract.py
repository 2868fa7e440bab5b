"""Hold every encoder to what the family promises."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from aeviz import AevizError
from aeviz.core.registry import ENCODERS
from aeviz.encoders import Encoder
from aeviz.encoders.base import SAMPLE_ARRAYS
from tests.encoders.conftest import every_kind, load_elsewhere, quick

KINDS = ENCODERS.names()


@pytest.fixture(scope="module", params=every_kind())
def fitted(request, digits):
    """Give each kind fitted on the first 400 digits."""
    return quick(request.param).fit(digits[:400])


def test_declared_abilities_hold(fitted, digits):
    is_network = {"epochs", "batch_size", "callbacks"} <= fitted.get_params().keys()
    assert fitted.is_trained == is_network == hasattr(fitted, "history_")
    assert fitted.can_generate == hasattr(fitted, "sample")
    assert fitted.min_code_size <= fitted.code_size_ <= fitted.max_code_size(400, 64)
    assert not fitted.needs_images or fitted.get_params()["image_shape"] is not None
    if fitted.is_embedding:
        assert fitted.code_size_ == 2
    code = fitted.transform(digits[:400])
    is_code = np.array_equal(fitted.inverse_transform(code), code)
    assert is_code != fitted.can_decode
    assert bool(fitted.decoding_steps()) == fitted.can_decode


def test_it_tells_its_layers_and_its_loss(fitted, tmp_path):
    for encoder in (clone(fitted), fitted):
        for text in (encoder.loss_text(), encoder.architecture_text()):
            assert text
            assert "\n" not in text
            assert not text.endswith(".")
    told = {"architecture": fitted.architecture_text(), "loss": fitted.loss_text()}
    if fitted.is_trained:
        names = {"bernoulli": "cross-entropy", "gaussian": "squared error"}
        assert {loss for loss, name in names.items() if name in told["loss"]} == {fitted.loss_}
        assert f"{fitted.code_size_:,}" in told["architecture"]
    fitted.save(tmp_path)
    assert json.loads((tmp_path / "params.json").read_text())["about"] == told
    assert type(fitted).load(tmp_path).loss_text() == told["loss"]


def test_artifacts_and_losses_are_those_of_the_kind(fitted, digits):
    X, is_train = digits[:500], np.arange(500) < 400
    code = fitted.transform(X)
    found = fitted.artifacts(X, code, is_train=is_train, shown=np.arange(3))
    losses = fitted.losses(X[400:])
    assert fitted.reconstruction_losses(X[400:]).items() <= losses.items()
    assert ("reconstruction" in found) == ("outliers" in found) == fitted.can_decode
    assert ("denoising" in found) == ("restored_error" in losses)
    assert ("bound" in found) == ("negative_elbo" in losses)
    assert ("manifold" in found) == fitted.is_embedding
    if fitted.can_decode:
        kept = found["reconstruction"]
        assert_array_equal(kept["X"], fitted.inverse_transform(code[:3]))
        error = kept["sample_error"][400:].mean()
        assert_allclose(losses["mean_squared_error"], error, rtol=1e-5)
    for arrays in found.values():
        for name in SAMPLE_ARRAYS:
            assert name not in arrays or arrays[name].shape[-1] == 64


@pytest.mark.parametrize("kind", KINDS)
def test_an_unfitted_encoder_knows_its_sizes_and_memory(kind):
    encoder: Encoder = ENCODERS.get(kind)()
    few, many = (encoder.memory_need(n, 64).n_bytes for n in (1000, 100_000))
    assert 0 < few < many
    assert 1 <= encoder.min_code_size <= encoder.max_code_size(10, 64) <= 64


def test_code_has_the_promised_shape_and_type(fitted, digits):
    code = fitted.transform(digits[:37])
    assert code.shape == (37, fitted.code_size_)
    assert code.dtype == np.float32
    assert fitted.inverse_transform(code).shape == (37, 64)
    assert fitted.inverse_transform(code).dtype == np.float32


def test_code_does_not_depend_on_the_batch(fitted, digits):
    together = fitted.transform(digits)
    assert_array_equal(fitted.transform(digits[1200:1201]), together[1200:1201])
    assert_array_equal(fitted.transform(digits[900:1300]), together[900:1300])


def test_same_seed_same_code_other_seed_not(fitted, digits):
    code = fitted.transform(digits[:20])
    again = clone(fitted).fit(digits[:400])
    assert_array_equal(again.transform(digits[:20]), code)
    other = clone(fitted).set_params(random_state=1).fit(digits[:400])
    assert np.array_equal(other.transform(digits[:20]), code) != fitted.depends_on_seed


@pytest.mark.slow
def test_a_new_process_loads_it_encodes_alike_and_trains_it_again(fitted, digits, tmp_path):
    fitted.save(tmp_path / "model")
    np.save(tmp_path / "X.npy", digits[:400])
    load_elsewhere(type(fitted), {"model": "X.npy"}, tmp_path)
    code = fitted.transform(digits[:400])
    for name, expected in {"code": code, "back": fitted.inverse_transform(code)}.items():
        assert_array_equal(np.load(tmp_path / f"model_{name}.npy"), expected)
    assert_array_equal(np.load(tmp_path / "model_again.npy"), code)


def test_loaded_encoder_has_the_parameters(fitted, tmp_path):
    fitted.save(tmp_path)
    loaded = type(fitted).load(tmp_path)
    assert loaded.get_params() == fitted.get_params()


def test_loading_what_is_not_there_says_so(fitted, tmp_path):
    with pytest.raises(AevizError, match=r"holds no encoder: it has no params\.json"):
        type(fitted).load(tmp_path)


def test_loading_another_kind_says_so(fitted, tmp_path):
    fitted.save(tmp_path)
    text = (tmp_path / "params.json").read_text()
    (tmp_path / "params.json").write_text(text.replace(type(fitted).__name__, "Other"))
    with pytest.raises(AevizError, match="holds a Other; expected a"):
        type(fitted).load(tmp_path)


def test_works_in_a_pipeline_with_names_and_frames(fitted, digits):
    pipeline = make_pipeline(MinMaxScaler(), clone(fitted)).set_output(transform="pandas")
    frame = pipeline.fit_transform(digits[:100])
    assert frame.shape == (100, pipeline[-1].code_size_)
    assert list(frame.columns) == list(pipeline.get_feature_names_out())


def test_integers_booleans_and_constant_columns_work(fitted):
    rng = np.random.default_rng(0)
    integers = rng.integers(-50, 900, (60, 6))
    integers[:, 2] = 7
    for X in (integers, integers > 300):
        code = clone(fitted).fit(X).transform(X)
        assert np.isfinite(code).all()


@pytest.mark.parametrize("kind", every_kind())
def test_code_size_beyond_the_features_is_refused(kind, digits):
    if "code_size" not in ENCODERS.get(kind)().get_params():
        pytest.skip("this kind has no code size to choose")
    with pytest.raises(ValueError, match=r"code_size must be in 1\.\.64 \(.*\), got 65"):
        quick(kind, code_size=65).fit(digits[:100])


@pytest.mark.slow
def test_reconstruction_is_closer_than_the_mean(fitted, digits):
    """A fitted encoder loses less than the mean of all samples would."""
    if fitted.is_trained:
        kind = type(fitted).__module__.rpartition(".")[2]
        learner = quick(kind, epochs=40, hidden_sizes=(64,), filters=(16,), learning_rate=0.01)
        fitted = learner.fit(digits[:400])
    held_out = digits[1000:1400]
    reconstruction = fitted.inverse_transform(fitted.transform(held_out))
    error = np.mean((reconstruction - held_out) ** 2)
    assert error < 0.85 * np.mean((digits[:400].mean(axis=0) - held_out) ** 2)


@pytest.mark.slow
def test_reconstructions_have_the_units_of_the_source():
    """Data far from [0, 1] are scaled inside, and reconstructed in their own units."""
    rng = np.random.default_rng(0)
    plane = rng.normal(size=(600, 2)) @ rng.normal(size=(2, 8))
    X = 1e4 + 300 * plane
    for kind in KINDS:
        encoder = quick(kind, epochs=40, code_size=2).fit(X)
        back = encoder.inverse_transform(encoder.transform(X))
        assert_allclose(back.mean(axis=0), X.mean(axis=0), rtol=0.02)
