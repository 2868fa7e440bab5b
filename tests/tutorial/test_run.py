"""Test what a tutorial leaves, what is kept of it and what is done again."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from aeviz import AevizError
from aeviz.core.registry import CHAPTERS
from aeviz.tutorial._images import mnist_images
from aeviz.tutorial.chapters.base import KINDS, Workshop
from aeviz.tutorial.folder import TutorialFolder
from aeviz.tutorial.run import run_tutorial
from tests._listener import Listener
from tests.tutorial.conftest import N_TEST, N_TRAIN, SCALE

ORDERED = sorted(CHAPTERS.names(), key=lambda name: CHAPTERS.get(name).order)
TRAININGS = [f"train published {kind}" for kind in KINDS] + [f"train {kind}" for kind in KINDS]
STEPS = [*TRAININGS, *(f"measure {name}" for name in ORDERED), "render"]


def done_again(images, out, **changes):
    """Return the steps that another run does in the folder."""
    listener = Listener()
    run_tutorial(out, images=images, **{"epochs_scale": SCALE, **changes}, progress=listener)
    assert [name for name in STEPS if name in listener.done + listener.kept] == STEPS
    return listener.done


@pytest.mark.slow
def test_tutorial_leaves_what_it_promises(finished):
    folder, done = finished
    assert done == STEPS
    names = {str(path.relative_to(folder.path)) for path in folder.path.rglob("*")}
    for kind in KINDS:
        assert {f"published/{kind}/{x}" for x in ("model.keras", "history.json")} <= names
        assert {f"encoders/{kind}/{x}" for x in ("model.keras", "params.json")} <= names
    for name in CHAPTERS.names():
        assert {f"chapters/{name}/results.{x}" for x in ("json", "npz")} <= names
    assert {"tutorial.json", "report.html", "figures"} <= names
    assert not [name for name in names if "partial" in name or name.endswith((".pkl", ".pickle"))]


@pytest.mark.slow
def test_record_states_what_was_done(finished):
    info = json.loads(finished[0].info_path.read_text())
    assert info["settings"] == {"epochs_scale": SCALE, "seed": 0}
    assert (info["data"]["n_train"], info["data"]["n_test"]) == (N_TRAIN, N_TEST)
    assert info["versions"]["keras"]
    assert "CPU" in info["device"] or "GPU" in info["device"]
    assert [step["name"] for step in info["steps"]] == STEPS
    assert all(step["peak_memory_bytes"] > 1e7 for step in info["steps"])


@pytest.mark.slow
def test_the_same_again_draws_only(images, copied):
    assert done_again(images, copied) == ["render"]


@pytest.mark.slow
def test_interrupted_tutorial_goes_on(images, copied):
    shutil.rmtree(copied / "encoders" / "simple")
    shutil.rmtree(copied / "chapters" / "deep")
    with pytest.raises(KeyboardInterrupt):
        run_tutorial(
            copied, images=images, epochs_scale=SCALE, progress=Listener(stop_at="measure deep")
        )
    assert (copied / "encoders" / "simple" / "model.keras").is_file()
    assert done_again(images, copied) == ["measure deep", "render"]


@pytest.mark.slow
def test_another_scale_measures_again_what_depends_on_it(images, copied):
    """Trainings whose epochs round to the same number stay."""
    listener = Listener(stop_at=STEPS[len(TRAININGS)])
    with pytest.raises(KeyboardInterrupt):
        run_tutorial(copied, images=images, epochs_scale=SCALE * 1.1, progress=listener)
    assert listener.kept == STEPS[: len(TRAININGS)]


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{"seed": 1}, {"epochs_scale": 0.05}, {"force": True}])
def test_other_settings_train_again(changes, images, copied):
    listener = Listener(stop_at=STEPS[0])
    with pytest.raises(KeyboardInterrupt):
        run_tutorial(copied, images=images, **{"epochs_scale": SCALE, **changes}, progress=listener)
    assert listener.kept == []


@pytest.mark.slow
def test_our_losses_are_those_of_the_test_images(images, finished):
    folder = finished[0]
    numbers = folder.load_results("overview").numbers["models"]
    encoder = folder.load_encoder("deep")
    p = np.clip(encoder.inverse_transform(encoder.transform(images.X_test)), 1e-7, 1 - 1e-7)
    x = images.X_test
    expected = -(x * np.log(p) + (1 - x) * np.log1p(-p)).mean(dtype=np.float64)
    np.testing.assert_allclose(numbers["deep"]["ours"]["test"], expected, rtol=1e-5)
    history = folder.published_history("deep")
    assert numbers["deep"]["published"]["test"] == history["val_loss"][-1]
    bound = folder.load_encoder("variational").elbo(x, n_draws=10, random_state=0)
    np.testing.assert_allclose(
        numbers["variational"]["ours"]["test"], bound["negative_elbo"], rtol=1e-6
    )


def test_a_chapter_gets_only_the_models_that_it_names(images):
    def loaded(kind):
        return kind

    class Models:
        ours = published = published_history = seconds = staticmethod(loaded)

    bench = Workshop(
        images, Models(), ["published deep"], epochs_scale=0.1, seed=0, update=lambda *told: None
    )
    assert bench.published("deep") == "deep"
    assert bench.epochs(50) == 5
    for ask in (bench.ours, bench.seconds):
        with pytest.raises(ValueError, match=r"needs must name every model .* got deep"):
            ask("deep")


def test_a_folder_without_tutorial_says_so(tmp_path):
    with pytest.raises(AevizError, match=r"is not a tutorial folder: it has no tutorial\.json"):
        TutorialFolder(tmp_path).info  # noqa: B018 - the access is the test
    TutorialFolder(tmp_path).begin({})
    with pytest.raises(AevizError, match=r"unfinished tutorial: it has no chapters/deep/results"):
        TutorialFolder(tmp_path).load_results("deep")


def test_mnist_is_taken_in_its_own_split(shared_data):
    images = mnist_images(shared_data("mnist.npz").parent)
    assert (len(images.X), len(images.X_test)) == (60_000, 10_000)
    assert images.X.dtype == np.float32
    assert (images.X.min(), images.X.max()) == (0.0, 1.0)
    assert images.y_test[:4].tolist() == [7, 2, 1, 0]
    assert replace(images, X=images.X[:100]).fingerprint() != images.fingerprint()


def test_another_mnist_is_refused(tmp_path):
    X = np.zeros((30, 28, 28), np.uint8)
    X[:, 1:] = np.random.default_rng(0).integers(0, 255, (30, 27, 28))
    y = np.arange(30) % 10
    np.savez(tmp_path / "mnist.npz", x_train=X[:20], y_train=y[:20], x_test=X[20:], y_test=y[20:])
    with pytest.raises(AevizError, match=r"60,000 training and 10,000 test .* has 20 and 10 "):
        mnist_images(tmp_path)
