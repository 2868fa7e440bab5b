"""Test what is said of batches: numbers, warnings, and the section."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz.report._live_page import live_page
from aeviz.report.batches import Batches
from aeviz.report.sections.batches import SECTION
from tests._runs import make_run, table

PAIRS = [("pca", "tsne"), ("identity", "pca")]


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    """Give a run whose batches are its classes, which lie far apart, but for one sample."""
    batch = np.array(["A", "B", "C"], dtype=object)[np.arange(240) % 3]
    batch[5] = None
    return make_run(tmp_path_factory.mktemp("apart") / "run", table(batch=batch), pairs=PAIRS)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Give a run whose batches were dealt at random."""
    batch = np.array(["A", "B"])[np.random.default_rng(1).integers(2, size=240)].astype(object)
    return make_run(tmp_path_factory.mktemp("mixed") / "run", table(batch=batch), pairs=PAIRS)


def test_batches_that_lie_apart_are_warned_of_with_the_numbers(apart):
    found = Batches.of(apart)
    # 80, 80 and 79 samples: 1 - (2 * 80 * 79 + 79 * 78) / (239 * 238) = 1 - 18802 / 56882.
    assert found.chance == pytest.approx(1 - 18802 / 56882, rel=1e-12)
    assert found.n_missing == 1
    assert found.k == 10
    assert [one.name for one in found.spaces] == [
        "original data",
        "PCA → t-SNE",
        "PCA to 2 dimensions",
    ]
    first, second = found.warnings()
    assert first.startswith("The batches (batch) do not mix: of a sample's 10 nearest neighbours,")
    assert "in the data" in first
    assert first.endswith("are of other batches; random mixing would give 67\xa0%.")
    # Batches are the classes.
    assert found.association == pytest.approx(1, abs=0.01)
    assert second.startswith("Batches and labels go together (Cramér's V 1.00;")
    assert "biology" in second


def test_batches_that_mix_are_no_matter(mixed):
    found = Batches.of(mixed)
    assert found.warnings() == []
    assert all(one.low < 1 < one.high for one in found.spaces[:1])
    assert found.association == pytest.approx(0, abs=0.1)
    (text, *_) = SECTION.build(mixed).blocks
    assert text.paragraphs[0].startswith("The batches (batch) mix in the data and in every map:")


def test_section_has_a_row_a_space_and_maps_coloured_by_batch(apart):
    content = SECTION.build(apart)
    scores = content.blocks[2]
    assert [row[0].text for row in scores.rows] == [
        "Original data",
        "PCA → t-SNE",
        "PCA to 2 dimensions",
    ]
    assert {row[2].word for row in scores.rows} == {"not mixed"}
    names = {figure.name for figure in content.figures()}
    assert names == {"batches_pca_tsne", "batches_identity_pca"}
    assert all("coloured by 3 batches" in figure.alt for figure in content.figures())


def test_page_offers_the_batches_to_colour_by(apart):
    columns = live_page(apart).manifest["columns"]
    (column,) = [one for one in columns if one["key"] == "batch"]
    assert (column["kind"], column["title"]) == ("classes", "batch")


def test_runs_without_batches_say_nothing_of_them(tmp_path):
    run = make_run(tmp_path / "run", table(), pairs=PAIRS)
    assert Batches.of(run) is None
    assert SECTION.build(run) is None
    assert "batch_mixing" not in set(run.scores["metric"])


def test_batches_without_labels_have_their_value_in_the_data_too(tmp_path):
    batch = np.array(["A", "B"], dtype=object)[np.arange(240) // 120]
    run = make_run(tmp_path / "run", table(labels=None, batch=batch), pairs=PAIRS)
    found = Batches.of(run)
    assert found.association is None
    assert found.spaces[0].name == "original data"
    maps = run.scores[(run.scores["metric"] == "batch_mixing") & run.scores["embedding"].notna()]
    of_data = found.spaces[0].value
    assert maps.loc[maps["stage"] == "data-to-embedding", "baseline"].tolist() == [of_data] * 2
