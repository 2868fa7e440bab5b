"""What is special to the embeddings by a network: objectives, edges, decoding, quality."""

import pickle

import numpy as np
import pytest
import scipy.sparse
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.manifold import trustworthiness
from sklearn.neighbors import KNeighborsClassifier

from aeviz import AevizError
from aeviz.embedding import parametric_tsne, parametric_umap
from aeviz.embedding.parametric_tsne import ParametricTSNE
from aeviz.embedding.parametric_umap import ParametricUMAP
from aeviz.embedding.pca import PCAEmbedding

MEMBERS = [ParametricTSNE, ParametricUMAP]
HEADS = np.array([[0, 0], [3, 0], [0, 4]], np.float32)
TAILS = np.array([[1, 0], [3, 2], [0, 4]], np.float32)


def small(cls, **params):
    """Return a member with a network for a test."""
    wanted = {"n_updates": 40, "hidden_sizes": (32,), "learning_rate": 0.01, "random_state": 0}
    return cls(**{**wanted, **params})


def test_divergence_worked_by_hand():
    # Squared lengths of the edges: 1, 4 and 0; between heads: 9, 16 and 25, each twice.
    attraction = (np.log(2) + np.log(5) + np.log(1)) / 3
    partition = 2 * (1 / 10 + 1 / 17 + 1 / 26)
    loss = parametric_tsne._divergence(HEADS, TAILS)
    assert_allclose(float(loss), attraction + np.log(partition), rtol=1e-5)


def test_cross_entropy_worked_by_hand():
    # With a = b = 1, w = 1 / (1 + d²) and 1 − w = d² / (1 + d²).
    attraction = (np.log(2) + np.log(5) + np.log(1)) / 3
    # Each head against the tail of the edge before it: d² = 16, 4 + 0 and 9 + 4.
    repulsion = -(np.log(16 / 17) + np.log(4 / 5) + np.log(13 / 14)) / 3
    loss = parametric_umap._cross_entropy(1.0, 1.0, n_negatives=1, offset=0.0)(HEADS, TAILS)
    assert_allclose(float(loss), attraction + repulsion, rtol=1e-5)


@pytest.mark.parametrize(("spread", "min_dist"), [(1.0, 0.1), (1.0, 0.0), (2.0, 0.1)])
def test_curve_is_that_of_umap_learn(spread, min_dist):
    from umap.umap_ import find_ab_params

    curve = parametric_umap._curve(spread, min_dist)
    assert_allclose(curve, find_ab_params(spread, min_dist), rtol=1e-4)


@pytest.mark.usefixtures("eager")
def test_an_interrupted_fit_leaves_the_last_one_as_it_was(digits):
    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    model = small(ParametricUMAP, n_updates=1).fit(digits.X)
    with pytest.raises(KeyboardInterrupt):
        model.set_params(callback=interrupt).fit(10 + 3 * digits.X)
    assert_array_equal(model.transform(digits.X), model.embedding_)
    unfitted = clone(model)
    with pytest.raises(KeyboardInterrupt):
        unfitted.fit(digits.X)
    with pytest.raises(NotFittedError):
        unfitted.transform(digits.X)


def test_tails_are_drawn_by_their_probabilities():
    rows = scipy.sparse.csr_matrix(
        [[0, 0.25, 0.75, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0.5, 0.5, 0, 0]]
    )
    edges = parametric_tsne._Edges(rows)(np.random.default_rng(0), 4000, 2)
    assert edges.shape == (4000, 2, 2)
    heads, tails = edges.swapaxes(0, 1).reshape(2, -1)
    assert (edges[:, 0, 0] != edges[:, 0, 1]).all()
    counts = np.zeros((4, 4))
    np.add.at(counts, (heads, tails), 1)
    assert_array_equal(counts.sum(axis=1), 2000)  # every sample is a head equally often
    assert_allclose(counts / 2000, rows.toarray(), atol=0.05)  # 4 deviations: 0.045


