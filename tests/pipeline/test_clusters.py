"""Test the step that finds clusters: what it says of them, and when it is done again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from sklearn.metrics import adjusted_rand_score

from aeviz import load_dataset, run_report
from aeviz.core.progress import Silent
from aeviz.data.prepared import prepare
from aeviz.pipeline.clusters import clustered_kind, describe_clusters
from aeviz.pipeline.make_report import ReportSteps
from aeviz.pipeline.report_plan import ReportPlan
from aeviz.runs.clusters import Clusters
from aeviz.runs.run import Run
from aeviz.runs.steps import step_key
from aeviz.settings import Settings
from tests._listener import Listener
from tests._runs import digits, table

DEVICES = np.array(["web", "phone", "tablet"])


def people(n_samples=240):
    """Return a table of three planted groups, and the group of each row."""
    random = np.random.default_rng(0)
    group = np.arange(n_samples) % 3
    frame = pd.DataFrame(
        {
            "income": 30_000 + random.normal(size=n_samples) * 3_000 + 40_000 * (group == 0),
            "age": np.round(35 + random.normal(size=n_samples) * 4 + 30 * (group == 2), 1),
            "visits": random.normal(size=n_samples) + 8 * (group == 1),
            "device": DEVICES[group],
        }
    )
    return frame, group


def described(dataset):
    prepared = prepare(dataset, seed=0)
    return describe_clusters(prepared, prepared.X, kind="identity", seed=0)


def test_planted_features_name_the_clusters_of_unlabelled_data():
    frame, group = people()
    found = described(load_dataset(frame))
    assert adjusted_rand_score(group, found.labels) >= 0.9
    told = {DEVICES[group[one.examples[0]]]: one for one in found.found}
    assert "device = web" in told["web"].name
    assert "income high" in told["web"].name
    assert {"device = tablet", "age high"} <= set(told["tablet"].features)
    assert {"device = phone", "visits high"} <= set(told["phone"].features)
    assert all(one.is_stable and one.label is None for one in found.found)


def test_labels_name_clusters_with_their_purity():
    frame, group = people()
    labels = np.where(group == 0, "first", "other")
    labels[3] = "other"  # row 3 is of the first group
    found = described(load_dataset(frame.assign(kind=labels), label="kind"))
    by_name = {one.name: one for one in found.found}
    assert set(by_name) == {"first", "other (1)", "other (2)"}
    assert by_name["first"].purity == pytest.approx(79 / 80)
    assert by_name["other (1)"].purity == 1
    assert by_name["first"].features[0] in ("device = web", "income high")


def test_clusters_of_images_have_numbers_and_no_features():
    X = np.repeat(np.eye(3), 100, axis=0).repeat(12, axis=1)
    X = X * 200 + np.random.default_rng(0).uniform(0, 40, size=X.shape)
    found = described(digits(300, X=X.astype(np.uint8), y=None, image_shape=(6, 6, 1)))
    assert found.names == ["cluster 1", "cluster 2", "cluster 3"]
    assert not any(one.features for one in found.found)


def test_one_heap_has_none():
    X = np.random.default_rng(0).normal(size=(300, 6))
    found = described(table(300, n_features=6, labels=None, X=X))
    assert not found.found
    assert_array_equal(found.numbers, -1)


def test_clusters_are_read_as_they_were_written(tmp_path):
    found = described(load_dataset(people()[0]))
    found.write(tmp_path / "clusters")
    again = Clusters.read(tmp_path / "clusters")
    assert again.found == found.found
    assert again.contact == found.contact
    assert (again.encoder, again.n_clustered) == ("identity", 240)
    assert_array_equal(again.labels, found.labels)
    assert_array_equal(np.unique(again.numbers), [1, 2, 3])
    assert Clusters.read(tmp_path) is None


def plan_of(dataset, **settings):
    return ReportPlan(Settings(source="table", **settings).in_full(), dataset)


@pytest.mark.parametrize(
    ("encoder", "kind"),
    [(["pca", "deep"], "deep"), (["pca"], "pca"), (["identity"], "identity")],
)
def test_the_first_trained_code_is_clustered(encoder, kind):
    assert clustered_kind(plan_of(table(), encoder=encoder)) == kind


def key_of(dataset, tmp_path, **settings):
    """Return the key of the step, without anything being done."""
    prepared = prepare(dataset, seed=0)
    plan = plan_of(dataset, **{"encoder": ["pca"], **settings})
    step = ReportSteps(Run(tmp_path), plan, prepared, Silent()).steps()["cluster"]
    return step_key("cluster", step.depends_on)


def test_step_depends_on_the_code_and_the_names_alone(tmp_path):
    dataset = table()
    key = key_of(dataset, tmp_path)
    assert key_of(dataset, tmp_path, embedding=["tsne"]) == key
    assert key_of(dataset, tmp_path, title="another") == key
    assert key_of(dataset, tmp_path, code_size=3) != key
    assert key_of(dataset, tmp_path, seed=1) != key
    renamed = replace(dataset, feature_names=tuple("abcdefghi"))
    assert key_of(renamed, tmp_path) != key


@pytest.mark.slow
def test_a_run_keeps_its_clusters_and_finds_them_once(tmp_path):
    frame, group = people()
    frame.to_csv(tmp_path / "people.csv", index=False)
    settings = {"encoder": ["pca"], "seeds": 1, "out": tmp_path / "run"}
    run = run_report(tmp_path / "people.csv", embedding=["pca"], **settings)
    column = run.embeddings["cluster"]
    assert column.dtype.kind == "i"
    assert_array_equal(column, run.clusters.numbers)
    assert adjusted_rand_score(group, column) >= 0.9
    listener = Listener()
    run_report(tmp_path / "people.csv", embedding=["tsne"], progress=listener, **settings)
    assert "cluster" in listener.kept
    assert "tabulate" in listener.done
