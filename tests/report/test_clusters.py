"""Test what the page and the terminal say of clusters, and how samples are coloured by them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from aeviz.core.wording import plural
from aeviz.page.content import Table
from aeviz.report._columns import MISSING
from aeviz.report._live_page import live_page
from aeviz.report.clusters import cluster_line, cluster_summary, overlapping
from aeviz.report.coloring import coloring_of, label_coloring
from aeviz.report.rendering import render_shared
from aeviz.report.sections.clusters import SECTION
from aeviz.runs.clusters import Cluster, Clusters
from aeviz.runs.page_samples import Browsable
from tests._runs import add_to, make_run, table
from tests.report._unpacking import unpacked

PAIRS = (("pca", "tsne"), ("identity", "pca"))


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """Give a run without labels on three groups, with a few samples far from all."""
    dataset = table(labels=None)
    dataset.X[:5] += 30 * np.random.default_rng(0).normal(size=(5, 9))
    return make_run(tmp_path_factory.mktemp("grouped") / "run", dataset, pairs=PAIRS)


@pytest.fixture(scope="module")
def heap(tmp_path_factory):
    """Give a run without labels and without groups."""
    X = np.random.default_rng(0).normal(size=(240, 9))
    dataset = table(labels=None, X=X)
    return make_run(tmp_path_factory.mktemp("heap") / "run", dataset, pairs=PAIRS)


def clusters_of(contact, names=("a", "b", "c"), stability=0.9):
    found = [Cluster(name, 10, stability, None, None, [], [0]) for name in names]
    return Clusters("residual", 30, found, contact, np.repeat([0, 1, 2], 10))


def test_section_has_a_row_a_cluster(grouped):
    content = SECTION.build(grouped)
    assert content.summary.startswith("There are 3 clusters in the code of PCA, which hold")
    (found,) = [one for one in content.blocks if isinstance(one, Table)]
    heads = [cell.text for cell in found.columns]
    assert heads == ["Cluster", "Samples", "Stability", "Telling features", "Example samples"]
    assert len(found.rows) == 3
    for row, one in zip(found.rows, grouped.clusters.found, strict=True):
        assert row[0].text == one.name
        assert row[1].text == str(one.size)
        assert row[2].word == "stable"
        assert row[3].text == "; ".join(one.features)
        assert row[4].text.split(", ")[0] == str(one.examples[0])
    n_none = int((grouped.clusters.labels < 0).sum())
    assert found.caption.endswith(f" {plural(n_none, 'sample')} in no cluster.")


def test_section_of_labelled_data_tells_purity(tmp_path):
    run = make_run(tmp_path / "run", table(), pairs=PAIRS)
    (found,) = [one for one in SECTION.build(run).blocks if isinstance(one, Table)]
    assert [cell.text for cell in found.columns][2] == "Label purity"
    assert sorted(row[0].text for row in found.rows) == ["class 0", "class 1", "class 2"]
    assert {row[2].text for row in found.rows} <= {
        f"{share}\N{NO-BREAK SPACE}%" for share in range(90, 101)
    }


def test_section_of_one_heap_says_so(heap):
    content = SECTION.build(heap)
    assert content.summary.startswith("There are no clear clusters in the code of PCA")
    assert not [one for one in content.blocks if isinstance(one, Table)]
    assert coloring_of(heap).kind == "none"
    assert "cluster" not in [one["key"] for one in live_page(heap).manifest["columns"]]


def test_clusters_that_are_not_stable_are_said_to_be_so():
    found = clusters_of(np.eye(3).tolist(), stability=0.4)
    assert "0 of them are stable" in cluster_summary(found)
    assert cluster_line(found) == "Clusters: 3 (0 stable): a; b; c."


def test_summary_tells_which_clusters_overlap():
    """Nine tenths of the neighbours of a are in a, 8 % in b and 2 % in c."""
    found = clusters_of([[0.9, 0.08, 0.02], [0.01, 0.99, 0.0], [0.0, 0.0, 1.0]])
    assert overlapping(found) == [("b", "a", 0.08)]
    assert cluster_summary(found) == (
        "There are 3 clusters in the code of the residual autoencoder, which hold "
        "100\N{NO-BREAK SPACE}% of the samples; all of them are stable, and these overlap: "
        "b and a."
    )


def test_terminal_names_the_first_clusters_in_one_line():
    assert cluster_line(clusters_of(np.eye(3).tolist())) == "Clusters: 3: a; b; c."
    many = clusters_of(np.eye(9).tolist(), names=["n" * 99] * 9)
    assert len(cluster_line(many)) < 300
    assert "9, the largest of which are: nn" in cluster_line(many)


def test_unlabelled_data_are_coloured_by_cluster_everywhere(grouped):
    coloring = coloring_of(grouped)
    assert coloring.are_clusters
    assert_array_equal(coloring.codes, grouped.clusters.labels)
    assert label_coloring(grouped).kind == "none"
    live = live_page(grouped)
    column = live.manifest["columns"][0]
    assert (column["key"], column["title"]) == ("cluster", "cluster")
    assert unpacked(live.blobs, column["names"]) == grouped.clusters.names
    labels = grouped.clusters.labels[Browsable.read(grouped.browse_path).rows]
    codes = unpacked(live.blobs, column["values"])
    assert_array_equal(codes, np.where(labels < 0, MISSING, labels))
    assert (labels < 0).any()


def test_labelled_data_keep_their_label_first(image_run):
    assert not coloring_of(image_run).are_clusters
    keys = [one["key"] for one in live_page(image_run).manifest["columns"]]
    assert keys[0] == "label"


def test_new_samples_are_in_no_cluster(tmp_path):
    everyone = table(260, labels=None)
    fitted = everyone.take(np.arange(240))
    run = make_run(tmp_path / "run", fitted, pairs=PAIRS)
    add_to(run, fitted, replace(everyone.take(np.arange(240, 260)), sample_ids=None), "later")
    live = live_page(run)
    codes = unpacked(live.blobs, live.manifest["columns"][0]["values"])
    assert len(codes) == 260
    assert_array_equal(codes[240:], MISSING)


def test_a_run_of_a_former_version_has_no_section(tmp_path):
    run = make_run(tmp_path / "run", table(labels=None), pairs=PAIRS, is_former=True)
    assert run.clusters is None
    assert SECTION.build(run) is None
    assert coloring_of(run).kind == "none"


def test_a_page_to_share_has_no_feature_and_no_sample_of_a_cluster(grouped):
    found = grouped.clusters.without_samples()
    assert found.names == ["cluster 1", "cluster 2", "cluster 3"]
    assert not any(one.features or one.examples for one in found.found)
    page = render_shared(grouped).read_text(encoding="utf-8")
    assert "cluster 2" in page
    assert not [name for name in grouped.data.feature_names if name in page]