def test_edges_are_drawn_by_their_strengths():
    strengths = np.array([0.1, 0.4, 0.5], np.float32)
    draw = parametric_umap._Edges(np.array([0, 1, 2]), np.array([2, 0, 1]), strengths)
    edges = draw(np.random.default_rng(0), 100, 100)
    assert edges.shape == (100, 2, 100)
    heads, tails = edges.swapaxes(0, 1).reshape(2, -1)
    assert_array_equal(tails, (heads + 2) % 3)
    assert_allclose(np.bincount(heads) / 10_000, strengths, atol=0.02)


def test_compiled_training_repeats_to_the_bit_and_survives_pickling(digits):
    fitted = small(ParametricUMAP).fit(digits.X)
    again = small(ParametricUMAP).fit(digits.X)
    assert_array_equal(again.embedding_, fitted.embedding_)
    copy = pickle.loads(pickle.dumps(fitted))
    assert_array_equal(copy.transform(digits.X_new), fitted.transform(digits.X_new))


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("cls", MEMBERS)
def test_decodes_points_where_a_decoder_was_trained(cls, digits):
    X = 100 + 5 * digits.X.astype(np.float64)
    model = small(cls, reconstruction_weight=1.0, n_updates=150).fit(X)
    back = model.inverse_transform(model.transform(X))
    assert back.shape == X.shape
    error = np.mean((back - X) ** 2)
    # Over three seeds at most 0.80 of the variance; the mean alone is all of it.
    assert error < 0.9 * X.var(axis=0).mean()
    with pytest.raises(ValueError, match=r"shape \(n_points, 2\), got \(3, 5\)"):
        model.inverse_transform(np.zeros((3, 5)))


@pytest.mark.usefixtures("eager")
def test_decoding_without_a_decoder_is_refused(digits):
    model = small(ParametricUMAP, n_updates=1).fit(digits.X[:50])
    with pytest.raises(ValueError, match=r"reconstruction_weight greater than 0; it was 0\.0"):
        model.inverse_transform(model.embedding_)


@pytest.mark.usefixtures("eager")
def test_training_that_diverges_says_what_to_do(digits):
    with pytest.raises(AevizError, match=r"choose a learning_rate below 1e\+30"):
        small(ParametricTSNE, learning_rate=1e30).fit(digits.X[:50])


@pytest.mark.parametrize("cls", MEMBERS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_components", 4),
        ("metric", "chebyshev"),
        ("hidden_sizes", (0,)),
        ("n_updates", 0),
        ("batch_size", 1),
        ("learning_rate", 0.0),
        ("input_noise", -0.1),
        ("reconstruction_weight", -1.0),
    ],
)
def test_refuses_parameters_out_of_range(cls, name, value):
    with pytest.raises(ValueError, match=name):
        cls(**{name: value}).fit(np.eye(5))


@pytest.mark.parametrize(
    "model",
    [
        ParametricTSNE(perplexity=0.5),
        ParametricUMAP(n_neighbors=1),
        ParametricUMAP(min_dist=2.0),
        ParametricUMAP(spread=0.0),
    ],
)
def test_refuses_objectives_out_of_range(model):
    with pytest.raises(ValueError, match="must be"):
        model.fit(np.eye(5))


@pytest.mark.slow
@pytest.mark.parametrize("cls", MEMBERS)
def test_held_out_digits_find_their_class(cls):
    X, y = load_digits(return_X_y=True)
    X = (X / 16).astype(np.float32)
    rows = np.random.default_rng(0).permutation(len(X))
    fit, held_out = rows[:1400], rows[1400:]
    model = cls(random_state=0).fit(X[fit])
    classifier = KNeighborsClassifier(10).fit(model.embedding_, y[fit])
    assert classifier.score(model.transform(X[held_out]), y[held_out]) >= 0.93
    before = trustworthiness(X[fit], PCAEmbedding().fit_transform(X[fit]))
    assert trustworthiness(X[fit], model.embedding_) > before + 0.05
