"""What every member of the family promises, asked of each by its name."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.neighbors import KNeighborsClassifier

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import EMBEDDINGS
from aeviz.embedding import BaseEmbedding, Embedding
from aeviz.neighbors.search import NeighborSearch
from tests.embedding.conftest import run_eagerly

# The least that lets members show themselves; those without iterations have no such name.
FEW = {"n_iter": 40, "n_epochs": 30, "n_updates": 80, "hidden_sizes": (64,), "learning_rate": 0.01}
MEMBERS = EMBEDDINGS.names()


@pytest.fixture(scope="module", autouse=True)
def eager_module():
    """Run Keras without graphs in all of this file, `fitted` included."""
    run_eagerly(True)
    yield
    run_eagerly(False)


def make(name: str, **params: Any) -> Any:
    cls = EMBEDDINGS.get(name)
    accepted = cls().get_params()
    few = {key: value for key, value in FEW.items() if key in accepted}
    return cls(**{"random_state": 0, **few, **params})


@pytest.fixture(scope="module", params=MEMBERS)
def fitted(request, digits, eager_module):
    """Return a member's name and itself, fitted once for every test of this file."""
    return request.param, make(request.param).fit(digits.X)


def neighbor_accuracy(reference, y, queries, y_queries) -> float:
    return KNeighborsClassifier(10).fit(reference, y).score(queries, y_queries)


def test_gives_finite_coordinates_of_the_dtype_of_the_samples(fitted, digits):
    _, model = fitted
    assert model.embedding_.shape == (600, 2)
    assert model.embedding_.dtype == np.float32
    assert np.isfinite(model.embedding_).all()
    assert model.transform(digits.X_new.astype(np.float64)).dtype == np.float64
    assert list(model.get_feature_names_out()) == [
        f"{type(model).__name__.lower()}{axis}" for axis in range(2)
    ]


def test_declares_its_abilities(fitted):
    name, model = fitted
    abilities = {key: getattr(model, key) for key in Embedding.__annotations__}
    words = {key: abilities.pop(key) for key in ("compiles", "starts_from")}
    assert {type(value) for value in words.values()} == {str}
    assert {type(value) for key, value in abilities.items() if key != "embedding_"} == {bool}
    assert bool(model.starts_from) is (name != "pca")
    assert model.has_meaningful_axes is (name == "pca")
    assert model.is_trained is hasattr(model, "encoder_")
    assert isinstance(model, BaseEmbedding)


def test_takes_samples_of_the_fewest_features_that_it_declares(fitted):
    name, model = fitted
    X = np.random.default_rng(0).normal(size=(30, model.min_features))
    assert make(name).fit(X).embedding_.shape == (30, 2)
    assert model.min_features in (1, 2)


def test_decodes_if_it_declares_so(fitted, digits):
    name, model = fitted
    assert not model.can_decode
    if "reconstruction_weight" in model.get_params():
        other = make(name, reconstruction_weight=1.0).fit(digits.X)
        assert other.can_decode
        assert other.inverse_transform(other.embedding_[:3]).shape == (3, 32)


def test_memory_need_grows_with_samples_and_features(fitted):
    _, model = fitted
    few, many, wide = (model.memory_need(*sizes) for sizes in ((900, 8), (9000, 8), (900, 640)))
    assert 0 < few.n_bytes < min(many.n_bytes, wide.n_bytes)


def test_same_seed_gives_the_same_bits(fitted, digits):
    name, model = fitted
    np.testing.assert_array_equal(make(name).fit_transform(digits.X), model.embedding_)


def test_another_seed_gives_another_embedding_if_it_declares_so(fitted, digits):
    name, model = fitted
    other = make(name, random_state=1).fit_transform(digits.X)
    assert np.array_equal(other, model.embedding_) is not model.depends_on_seed


@pytest.mark.slow
def test_fresh_processes_give_the_same_bits(fitted, digits, tmp_path):
    name, model = fitted
    np.save(tmp_path / "X.npy", digits.X)
    program = (
        "import sys, numpy as np\n"
        "from tests.embedding.conftest import run_eagerly\n"
        "from tests.embedding.test_embedding_contract import make\n"
        "run_eagerly(True)\n"
        "X = np.load(sys.argv[2])\n"
        "np.save(sys.argv[3], make(sys.argv[1]).fit_transform(X))\n"
    )
    arguments = [name, str(tmp_path / "X.npy"), str(tmp_path / "Y.npy")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, env=environment)
    np.testing.assert_array_equal(np.load(tmp_path / "Y.npy"), model.embedding_)


def test_new_samples_come_near_their_class(fitted, digits):
    _, model = fitted
    new = model.transform(digits.X_new)
    accuracy = neighbor_accuracy(model.embedding_, digits.y, new, digits.y_new)
    shuffled = np.random.default_rng(0).permutation(new)
    by_chance = neighbor_accuracy(model.embedding_, digits.y, shuffled, digits.y_new)
    # Over three seeds: pca 0.655, t-SNE and UMAP 0.965 or more; shuffled at most 0.12.
    assert accuracy > by_chance + 0.4


def test_is_loaded_from_a_folder_and_transforms_as_before(fitted, digits, tmp_path):
    _, model = fitted
    model.save(tmp_path / "saved")
    found = type(model).load(tmp_path / "saved", digits.X if model.searches_neighbors else None)
    np.testing.assert_array_equal(found.embedding_, model.embedding_)
    expected = model.transform(digits.X_new)
    np.testing.assert_array_equal(found.transform(digits.X_new), expected)


