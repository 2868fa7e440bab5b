"""Run exported graphs with onnxruntime: from samples as the source has them to their codes."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose

from aeviz import Model, load_dataset
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import ENCODERS
from aeviz.data.card import DataCard
from aeviz.data.dataset import Dataset
from aeviz.data.scaling import Scaling
from aeviz.encoders.pca import PCAEncoder
from aeviz.exports._export_run import export_folder
from aeviz.portable.from_keras import plain_layers
from aeviz.portable.run_numpy import run_layers
from aeviz.runs.model_card import ModelCard
from tests._runs import FIRST_VERSION
from tests.encoders.conftest import quick
from tests.encoders.test_image_kinds import SHAPES, blots, image_encoder
from tests.portable.test_network import ACTIVATIONS, IMAGE_LAYERS, decoder_of

onnx = pytest.importorskip("onnx", reason="needs the extra onnx")
onnxruntime = pytest.importorskip("onnxruntime", reason="needs the extra onnx")

KINDS = [
    name if name in ("deep", "identity", "pca") else pytest.param(name, marks=pytest.mark.slow)
    for name in ENCODERS.names()
]


# Height and width are no multiples of two, and there are several channels.
ODD = next(shape for shape in SHAPES if shape[0] % 2 and shape[1] % 2 and shape[2] > 1)


def session_of(path):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def saved(encoder, dataset, folder):
    """Save an encoder, fitted to prepared samples, as a model; return it and the samples."""
    is_train = np.ones(dataset.n_samples, bool)
    scaling = Scaling.fit(dataset, is_train)
    encoder.fit(scaling.transform(dataset.X))
    card = DataCard(
        name=dataset.name,
        source=dataset.name,
        n_samples=dataset.n_samples,
        n_features=dataset.n_features,
        n_train=dataset.n_samples,
        fingerprint=dataset.fingerprint(),
        scaling=scaling.kind,
        image_shape=dataset.image_shape,
        feature_names=dataset.feature_names,
    )
    kind = next(name for name in ENCODERS.names() if type(encoder) is ENCODERS.get(name))
    look = {"low": 0.0, "high": 1.0, "is_drawing": False} if dataset.is_image else None
    model = Model(encoder, ModelCard(kind, encoder.code_size_, card, scaling, image_scale=look))
    model.save(folder)
    return model


def exported_alike(model, folder, X):
    """Export a saved model, and return by how much codes of samples differ."""
    out = folder.with_suffix(".onnx")
    lines = export_folder(folder, "onnx", out)
    assert f"{model.card.kind}: onnxruntime's codes of 100 samples differ by" in lines[1]
    session = session_of(out)
    (source,) = session.get_inputs()
    X = X.astype({"tensor(float)": np.float32, "tensor(double)": np.float64}[source.type])
    (code,) = session.run([model.card.kind], {source.name: X})
    assert code.dtype == np.float32
    # Another number of samples gives the same codes.
    (one,) = session.run(None, {source.name: X[:1]})
    assert_allclose(one, code[:1], rtol=1e-4, atol=1e-5)
    return np.abs(code - model.encode(X)).max()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_encoder_is_exported(kind, tmp_path):
    digits = load_dataset("digits", sample=150)
    model = saved(quick(kind, image_shape=(8, 8, 1), epochs=2), digits, tmp_path / "model")
    assert exported_alike(model, tmp_path / "model", digits.X) < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "shape"), [("convolutional", ODD), ("variational", ODD)])
def test_images_of_odd_shapes_are_exported(kind, shape, tmp_path):
    dataset = Dataset(name="blots", X=blots(shape, 40), image_shape=shape)
    model = saved(image_encoder(kind, shape, epochs=1), dataset, tmp_path / "model")
    assert exported_alike(model, tmp_path / "model", dataset.X) < 1e-4


def test_a_run_gives_its_own_codes_of_raw_samples(real_run, tmp_path):
    out = tmp_path / "a.onnx"
    lines = export_folder(real_run.path, "onnx", out)
    assert "features (float32, n_samples × 64, in the units of the source)" in lines[0]
    assert len(lines) == 3
    digits = load_dataset("digits", sample=64)
    codes = session_of(out).run(["pca", "regularized"], {"features": digits.X.astype(np.float32)})
    for kind, code in zip(("pca", "regularized"), codes, strict=True):
        assert_allclose(code, real_run.code(kind), atol=1e-4)
    about = {one.key: one.value for one in onnx.load(out).metadata_props}
    assert about["encoders"] == "regularized, pca"
    assert json.loads(about["image_shape"]) == [8, 8, 1]
    assert about["data_fingerprint"] == real_run.data.fingerprint


def test_values_outside_of_the_range_are_clipped_as_the_run_does(real_run, tmp_path):
    out = tmp_path / "a.onnx"
    export_folder(real_run.path, "onnx", out, encoders=["pca"])
    X = np.full((2, 64), 8, np.float32)
    X[1, 3], outside = 16, X.copy()
    outside[1, 3] = 1e6
    (code,), (far,) = (session_of(out).run(None, {"features": one}) for one in (X, outside))
    assert_allclose(far, code, atol=1e-6)


def test_the_model_of_a_table_names_its_features(tmp_path):
    out = tmp_path / "a.onnx"
    export_folder(FIRST_VERSION / "model", "onnx", out)
    about = {one.key: one.value for one in onnx.load(out).metadata_props}
    assert json.loads(about["feature_names"])[0] == "sepal length"


def test_features_far_from_zero_come_in_float64(tmp_path):
    """Seconds since 1970 differ by less than float32 can tell."""
    rng = np.random.default_rng(0)
    X = np.column_stack([1.7e9 + rng.normal(size=80), rng.normal(size=(80, 2))])
    model = saved(PCAEncoder(2), Dataset(name="times", X=X), tmp_path / "model")
    assert exported_alike(model, tmp_path / "model", X) < 1e-4
    assert session_of(tmp_path / "model.onnx").get_inputs()[0].type == "tensor(double)"


def test_codes_that_differ_are_refused(real_run, tmp_path):
    from dataclasses import replace

    from aeviz.exports.onnx import _compared, _of_model, _save

    subject = _of_model(Model.load(FIRST_VERSION / "model"))
    _save(subject, tmp_path / "a.onnx")
    assert "differ by" in _compared(subject, tmp_path / "a.onnx")[0]
    for wrong in (subject.codes["variational"] + 1e-2, subject.codes["variational"] * np.nan):
        other = replace(subject, codes={"variational": wrong})
        with pytest.raises(AevizError, match=r"gives other codes than variational: .* is written"):
            _compared(other, tmp_path / "a.onnx")


def by_onnx(steps, weights, X, tmp_path):
    """Return what a graph of plain layers makes of values."""
    from onnx import TensorProto, helper

    from aeviz.exports._onnx_graph import OPSET, Graph

    graph = Graph("x")
    graph.apply("x", steps, weights, out="y")
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", None]) for name in ("x", "y")
    ]
    made = helper.make_graph(graph.nodes, "layers", ends[:1], ends[1:], graph.weights)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, tmp_path / "layers.onnx")
    return session_of(tmp_path / "layers.onnx").run(None, {"x": X})[0]


@pytest.mark.parametrize("case", IMAGE_LAYERS)
def test_a_layer_is_the_plain_one(case, tmp_path):
    """Which `tests.portable.test_network` holds to Keras's."""
    plain = plain_layers(decoder_of(IMAGE_LAYERS[case]()))
    X = np.random.default_rng(1).normal(size=(3, 24)).astype(np.float32)
    assert_allclose(by_onnx(*plain, X, tmp_path), run_layers(*plain, X), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_the_plain_one(name, tmp_path):
    code = keras.Input((24,))
    images = layers.Reshape((4, 3, 2))(code)
    bent = layers.Conv2D(3, 2, activation=name)(images)
    model = keras.Model(code, layers.Dense(4, activation=name)(layers.Flatten()(bent)))
    X = np.random.default_rng(1).normal(size=(3, 24)).astype(np.float32)
    plain = plain_layers(model)
    assert_allclose(by_onnx(*plain, X, tmp_path), run_layers(*plain, X), rtol=1e-4, atol=1e-5)
