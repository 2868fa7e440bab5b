import os
import subprocess
import sys

import numpy as np
import pytest

from aeviz.embedding._fuzzy_graph import fuzzy_graph, memberships
from aeviz.embedding._out_of_sample import embed_new_samples
from aeviz.embedding.umap import UMAP
from aeviz.neighbors.search import neighbors_among


def test_memberships_sum_to_the_logarithm():
    distances = np.sort(np.random.default_rng(0).uniform(0.1, 2, size=(20, 15)), axis=1)
    np.testing.assert_allclose(memberships(distances, 15).sum(axis=1), np.log2(15), atol=1e-4)


def test_memberships_of_a_case_worked_by_hand():
    # log2(2) = 1 = 2·exp(-1/σ) for two neighbours at distance 1, so each has half.
    np.testing.assert_allclose(memberships(np.ones((1, 2)), 2), [[0.5, 0.5]], atol=1e-4)


def test_union_of_a_case_worked_by_hand():
    # Each of three samples knows one other, its nearest, with membership 1: 0 -> 1 <-> 2.
    graph = fuzzy_graph(np.array([[1], [2], [1]]), np.array([[2.0], [1.0], [1.0]]))
    np.testing.assert_allclose(graph.toarray(), [[0, 1, 0], [1, 0, 1], [0, 1, 0]])


@pytest.mark.slow
def test_graph_agrees_with_umap_learn(digits):
    """Slow for umap-learn's compilation."""
    from umap.umap_ import fuzzy_simplicial_set

    X = np.concatenate([digits.X, digits.X[:20]])  # some samples twice: distance 0
    indices, distances = neighbors_among(X, 14)
    own = fuzzy_graph(indices, distances)
    rows = np.arange(len(X), dtype=np.int32)[:, None]
    theirs, *_ = fuzzy_simplicial_set(
        X,
        15,
        np.random.RandomState(0),
        "euclidean",
        knn_indices=np.hstack([rows, indices]),
        knn_dists=np.hstack([np.zeros_like(rows, np.float32), distances]),
    )
    np.testing.assert_allclose(own.toarray(), theirs.toarray(), atol=1e-4)


def test_a_sample_goes_to_its_one_neighbor_and_away_from_the_rest():
    far = np.random.default_rng(0).normal([10.0, 0.0], 1.0, size=(40, 2))
    fitted = np.concatenate([[[0.0, 0.0]], far])
    weights = np.array([[1.0, 0.05, 0.05]])
    placed = embed_new_samples(fitted, np.array([[0, 1, 2]]), weights, a=1.577, b=0.895)
    distances = np.linalg.norm(fitted - placed, axis=1)
    assert distances[0] < 1
    assert distances[1:].min() > 5


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"n_neighbors": 1}, r"n_neighbors must be in \[2, inf\), got 1"),
        ({"min_dist": 2.0}, r"min_dist must be in \[0, 1\] .spread., got 2.0"),
        ({"spread": 0.0}, r"spread must be in \(0, inf\), got 0.0"),
        ({"n_epochs": 0}, "n_epochs must be at least 1, got 0"),
        ({"metric": "hamming"}, "metric must be one of euclidean"),
    ],
)
def test_impossible_parameters_are_refused(params, message, digits):
    with pytest.raises(ValueError, match=message):
        UMAP(**params).fit(digits.X)


def test_few_samples_lower_the_number_of_neighbors(caplog):
    caplog.set_level("INFO")
    X = np.random.default_rng(0).normal(size=(6, 3))
    assert UMAP(n_epochs=5, random_state=0).fit(X).n_neighbors_ == 6
    assert "n_neighbors is 6 in place of 15" in caplog.text


def test_says_what_to_do_where_umap_learn_can_keep_no_compiled_code():
    """umap-learn itself cannot be imported then; a process of its own, for it is loaded here."""
    program = (
        "import numpy as np\n"
        "from aeviz import AevizError\n"
        "from aeviz.embedding.umap import UMAP\n"
        "try:\n"
        "    UMAP().fit(np.eye(9))\n"
        "except AevizError as error:\n"
        "    print(error)\n"
    )
    # Only the folder that NUMBA_CACHE_DIR names may be used, and it names none.
    sealed = {"NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator", "NUMBA_CACHE_DIR": ""}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **sealed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "set NUMBA_CACHE_DIR to one that can" in done.stdout
