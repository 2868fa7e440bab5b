"""Test that a model gives the same in memory and from its folder, in the units of its data."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz import AevizError, Model, load_dataset, train_model
from aeviz.core.registry import ENCODERS
from aeviz.data.prepared import prepare
from tests.encoders.conftest import every_kind

SMALL = {"sample": 120, "code_size": 4}


@pytest.fixture(scope="module", autouse=True)
def eagerly():
    """Run Keras without graphs: for tiny trainings compilation is most of the time."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def small(kind, **changes):
    """Return a model of the kind, trained on few digits for an instant."""
    cls = ENCODERS.get(kind)
    accepted = cls().get_params()
    own = {"epochs": 1, "hidden_sizes": [8], "filters": [2], **changes}
    params = {name: value for name, value in own.items() if name in accepted}
    return train_model("digits", kind, params={kind: params}, **SMALL)


@pytest.fixture(scope="module", params=every_kind())
def model(request):
    """Give each kind."""
    return small(request.param)


def test_saved_model_gives_the_same(model, tmp_path):
    digits = load_dataset("digits", sample=30)
    model.save(tmp_path / "m")
    loaded = Model.load(tmp_path / "m")
    code = model.encode(digits)
    assert code.shape == (30, model.card.code_size)
    assert_array_equal(loaded.encode(digits), code)
    assert_array_equal(loaded.reconstruct(digits), model.reconstruct(digits))
    assert loaded.card.scores == model.card.scores
    assert loaded.card.data == model.card.data
    assert loaded.losses(digits) == model.losses(digits)


def test_scores_are_those_of_held_out_samples(model):
    """Measured again, straight from the encoder and the report's preparation."""
    prepared = prepare(load_dataset("digits", sample=120), seed=0)
    X = prepared.X[~prepared.is_train]
    back = model.encoder.inverse_transform(model.encoder.transform(X))
    scores = model.card.scores
    assert_allclose(scores["mean_squared_error"], np.mean((back - X) ** 2), rtol=1e-5)
    if back.min() >= 0 and back.max() <= 1:
        p = np.clip(back, 1e-7, 1 - 1e-7)
        entropy = -np.mean(X * np.log(p) + (1 - X) * np.log1p(-p))
        assert_allclose(scores["cross_entropy"], entropy, rtol=1e-5)
    else:
        assert "cross_entropy" not in scores
    is_noisy, is_bound = hasattr(model.encoder, "corrupt"), hasattr(model.encoder, "elbo")
    assert ({"noisy_error", "restored_error"} <= scores.keys()) == is_noisy
    assert ({"negative_elbo", "reconstruction", "kl", "active_units"} <= scores.keys()) == is_bound


def test_arrays_and_images_are_taken_as_they_come():
    model = small("pca")
    digits = load_dataset("digits", sample=20)
    code = model.encode(digits)
    for X in (digits.X, digits.X.reshape(-1, 8, 8), digits.X.astype(np.uint8).tolist()):
        assert_array_equal(model.encode(X), code)
    assert_array_equal(model.decode(code), model.reconstruct(digits))
    for X in (digits.X[:, :9], digits.X[0], digits.X.reshape(-1, 4, 4, 2)):
        with pytest.raises(AevizError, match=r"\(n_samples, 64\), got|expected the 64 of digits"):
            model.encode(X)


def test_units_of_a_table_come_back(tmp_path):
    rng = np.random.default_rng(0)
    X = 1e6 + 50 * rng.normal(size=(80, 2)) @ rng.normal(size=(2, 6))
    np.save(tmp_path / "x.npy", X)
    model = train_model(tmp_path / "x.npy", "pca", code_size=2)
    back = model.reconstruct(X)
    assert back.dtype == np.float64
    assert_allclose(back, X, rtol=1e-9)
    assert "cross_entropy" not in model.card.scores


def test_new_samples_and_the_plane():
    model = small("variational", code_size=2)
    drawn = model.generate(7, random_state=3)
    assert drawn.shape == (7, 64)
    assert_array_equal(drawn, model.generate(7, random_state=3))
    grid = model.manifold(3)
    assert grid.X.shape == (3, 3, 64)
    top_left = model.decode([[grid.axis[0], grid.axis[-1]]])
    assert_allclose(grid.X[0, 0], top_left[0], rtol=1e-5, atol=1e-5)


def test_what_a_model_cannot_do_is_said():
    with pytest.raises(AevizError, match=r"variational model only; this one is deep"):
        small("deep").generate(3)
    with pytest.raises(AevizError, match=r"2 latent dimensions; this one has 4"):
        small("variational", code_size=4).manifold()


def test_failed_save_leaves_the_former_model(tmp_path):
    small("pca").save(tmp_path / "m")
    before = (tmp_path / "m" / "model.json").read_bytes()
    other = small("pca")

    class Broken:
        def save(self, folder):
            folder.mkdir(exist_ok=True)
            (folder / "half").write_text("")
            raise OSError("the disk is full")

    other.encoder = Broken()
    for folder in (tmp_path / "m", tmp_path / "new"):
        with pytest.raises(OSError, match="the disk is full"):
            other.save(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
    assert (tmp_path / "m" / "model.json").read_bytes() == before
    assert Model.load(tmp_path / "m").encode(load_dataset("digits").X).shape == (1797, 4)


@pytest.mark.parametrize("name", ["params.json", "history.json", "model.keras"])
def test_damaged_encoder_is_told(name, tmp_path):
    small("deep").save(tmp_path / "m")
    (tmp_path / "m" / "encoder" / name).write_text("{")
    with pytest.raises(AevizError):
        Model.load(tmp_path / "m")


def test_encoder_of_another_kind_is_told(tmp_path):
    small("pca").save(tmp_path / "m")
    path = tmp_path / "m" / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "kind": "identity"}))
    with pytest.raises(AevizError, match="holds a PCAEncoder; expected a Identity"):
        Model.load(tmp_path / "m")


def test_a_model_without_network_loads_no_tensorflow(tmp_path):
    program = (
        "import sys\n"
        "from aeviz import Model, load_dataset, train_model\n"
        "train_model('digits', 'pca', out='m')\n"
        "Model.load('m').reconstruct(load_dataset('digits'))\n"
        "print({'tensorflow', 'keras', 'umap'} & sys.modules.keys())\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_model_whose_writing_was_killed_is_written_again(tmp_path):
    """An encoder without its card was taken for something else than a model."""
    found = small("pca")
    found.save(tmp_path / "m")
    (tmp_path / "m" / "model.json").unlink()
    (tmp_path / "m" / ".encoder.partial-4194305").mkdir()
    found.save(tmp_path / "m")
    assert {path.name for path in (tmp_path / "m").iterdir()} == {"model.json", "encoder"}
    (tmp_path / "m" / "model.json").unlink()
    (tmp_path / "m" / "notes.txt").touch()
    with pytest.raises(AevizError, match="holds something else"):
        found.save(tmp_path / "m")


def test_columns_of_frames_are_found_by_name():
    """They were taken by their places, and codes were wrong without a word."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(40, 3)), columns=list("abc"))
    frame["kind"] = ["x", "y"] * 20
    model = train_model(frame, "pca", code_size=2)
    code = model.encode(frame)
    assert_array_equal(model.encode(frame[["kind", "c", "a", "b"]]), code)
    assert_array_equal(model.encode(load_dataset(frame)), code)
    with pytest.raises(AevizError, match="'b'"):
        model.encode(frame.drop(columns="b"))