def test_a_damaged_folder_is_one_clear_line(fitted, digits, tmp_path):
    name, model = fitted
    model.save(tmp_path)
    other = EMBEDDINGS.get("umap" if name == "tsne" else "tsne")
    with pytest.raises(AevizError, match="holds no embedding that aeviz saved"):
        other.load(tmp_path)
    (tmp_path / "arrays.npz").write_bytes(b"no archive")
    with pytest.raises(AevizError, match="holds no embedding that aeviz saved"):
        type(model).load(tmp_path, digits.X)


def test_a_search_that_others_share_changes_no_bit(fitted, digits):
    name, model = fitted
    shared = NeighborSearch(digits.X, n_least=120)
    found = make(name).fit_transform(digits.X, neighbors=shared)
    np.testing.assert_array_equal(found, model.embedding_)
    if not model.searches_neighbors:
        return
    with pytest.raises(ValueError, match=r"neighbors must be of X, of shape \(599, 32\); got"):
        make(name).fit(digits.X[:599], neighbors=shared)


def test_transform_does_not_move_fitted_samples(fitted, digits):
    _, model = fitted
    before = model.embedding_.copy()
    model.transform(digits.X_new)
    np.testing.assert_array_equal(model.embedding_, before)
    np.testing.assert_array_equal(model.transform(digits.X), before)


def test_a_sample_is_transformed_alone_as_with_others(fitted, digits):
    _, model = fitted
    together = model.transform(digits.X_new)
    alone = np.concatenate([model.transform(digits.X_new[row : row + 1]) for row in range(3)])
    reverse = model.transform(digits.X_new[::-1])[::-1]
    np.testing.assert_allclose(alone, together[:3], rtol=0, atol=1e-5)
    np.testing.assert_allclose(reverse, together, rtol=0, atol=1e-5)


def test_a_caller_that_changes_its_array_changes_nothing(fitted, digits):
    name, model = fitted
    X = digits.X.copy()
    other = make(name).fit(X)
    X[:] = 0
    np.testing.assert_array_equal(other.transform(digits.X_new), model.transform(digits.X_new))


def test_callback_counts_up_to_the_end(fitted, digits):
    name, model = fitted
    calls: list[tuple[int, int]] = []
    watched = make(name, callback=lambda *call: calls.append(call)).fit_transform(digits.X)
    counts = [iteration for iteration, _ in calls]
    assert counts == sorted(set(counts))
    assert counts[0] >= 1
    assert calls[-1][0] == calls[-1][1]
    assert len({total for _, total in calls}) == 1
    np.testing.assert_array_equal(watched, model.embedding_)  # watching changes nothing


@pytest.mark.parametrize("name", MEMBERS)
def test_interruption_passes_through_at_once(name, digits):
    calls = []

    def interrupt(iteration: int, n_iterations: int) -> None:
        calls.append(iteration)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(name, callback=interrupt).fit(digits.X)
    assert len(calls) == 1


@pytest.mark.parametrize("name", MEMBERS)
def test_prints_nothing(name, digits, capfd):
    callback: Callable[[int, int], object] = lambda *_: None  # noqa: E731 - a plain no-op
    make(name, callback=callback).fit(digits.X).transform(digits.X_new)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == ""


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("n_samples", [2, 3, 7])
def test_few_samples_work(name, n_samples):
    X = np.random.default_rng(0).normal(size=(n_samples, 4))
    model = make(name).fit(X)
    assert np.isfinite(model.embedding_).all()
    assert np.isfinite(model.transform(X + 0.1)).all()


@pytest.mark.parametrize("name", MEMBERS)
def test_equal_samples_and_constant_columns_work(name):
    repeated = np.repeat(np.random.default_rng(0).normal(size=(10, 3)), 5, axis=0)
    repeated = np.column_stack([repeated, np.ones(50)])
    assert np.isfinite(make(name).fit_transform(repeated)).all()
    all_equal = np.ones((20, 3), np.float32)
    model = make(name).fit(all_equal)
    assert np.isfinite(model.embedding_).all()
    assert np.isfinite(model.transform(all_equal[:3] + 1)).all()


@pytest.mark.parametrize("name", MEMBERS)
def test_keeps_its_parameters_and_clones(name):
    model = make(name, n_components=1)
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not hasattr(copy, "embedding_")


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("n_components", [1, 3])
def test_other_numbers_of_axes(name, n_components, digits):
    model = make(name, n_components=n_components).fit(digits.X[:120])
    assert model.embedding_.shape == (120, n_components)
    assert model.transform(digits.X_new[:5]).shape == (5, n_components)


@pytest.mark.parametrize("name", MEMBERS)
def test_gives_frames_on_request(name, digits):
    frame = make(name).set_output(transform="pandas").fit_transform(digits.X[:60])
    assert frame.shape == (60, 2)
    assert next(iter(frame.columns)).endswith("0")


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("n_components", [0, 99])
def test_refuses_impossible_numbers_of_axes(name, n_components, digits):
    with pytest.raises(ValueError, match=rf"n_components must be .* got {n_components}"):
        make(name, n_components=n_components).fit(digits.X)
