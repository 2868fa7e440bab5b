"""Plant what is wrong with a picture, and see that the right metrics say so and no others.

The data are a plane, turned into ten dimensions: four clusters at unequal distances. PCA of
them is exact, and every embedding is compared with it as in a benchmark.
"""

from __future__ import annotations

import numpy as np
import pytest

from aeviz.benchmark._comparisons import compare_with_pca
from aeviz.benchmark._scores import Space, measure
from aeviz.benchmark._significance import corrected_p_values, estimate_difference
from aeviz.core.registry import METRICS
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import Prepared, prepare
from aeviz.embedding.pca import PCAEmbedding
from aeviz.embedding.umap import UMAP
from tests._runs import digits

N_A_CLUSTER = 60
CENTERS = np.array([[0.0, 0.0], [10.0, 0.0], [40.0, 5.0], [100.0, 30.0]])
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
    return points, Prepared(dataset, X, prepared.is_train, prepared.scaling, prepared.shown)


def pca(prepared):
    """Return the PCA picture, fitted to training samples."""
    return PCAEmbedding().fit(prepared.X[prepared.is_train]).transform(prepared.X)


def estimates(prepared, runs, split="test"):
    """Return verdicts and values by metric, of pairs (ours, theirs) by seed."""
    rows = []
    for seed, (ours, theirs) in runs.items():
        points = {"2": Space(np.asarray(theirs, np.float32))}
        _, found = measure(prepared, Space(np.asarray(ours, np.float32)), points, seed=0)
        name = {"dataset": "plane", "encoder": "ours", "code_size": 2, "embedding": "drawn"}
        name |= {"stage": "data-to-embedding", "baseline_code_size": 2, "seed": seed}
        rows += [{**name, **row} for row in found]
    compared = [row for row in compare_with_pca(rows) if row["split"] == split]
    return {row["metric"]: row["verdict"] for row in compared}


def test_pca_of_a_plane_is_perfect(plane):
    _, prepared = plane
    rows, _ = measure(prepared, Space(pca(prepared)), {}, seed=0)
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
    assert {verdicts[name] for name in (*LOCAL, "knn_accuracy")} == {"none"}


def test_torn_neighbourhood_is_missed_by_continuity_more_than_by_trustworthiness(plane):
    """Half of a cluster goes far away: its neighbours are missed, hardly any are false."""
    points, prepared = plane
    torn = points.copy()
    is_half = (prepared.dataset.y == 2) & (points[:, 0] > CENTERS[2, 0])
    torn[is_half] += [0.0, 200.0]
    verdicts = estimates(prepared, {None: (torn, pca(prepared))}, "train")
    assert {verdicts[name] for name in ("continuity", "neighbor_recall", "stress")} == {"worse"}
    assert verdicts["knn_accuracy"] == "none"
    rows, _ = measure(prepared, Space(torn.astype(np.float32)), {}, seed=0)
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
    """Each run alone, and three seeds against three others."""
    prepared, found = layouts
    for runs in ({0: (found[0], found[1])}, {s: (found[s], found[s + 3]) for s in range(3)}):
        verdicts = estimates(prepared, runs, split)
        assert len(verdicts) >= 7
        assert set(verdicts.values()) == {"none"}


def test_runs_of_one_method_are_told_apart_as_rarely_as_promised(layouts):
    """One comparison in twenty may show something; fewer do, over many choices of seeds."""
    prepared, found = layouts
    cheap = [METRICS.get(name) for name in (*LOCAL, "spearman", "stress", "knn_accuracy")]
    differences = {}
    for i, points in enumerate(found):
        others = {str(j): Space(other) for j, other in enumerate(found) if j != i}
        for row in measure(prepared, Space(points), others, seed=0, metrics=cheap)[1]:
            key = (i, int(row["baseline"]), row["split"], row["metric"])
            differences[key] = row["value"], (row["high"] - row["low"]) / 3.92
    rng = np.random.default_rng(0)
    metrics = sorted({key[3] for key in differences})
    p_values = []
    for _ in range(60):
        seeds = rng.permutation(len(found))[:6]
        pairs = list(zip(seeds[:3], seeds[3:], strict=True))
        for split in ("test", "train"):
            of_metrics = []
            for metric in metrics:
                runs = [differences[i, j, split, metric] for i, j in pairs]
                of_metrics.append(estimate_difference(*zip(*runs, strict=True), is_random=True).p)
            p_values.append(of_metrics)
    assert np.mean(np.array(p_values) < 0.05) < 0.05
    assert np.mean([min(corrected_p_values(of_metrics)) < 0.05 for of_metrics in p_values]) < 0.05


@pytest.mark.slow
def test_picture_of_noise_is_told_from_the_same_runs(layouts):
    prepared, found = layouts
    noise = np.random.default_rng(0).normal(size=(3, 300, 2))
    verdicts = estimates(prepared, {seed: (noise[seed], found[seed]) for seed in range(3)})
    assert {verdicts[name] for name in (*LOCAL, "knn_accuracy")} == {"worse"}
