"""Test which samples of a run are judged and shown."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_array_equal

from aeviz import faithfulness
from aeviz.data.prepared import prepare
from aeviz.evaluation.faithfulness import Neighborhoods
from aeviz.pipeline.faithfulness import neighborhood_sizes, score_faithfulness
from aeviz.runs.pair import Pair
from tests._runs import digits

PAIR = Pair("deep", "tsne")


def scored(picture_of, n_samples=150, outliers=()):
    """Return the prepared digits, a picture of them, and what is found of it."""
    prepared = prepare(digits(n_samples), seed=0)
    of_data = Neighborhoods.of(prepared.X, neighborhood_sizes(n_samples)[1])
    picture = picture_of(prepared.X)
    found = score_faithfulness(
        prepared,
        of_data,
        {PAIR: picture},
        outliers=[np.array(outliers, int)],
    )
    return prepared, picture, found


def test_shares_are_those_of_the_library():
    prepared, picture, found = scored(lambda X: X[:, 20:22])
    table = faithfulness(prepared.X, picture, n_neighbors=10, n_near=50)
    of_pair = found.pairs[PAIR]
    assert_array_equal(of_pair.false_neighbors, table["false"].astype(np.float32))
    assert_array_equal(of_pair.missing_neighbors, table["missed"].astype(np.float32))
    assert (found.n_neighbors, found.n_near) == (10, 50)


def test_worst_have_most_false_neighbours_and_are_kept_with_those_on_both_sides():
    prepared, picture, found = scored(lambda X: X[:, 20:22], outliers=(3, 149))
    of_pair = found.pairs[PAIR]
    false, worst = of_pair.false_neighbors, of_pair.worst
    assert len(worst) == 4
    assert false[worst].min() >= np.sort(false)[-4]
    beside = Neighborhoods.of(picture, 10).indices[worst]
    assert_array_equal(of_pair.beside, beside[:, :6])
    nearest = Neighborhoods.of(prepared.X, 10).indices[worst]
    assert_array_equal(of_pair.nearest, nearest[:, :6])
    rows = {3, 149, *worst, *beside[:, :6].ravel(), *nearest[:, :6].ravel()}
    assert found.rows.tolist() == sorted(rows)
    assert_array_equal(found.X, prepared.dataset.X[found.rows])


def test_of_equally_false_samples_those_among_strangers_are_shown():
    """All of ten samples lie among others; one of them lies among the least like it."""
    rng = np.random.default_rng(0)
    dataset = digits(200, X=rng.normal(size=(200, 6)), image_shape=None)
    X = dataset.X
    X[100:] += 20
    X[150:] += 400
    prepared = prepare(dataset, seed=0)
    picture = prepared.X[:, :2].copy()
    picture[:5] = picture[120:125] + 0.01
    picture[5] = picture[160] + 0.01
    of_data = Neighborhoods.of(prepared.X, neighborhood_sizes(200)[1])
    found = score_faithfulness(prepared, of_data, {Pair("a", "b"): picture}, outliers=[])
    worst = found.pairs[Pair("a", "b")].worst
    assert worst[0] == 5
    assert set(worst) <= set(range(6))


def test_a_faithful_picture_has_no_worst_samples():
    _, _, found = scored(lambda X: X)
    assert found.pairs[PAIR].worst.shape == (0,)
    assert found.pairs[PAIR].beside.shape == (0, 6)
    assert found.X.shape == (0, 64)


def test_few_samples_have_small_neighbourhoods():
    for n in range(10, 200):
        k, n_near = neighborhood_sizes(n)
        assert 1 <= k <= n_near <= n - 1
        assert n_near <= max(5, n // 2)
