"""Test that fast networks give nearly the fitted coordinates, and how nearly is measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aeviz.core.exceptions import AevizError
from aeviz.core.progress import Silent
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.runs.pair import Pair
from aeviz.sharding._fast_networks import (
    Agreement,
    agreement,
    fit_fast_networks,
    load_fast_networks,
    read_agreement,
    write_agreement,
)
from aeviz.sharding._shard_transformer import ShardTransformer
from aeviz.sharding._shards import find_shards
from tests._runs import digits, make_run


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"schema": 1, "pict', "not valid JSON"),
        ('{"schema": 2}', "later version"),
        ("[]", "damaged"),
    ],
)
def test_damaged_and_later_ones_are_told(content, told, tmp_path):
    (tmp_path / "heads.json").write_text(content)
    with pytest.raises(AevizError, match=rf"heads\.json .*{told}.*give the same command again"):
        load_fast_networks(tmp_path)


def test_agreement_worked_by_hand():
    """Twelve points on a line from 0 to 11; the ten nearest of 0 are 0 to 9, of 11 are 2 to 11.

    Their spread is the root of (12² - 1) / 12. The first sample is put where it lies; the second,
    which lies at 0, is put at 11, among the second class.
    """
    others = np.stack([np.arange(12.0), np.zeros(12)], axis=1)
    fitted = np.array([[0.0, 0.0], [0.0, 0.0]])
    points = np.array([[0.0, 0.0], [11.0, 0.0]])
    other_labels = np.array(["a"] * 6 + ["b"] * 6)
    labels = np.array(["a", "a"])
    found = agreement(points, fitted, others, labels=labels, other_labels=other_labels)
    spread = np.sqrt(143 / 12)
    assert found.n_test == 2
    assert found.median_distance == pytest.approx(5.5 / spread)
    assert found.p95_distance == pytest.approx(0.95 * 11 / spread)
    assert found.neighbor_overlap == pytest.approx((1.0 + 0.8) / 2)
    assert found.knn_accuracy == 0.5
    assert found.knn_accuracy_fitted == 1.0


def test_without_classes_there_is_no_accuracy():
    points = np.random.default_rng(0).normal(size=(30, 2))
    found = agreement(points[:9], points[:9], points, labels=None, other_labels=None)
    assert found.knn_accuracy is None
    assert "knn_accuracy" not in found.to_json()


def test_numbers_of_the_first_version_are_read():
    content = {"n_held_out": 9, "median_distance": 0.1, "p95_distance": 0.2}
    found = Agreement.from_json({**content, "neighbor_overlap": 0.5, "n_units": 70})
    assert (found.n_test, found.n_units, found.knn_accuracy) == (9, 70, None)
    assert Agreement.from_json(found.to_json()) == found


@pytest.fixture(scope="module")
def networks(images, tmp_path_factory):
    """Return the folder of the networks of the run of digits, and their agreement."""
    folder = tmp_path_factory.mktemp("heads") / "heads"
    return folder, fit_fast_networks(OutOfSampleTransformer(images.run), None, folder, Silent())


@pytest.mark.slow
def test_only_embeddings_that_search_neighbors_get_a_network(networks):
    folder, found = networks
    assert set(found) == {"pca_tsne"}
    assert {path.name for path in folder.iterdir()} == {"pca_tsne.keras", "heads.json"}
    assert read_agreement(folder / "heads.json") == found


@pytest.mark.slow
def test_a_network_gives_nearly_the_fitted_coordinates(images, networks):
    """Of 300 digits 30 are test samples; by chance the distance is 1.4 and the overlap 4 %."""
    found = networks[1]["pca_tsne"]
    assert found.n_test == 30
    assert found.median_distance < 0.2
    assert found.neighbor_overlap > 0.5
    assert found.knn_accuracy > found.knn_accuracy_fitted - 0.15
    network = load_fast_networks(networks[0])["pca_tsne"]
    gaps = network(np.array(images.run.code("pca"))) - images.run.points(Pair("pca", "tsne"))
    spread = images.run.points(Pair("pca", "tsne")).std(axis=0).mean()
    assert np.median(np.abs(gaps)) < 0.1 * spread


@pytest.mark.slow
def test_coordinates_by_a_network_do_not_depend_on_other_samples(
    images, networks, shards, job, tmp_path
):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "heads").symlink_to(networks[0])
    tables = []
    for rows_per_block in (None, 31, 1):
        transformer = ShardTransformer(job(images.run, fast=True), rows_per_block=rows_per_block)
        transformer.transform(find_shards(shards)[0], lambda _: None)
        tables.append(pd.read_parquet(tmp_path / "out" / "places" / "part-0.parquet"))
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0], check_exact=True)


@pytest.mark.slow
def test_a_damaged_network_is_reported(networks, tmp_path):
    write_agreement(tmp_path / "heads.json", {"pca_tsne": Agreement(10, 0.1, 0.2, 0.9)})
    (tmp_path / "pca_tsne.keras").write_bytes(b"no model")
    with pytest.raises(AevizError, match=r"pca_tsne.keras is not a network that aeviz saved"):
        load_fast_networks(tmp_path)
    (tmp_path / "heads.json").write_text('{"schema": 1, "pictures": {"pca_tsne": {}}}')
    with pytest.raises(AevizError, match=r"heads\.json is damaged: .*n_test.*; delete"):
        load_fast_networks(tmp_path)


def test_too_few_samples_are_reported(tmp_path):
    run = make_run(tmp_path / "run", digits(60), pairs=(("pca", "tsne"),))
    folder = run.embedding_path(Pair("pca", "tsne"))
    folder.mkdir(parents=True)
    np.save(folder / "points.npy", np.zeros((60, 2)))
    with pytest.raises(AevizError, match=r"^fast needs a run of at least 100 samples .* has 60"):
        fit_fast_networks(OutOfSampleTransformer(run), None, tmp_path / "heads", Silent())
    assert not (tmp_path / "heads").exists()
