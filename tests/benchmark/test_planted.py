"""Plant what is wrong with a picture, and see that the right metrics say so and no others.

The data are a plane, turned into ten dimensions: four clusters at unequal distances. PCA of
them is exact, and every embedding is compared with it as in a benchmark.
"""

from __future__ import annotations

import numpy as np
import pytest

from aeviz.benchmark._comparisons import Method, compare_with_pca
from aeviz.benchmark._scores import Space, measure, sides_of
from aeviz.benchmark._significance import corrected_p_values
from aeviz.core.registry import METRICS
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import Prepared, prepare
from aeviz.embedding.pca import PCAEmbedding
from aeviz.embedding.umap import UMAP
from tests._runs import digits

N_A_CLUSTER = 60
CENTERS = np.array([[0.0, 0.0], [10.0, 0.0], [40.0, 5.0], [100.0, 30.0]])
OURS = Method("plane", "data-to-embedding", "ours", 2, "drawn")
THEIRS = OURS._replace(encoder="pca")
LOCAL = ("trustworthiness", "continuity", "neighbor_recall")


@pytest.fixture(scope="module")
def plane():
    """Give the plane, its samples and their clusters."""
    rng = np.random.default_rng(0)
    cluster = np.repeat(np.arange(4), N_A_CLUSTER)
    points = CENTERS[cluster] + rng.normal(size=(len(cluster), 2))
    turn, _ = np.linalg.qr(rng.normal(size=(10, 10)))
    X = (points @ turn[:2]).astype(np.float32)
    dataset = Dataset("plane", X, y=cluster)
    # As they are, without scaling, so that the plane stays one.
    prepared = prepare(dataset, seed=0)
    return points, Prepared(
        dataset, X, prepared.is_train, prepared.scaling, prepared.shown, dataset
    )


def pca(prepared):
    """Return the PCA picture, fitted to training samples."""
    return PCAEmbedding().fit(prepared.X[prepared.is_train]).transform(prepared.X)


def estimates(prepared, runs, split="test"):
    """Return verdicts by metric, of pairs (ours, theirs) by seed."""
    found = []
    for seed, pair in runs.items():
        for method, points in zip((OURS, THEIRS), pair, strict=True):
            scores = measure(prepared, Space(np.asarray(points, np.float32)), seed=0)
            found.append((method, seed is not None, *scores))
    compared = compare_with_pca(sides_of(found), [(OURS, THEIRS)])
    return {row["metric"]: row["verdict"] for row in compared if row["split"] == split}


def test_pca_of_a_plane_is_perfect(plane):
    _, prepared = plane
    rows, _ = measure(prepared, Space(pca(prepared)), seed=0)
    values = {(row["split"], row["metric"]): row["value"] for row in rows}
    for split in ("test", "train"):
        for metric in (*LOCAL, "spearman"):
            assert values[split, metric] > 1 - 1e-4, metric
        assert values[split, "stress"] < 1e-3


def test_swapped_clusters_are_seen_by_what_is_far_only(plane):
    points, prepared = plane
    cluster = prepared.dataset.y
    swapped = points.copy()
    swapped[cluster == 0] += CENTERS[3] - CENTERS[0]
    swapped[cluster == 3] += CENTERS[0] - CENTERS[3]
    verdicts = estimates(prepared, {None: (swapped, pca(prepared))})
    assert {verdicts[name] for name in ("spearman", "stress")} == {"worse"}
    assert {verdicts[name] for name in (*LOCAL, "knn_accuracy")} <= {"none", "same"}


def test_torn_neighbourhood_is_missed_by_continuity_more_than_by_trustworthiness(plane):
    """Half of a cluster goes far away: its neighbours are missed, hardly any are false."""
    points, prepared = plane
    torn = points.copy()
    is_half = (prepared.dataset.y == 2) & (points[:, 0] > CENTERS[2, 0])
    torn[is_half] += [0.0, 200.0]
    verdicts = estimates(prepared, {None: (torn, pca(prepared))}, "train")
    assert {verdicts[name] for name in ("continuity", "neighbor_recall", "stress")} == {"worse"}
    assert verdicts["knn_accuracy"] in ("none", "same")
    rows, _ = measure(prepared, Space(torn.astype(np.float32)), seed=0)
    for split in ("test", "train"):
        value = {row["metric"]: row["value"] for row in rows if row["split"] == split}
        assert 1 - value["trustworthiness"] < 0.1 * (1 - value["continuity"])


def test_random_picture_is_worse_by_everything(plane):
    _, prepared = plane
    noise = np.random.default_rng(1).normal(size=(len(prepared.X), 2))
    verdicts = estimates(prepared, {None: (noise, pca(prepared))})
    metrics = (*LOCAL, "spearman", "stress", "knn_accuracy", "silhouette")
    assert {verdicts[name] for name in metrics} == {"worse"}


@pytest.fixture(scope="module")
def layouts():
    """Give UMAP layouts of 300 digits by eight seeds, test samples transformed."""
    prepared = prepare(digits(300), seed=0)
    found = []
    for seed in range(8):
        model = UMAP(n_epochs=100, random_state=seed)
        points = np.empty((300, 2), np.float32)
        points[prepared.is_train] = model.fit_transform(prepared.X[prepared.is_train])
        points[~prepared.is_train] = model.transform(prepared.X[~prepared.is_train])
        found.append(points)
    return prepared, found


@pytest.mark.slow
@pytest.mark.parametrize("split", ["test", "train"])
def test_two_runs_of_one_method_show_no_difference(layouts, split):
    """Each run alone, and three seeds against three others: one in twenty may by chance."""
    prepared, found = layouts
    verdicts = []
    for runs in ({0: (found[0], found[1])}, {s: (found[s], found[s + 3]) for s in range(3)}):
        verdicts += estimates(prepared, runs, split).values()
    assert len(verdicts) >= 14
    # Layouts differ between processors, so that chance does, too.
    assert sum(one not in ("none", "same") for one in verdicts) <= 0.1 * len(verdicts)


def test_runs_of_one_method_are_told_apart_as_rarely_as_promised(layouts):
    """One comparison in twenty may show something; fewer do, over many choices of seeds."""
    prepared, found = layouts
    cheap = [METRICS.get(name) for name in (*LOCAL, "spearman", "stress", "knn_accuracy")]
    measured = [measure(prepared, Space(one), seed=0, metrics=cheap) for one in found]
    rng = np.random.default_rng(0)
    p_values = []
    for _ in range(60):
        seeds = rng.permutation(len(found))[:6]
        methods = [OURS, THEIRS] * 3
        runs = [(one, True, *measured[i]) for one, i in zip(methods, seeds, strict=True)]
        compared = compare_with_pca(sides_of(runs), [(OURS, THEIRS)])
        p_values += [
            [row["p"] for row in compared if row["split"] == split] for split in ("test", "train")
        ]
    assert np.mean(np.array(p_values) < 0.05) < 0.05
    assert np.mean([min(corrected_p_values(of_metrics)) < 0.05 for of_metrics in p_values]) < 0.07


@pytest.mark.slow
def test_picture_of_noise_is_told_from_the_same_runs(layouts):
    prepared, found = layouts
    noise = np.random.default_rng(0).normal(size=(3, 300, 2))
    verdicts = estimates(prepared, {seed: (noise[seed], found[seed]) for seed in range(3)})
    assert {verdicts[name] for name in (*LOCAL, "knn_accuracy")} == {"worse"}
